// What fits is shown beside a conversation while it is typed. Whoever writes is never interrupted:
// only the newest answer is shown, nothing moves that has the focus or is under the hand, and what
// cannot be looked up leaves what is there. Without scripts a button does the same.
import { addByKey, useKeys } from "./chip-keys.js";

const PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 4000;
const LONGEST_WAIT_MS = 2500; // while somebody types without a pause
const SLOW_MS = 3000;
const GIVE_UP_MS = 10_000;
const SAY_MS = 1200;
const TEXTS = ["what_matters", "notes", "strengths"];
const SENT = new Set([...TEXTS, "needs", "yes", "no", "talk", "words"]);
const FOLLOWS = Node.DOCUMENT_POSITION_FOLLOWING;

const form = document.querySelector("form[data-drafts]");
const whole = form?.querySelector("[data-live]");

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function show(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

const wordsIn = (chip) => chip.querySelector("[data-words]").textContent;
const isAnswered = (chip) => Boolean(chip.querySelector("input:checked"));

class Live {
  constructor() {
    this.note = whole.querySelector("[data-note]");
    this.needs = whole.querySelector("[data-needs]");
    this.fits = whole.querySelector("[data-fits]");
    this.atHand = this.needs.querySelector("[data-at-hand]");
    this.others = [...this.needs.querySelectorAll(".needs")].at(-1);
    this.add = this.needs.querySelector("[data-add]");
    this.pause = PAUSE_MS;
    this.todo = {};
    form.addEventListener("input", (event) => this.typed(event));
    form.addEventListener("submit", () => clearTimeout(this.timer));
    addEventListener("online", () => this.isOld && this.ask());
    this.watchTheHand();
    const restored = TEXTS.some((name) => form.elements[name].value !== form.elements[name].defaultValue);
    this.answered = restored ? "" : this.body();
    if (restored) this.ask();
  }

  body(adding = false) {
    const sent = [...new FormData(form)].filter(([name]) => SENT.has(name) || name.startsWith("weight_"));
    return new URLSearchParams(adding ? [...sent, ["adding", "yes"]] : sent).toString();
  }

  // A text waits for a pause, longer where answers are slow; an answer to a chip does not.
  typed({ target }) {
    if (!SENT.has(target.name)) return;
    if (target.matches("[data-yes]:checked")) this.untick(target, "[data-no]");
    if (target.matches("[data-no]:checked")) this.untick(target, "[data-yes]");
    const isText = TEXTS.includes(target.name) || target === this.add;
    this.since ??= Date.now();
    const left = LONGEST_WAIT_MS - (Date.now() - this.since);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), isText ? Math.max(0, Math.min(this.pause, left)) : 0);
  }

  untick(input, other) {
    const tick = input.closest("[data-chip]").querySelector(other);
    if (tick) tick.checked = false;
  }

  async ask(adding = false) {
    clearTimeout(this.timer);
    this.since = undefined;
    const body = this.body(adding);
    if (body === this.answered) {
      this.asked?.abort(); // what is on its way is of a text that is no more
      this.asked = undefined;
      return;
    }
    this.asked?.abort();
    const asked = (this.asked = new AbortController());
    const began = performance.now();
    const slow = setTimeout(() => this.asked === asked && this.old(true), SLOW_MS);
    const late = setTimeout(() => asked.abort(), GIVE_UP_MS);
    try {
      const told = await this.fetch(body, asked.signal);
      if (this.asked !== asked) return;
      this.asked = undefined;
      this.answered = adding ? "" : body;
      this.took(told, adding);
    } catch {
      if (this.asked === asked) this.failed();
    } finally {
      clearTimeout(slow);
      clearTimeout(late);
      const spent = 2 * (performance.now() - began);
      const least = asked.signal.aborted ? this.pause : PAUSE_MS;
      this.pause = Math.min(LONGEST_PAUSE_MS, Math.max(least, spent));
    }
  }

  async fetch(body, signal) {
    const token = document.querySelector("meta[name=csrf-token]").content;
    const answer = await fetch(whole.dataset.live, {
      method: "POST",
      redirect: "manual",
      signal,
      headers: { "X-CSRFToken": token },
      body: new URLSearchParams(`${body}&mark=${encodeURIComponent(whole.dataset.mark)}`),
    });
    const json = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (!answer.ok || !json) throw new Error(String(answer.status));
    return answer.json();
  }

  failed() {
    this.asked = undefined;
    this.old(true);
  }

  old(is) {
    this.isOld = is;
    const mark = this.fits?.querySelector("[data-fits-old]");
    if (mark) mark.hidden = !is;
  }

  // What somebody asked to be added is shown at once: they wait for it.
  took(told, added) {
    document.dispatchEvent(new Event("linkwork:active"));
    whole.dataset.mark = told.mark;
    form.dispatchEvent(new CustomEvent("linkwork:heard", { detail: { crisis: told.crisis, live: true } }));
    this.old(false);
    if (added) this.takeWords(told.unknown);
    this.todo = { chips: told.chips, list: told };
    if (added) this.showChips();
    this.settle();
  }

  takeWords(unknown) {
    show(this.needs.querySelector("[data-unknown]"), unknown);
    if (!unknown) this.add.value = "";
    form.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is kept
  }

  settle() {
    if (this.todo.chips && !this.isIn(this.needs) && !this.isBehind(this.needs)) this.showChips();
    if (this.todo.list && !this.isIn(this.fits)) this.showList();
  }

  // The hands are where the focus is, and where somebody points.
  hands() {
    return [document.activeElement, this.pointed].filter((at) => at?.isConnected);
  }

  isIn(place) {
    return this.hands().some((at) => place?.contains(at));
  }

  isBehind(place) {
    return this.hands().some((at) => place.compareDocumentPosition(at) & FOLLOWS);
  }

  // A pointer that rests while somebody types is not at work.
  watchTheHand() {
    const at = (target) => {
      this.pointed = target;
      this.settle();
    };
    document.addEventListener("pointermove", (event) => at(event.target));
    document.addEventListener("pointerdown", (event) => at(event.target));
    document.addEventListener("pointerup", (event) => event.pointerType === "touch" && at(null));
    document.documentElement.addEventListener("pointerleave", () => at(null));
    document.addEventListener("keydown", () => at(null));
    document.addEventListener("focusin", () => this.settle());
    document.addEventListener("focusout", () => setTimeout(() => this.settle()));
  }

  showChips() {
    const rows = new Map(this.todo.chips);
    this.todo.chips = undefined;
    for (const chip of [...this.atHand.children]) {
      if (!rows.has(chip.dataset.chip) && !isAnswered(chip)) this.putAway(chip);
    }
    for (const [concept, html] of rows) this.bringToHand(concept, parsed(html));
  }

  putAway(chip) {
    chip.querySelector(".toggle--no")?.remove();
    show(chip.querySelector("[data-words]"), "");
    if (chip.dataset.need) this.others.append(chip);
    else chip.remove();
  }

  bringToHand(concept, fresh) {
    const there = this.needs.querySelector(`[data-chip="${CSS.escape(concept)}"]`);
    if (there?.parentElement !== this.atHand) {
      there?.remove();
      this.atHand.append(fresh);
    } else if (wordsIn(there) !== wordsIn(fresh) && !isAnswered(there)) {
      there.replaceWith(fresh);
    }
  }

  showList() {
    const told = this.todo.list;
    if (this.fits && !this.replaceList(parsed(told.list))) return;
    this.todo.list = undefined;
    if (!this.fits) return;
    show(this.fits.querySelector("[data-fits-line]"), told.line);
    clearTimeout(this.saying);
    this.saying = setTimeout(() => show(whole.querySelector("[data-fits-said]"), told.said), SAY_MS);
  }

  // Whether the list is what it should be now; not while it would move what the hands are on.
  replaceList(fresh) {
    const list = this.fits.querySelector("[data-fits-list]");
    const shown = list.firstElementChild;
    if (shown.isEqualNode(fresh)) return true;
    const before = list.offsetHeight;
    list.replaceChildren(fresh);
    if (list.offsetHeight === before || !this.isBehind(this.fits)) return true;
    list.replaceChildren(shown);
    return false;
  }
}

// On a narrow screen what fits is one line under the note, and what was heard comes after it.
function placeBeside(live) {
  const narrow = matchMedia("(max-width: 55.99em)");
  const place = () => {
    const parts = [live.fits, live.needs].filter(Boolean);
    if (narrow.matches) live.note.after(...parts);
    else whole.querySelector("[data-beside]").prepend(...parts);
  };
  narrow.addEventListener("change", place);
  if (narrow.matches) place();
}

if (whole) {
  const live = new Live();
  placeBeside(live);
  useKeys(form, live);
  addByKey(live);
}

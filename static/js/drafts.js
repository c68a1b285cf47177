// Nothing typed is lost. A form with data-drafts is kept on the server a moment after somebody
// types, and on the device, locked (vault.js), while the network or the session is away. What the
// device holds is sent as soon as there is somebody to send it to: on any page, after signing in.
// Nothing is sent unless somebody typed, so that an idle session still ends.
import { vault } from "./vault.js";

const PAUSE = 1500;
const LONGEST_WAIT = 5000;
// Whether the device holds something of this user’s: a mark, so that most pages need not look.
const unsent = `linkwork-unsent-${document.body.dataset.user ?? ""}`;
const WORDS = ["what_matters", "notes", "strengths", "next_action", "safety_action"];
const NOT_TYPED = new Set(["csrf_token", "once", "draft", "draft_version", "resume"]);
const token = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";
const newKey = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("-");

// What no later try will change: the case is not one of this user’s any more.
const FOR_GOOD = new Set(["404", "410"]);

class Refused extends Error {}

// Send one draft. Fails with Refused where the server said no, else where it could not be asked.
async function send(address, content, leaving = false) {
  const answer = await fetch(address, {
    method: "POST",
    redirect: "manual",
    keepalive: leaving,
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(content),
  });
  const json = answer.headers.get("Content-Type")?.startsWith("application/json");
  if (json && !answer.ok) throw new Refused((await answer.json()).error);
  if (!json) throw new Error(answer.status === 401 ? "signed out" : String(answer.status));
  return answer.json();
}

const nameOf = (address, key) => `draft${new URL(address, location).pathname}/${key}`;

async function keepHere(address, content) {
  if (!(await vault.open())) return false;
  const row = { address, content, at: new Date().toISOString() };
  await vault.put(nameOf(address, content.draft), row);
  localStorage.setItem(unsent, "yes");
  return true;
}

async function forgetHere(address, key) {
  if (localStorage.getItem(unsent) && (await vault.open())) await vault.remove(nameOf(address, key));
}

// Send what the device holds; of each that was taken: its address, what it held, what was answered.
export async function sendKept() {
  if (!localStorage.getItem(unsent) || !(await vault.open())) return [];
  const sent = [];
  let left = 0;
  for (const name of await vault.list("draft/")) {
    const row = await vault.get(name);
    try {
      if (row && !row.refused) {
        const answer = await send(row.address, row.content);
        if (!answer.saved) sent.push({ address: row.address, content: row.content, answer });
      }
      if (row?.refused) left += 1;
      else await vault.remove(name);
    } catch (error) {
      if (FOR_GOOD.has(error.message)) await vault.put(name, { ...row, refused: true });
      left += 1;
    }
  }
  if (!left) localStorage.removeItem(unsent);
  return sent;
}

// What was refused for good is not sent again: its writer is told, reads it, and takes it off.
async function showRefused() {
  if (!localStorage.getItem(unsent) || !(await vault.open())) return;
  for (const name of await vault.list("draft/")) {
    const row = await vault.get(name);
    if (row?.refused) document.querySelector("main").prepend(refusedNotice(name, row));
  }
}

function refusedNotice(name, { content, at }) {
  const make = (tag, how, ...inside) => {
    const made = Object.assign(document.createElement(tag), how);
    made.append(...inside);
    return made;
  };
  const day = new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  const says = make("p", {}, `A note you wrote on ${day} is still on this device. It cannot be sent, because its case is not open to you any more. Copy what is needed, then take it off.`);
  const words = WORDS.flatMap((field) => content.fields[field] ?? []).filter(Boolean).join("\n");
  const text = make("blockquote", { className: "pre-line" }, words);
  text.dataset.typed = "";
  const off = make("button", { type: "button", className: "button button--secondary" }, "Take it off this device");
  const body = make("div", { className: "details__body" }, text, off);
  const folded = make("details", { className: "details" }, make("summary", {}, "Read it"), body);
  const notice = make("div", { className: "notice" }, says, folded);
  notice.setAttribute("role", "status");
  off.addEventListener("click", async () => {
    if (!(await vault.open())) return;
    await vault.remove(name);
    notice.remove();
  });
  return notice;
}

class Keeper {
  constructor(form) {
    this.form = form;
    this.address = form.dataset.drafts;
    this.changed = false;
    this.busy = null;
    this.kind = "";
    this.before = document.querySelector("[data-drafts-notices]");
    form.addEventListener("input", () => this.typed());
    form.addEventListener("submit", (event) => !event.defaultPrevented && this.submitted());
    document.addEventListener("visibilitychange", () => document.hidden && this.save(true));
    addEventListener("pagehide", () => this.save(true));
    addEventListener("online", () => this.kind === "here" && this.save(false, true));
    addEventListener("pageshow", () => (this.sending = false));
  }

  typed() {
    this.changed = true;
    this.touched = true;
    delete this.form.dataset.saved;
    this.since ??= Date.now();
    clearTimeout(this.timer);
    const left = LONGEST_WAIT - (Date.now() - this.since);
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(PAUSE, left)));
  }

  content() {
    const fields = {};
    for (const [name, value] of new FormData(this.form)) {
      if (!NOT_TYPED.has(name) && typeof value === "string") (fields[name] ??= []).push(value);
    }
    const version = Number(this.form.elements.draft_version.value) || null;
    return { draft: this.form.elements.draft.value, version, fields };
  }

  // The note itself is on its way: the device keeps a copy until the server has it. The server
  // knows a copy of what it has saved, and drops it.
  submitted() {
    clearTimeout(this.timer);
    this.sending = true;
    if (this.touched) keepHere(this.address, this.content()).catch(() => {});
  }

  async save(leaving = false, again = false) {
    if (this.sending || (!this.changed && !again)) return;
    if (this.busy && !leaving) return this.busy.finally(() => this.save());
    clearTimeout(this.timer);
    this.changed = false;
    this.since = undefined;
    this.busy = this.keep(this.content(), leaving);
    await this.busy;
    this.busy = null;
  }

  async keep(content, leaving) {
    try {
      this.took(await send(this.address, content, leaving), content);
      document.dispatchEvent(new Event("linkwork:active"));
      await forgetHere(this.address, content.draft);
    } catch (error) {
      if (error instanceof Refused) return this.say("refused", error.message);
      const kept = await keepHere(this.address, content).catch(() => false);
      const now = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      const when = error.message === "signed out" ? "when you sign in again" : "when the network is back";
      if (kept) this.say("here", `Saved on this device ${now}, will be sent ${when}`);
      else this.say("lost", "Not saved: there is no network. Keep this page open.");
    }
  }

  took(answer, content) {
    if (answer.saved) { // this page was saved, and somebody went back to it and writes on
      this.form.elements.draft.value = newKey();
      this.form.elements.draft_version.value = "";
      if (this.touched) this.typed();
      return;
    }
    if (answer.draft !== content.draft) this.showBeside(answer.beside);
    this.form.elements.draft.value = answer.draft;
    this.form.elements.draft_version.value = answer.version;
    this.say("there", `Saved ${answer.at}`);
    this.form.dispatchEvent(new CustomEvent("linkwork:heard", { detail: answer }));
  }

  // A copy of what this page holds was sent for it: it goes on from there.
  caughtUp({ address, content, answer }) {
    const { draft, draft_version: version } = this.form.elements;
    if (address !== this.address || content.draft !== draft.value) return false;
    const older = answer.draft === content.draft && Number(version.value) >= answer.version;
    if (!older) this.took(answer, content);
    return true;
  }

  // The time is shown each time and said once: what changes is said, not that nothing did.
  say(kind, words) {
    if (!this.changed && (kind === "here" || kind === "there")) this.form.dataset.saved = "yes";
    this.form.querySelector("[data-draft-status]").textContent = words;
    if (kind !== this.kind) this.form.querySelector("[data-draft-said]").textContent = words;
    this.kind = kind;
  }

  showBeside(others) {
    for (const other of others) {
      const notice = document.createElement("div");
      notice.className = "notice";
      notice.setAttribute("role", "alert");
      notice.append(`This was also changed in another window or on another device, at ${other.at}. Both texts are kept. `);
      const link = Object.assign(document.createElement("a"), { href: other.address, textContent: "Go on with that one instead" });
      const text = Object.assign(document.createElement("blockquote"), { textContent: other.text });
      text.dataset.typed = "";
      notice.append(link, text);
      this.before.append(notice);
    }
  }
}

async function begin() {
  const form = document.querySelector("form[data-drafts]");
  const keeper = form && new Keeper(form);
  await vault.open(); // while there is a network, for when there is none
  const sent = await sendKept();
  await showRefused();
  if (document.querySelector("[name=resume]")) return;
  // A page that a sent form came back as is never loaded again: that would send the form again.
  const back = keeper && "cameBack" in form.dataset;
  const others = back ? sent.filter((copy) => !keeper.caughtUp(copy)) : sent;
  if (back && others.length === sent.length && !keeper.changed) {
    keeper.touched = true; // whoever sent it had typed it, and no copy came of that
    await keeper.save(false, true);
  }
  if (!others.length) return;
  if (!back && keeper && !keeper.touched && sent.some(({ address }) => address === keeper.address)) {
    return location.reload();
  }
  const notice = Object.assign(document.createElement("p"), { className: "notice" });
  notice.setAttribute("role", "status");
  notice.textContent = "A note that was kept on this device has been sent. You find it with its case, not yet saved.";
  document.querySelector("main").prepend(notice);
}

begin();

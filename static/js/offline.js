// The page of visits without a network: what templates/visits/offline.html is filled with, and what
// its buttons do. What is typed goes into the locked store as it is typed.
import { vault } from "./vault.js";
import * as taken from "./taken-visits.js";

const one = (selector, within = document) => within.querySelector(selector);
const template = one("#visit").content;
const list = one("[data-visits]");
const QUIET_MS = 300;
const SOON_MS = 2000;
const TICK_MS = 15_000;
const SAID = {
  [taken.NO_NETWORK]: "There is no network. What you write is kept on this device.",
  [taken.SIGNED_OUT]: "You are not signed in. What you wrote is still here, locked: sign in to send it.",
};
let number = 0;
let updates = [];
let soon;

const clock = (moment) => new Date(moment).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });

function show(element, words) {
  element.textContent = words ?? "";
  element.hidden = !words;
}

function say(words) {
  one("[data-status]").textContent = words;
}

function fail(error) {
  if (error.message === "The store is locked.") return locked();
  const known = SAID[error.message];
  if (error.message === taken.NO_NETWORK) say(known);
  else show(one("[data-problem]"), known ?? "This device could not keep that. Write it down on paper too.");
  one("[data-sign-in]").hidden = error.message !== taken.SIGNED_OUT;
}

function facts(visit) {
  const rows = [
    ["Before a visit", visit.alert],
    ["Safe to contact", visit.safe_to_contact],
    ["Access needs", visit.access_needs],
    ["Interpreter", visit.language],
    ["Next step", visit.next_action === "Home visit" ? null : visit.next_action],
  ].filter(([, words]) => words);
  return rows.map(([key, words]) => {
    const row = document.createElement("div");
    const [term, fact] = [document.createElement("dt"), document.createElement("dd")];
    [term.textContent, fact.textContent] = [key, words];
    row.append(term, fact);
    return row;
  });
}

function label(card) {
  number += 1;
  for (const field of card.querySelectorAll("[data-field]")) {
    field.id += `-${number}`;
    one(".label", field.parentElement).htmlFor = field.id;
  }
}

function stands(note) {
  if (note.safe_at) return `Safe at ${clock(note.safe_at)}`;
  return note.started_at ? `Started at ${clock(note.started_at)}` : "Not started";
}

function answered(card, note) {
  const box = one("[data-answer]", card);
  box.hidden = !note.answer;
  if (!note.answer) return;
  const items = (note.answer.sentences ?? []).map((words) => {
    const item = document.createElement("li");
    item.className = "reasons__check";
    item.textContent = words;
    return item;
  });
  one("[data-sentences]", card).replaceChildren(...items);
  const beside = (note.answer.beside ?? []).map(({ at, text }) => {
    const other = document.createElement("div");
    other.className = "notice pre-line";
    other.dataset.typed = "";
    other.textContent = `Also in Linkwork, kept at ${at}. Both are kept; choose when you finish the note.\n${text}`;
    return other;
  });
  one("[data-beside]", card).replaceChildren(...beside);
  const finish = one("[data-finish]", card);
  finish.parentElement.hidden = !note.answer.address;
  if (note.answer.address) finish.href = note.answer.address;
}

function update(card, note, visit) {
  one("[data-stands]", card).textContent = stands(note);
  const alone = visit.lone_worker && !visit.companion && !note.fields.companion;
  one("[data-companion-field]", card).hidden = !visit.lone_worker || Boolean(visit.companion) || Boolean(note.started_at);
  one("[data-start]", card).hidden = Boolean(note.started_at);
  one("[data-start]", card).disabled = Boolean(alone);
  one("[data-safe]", card).hidden = !note.started_at || Boolean(note.safe_at);
  const kept = note.changed ? `Kept on this device at ${clock(note.changed)}, not sent yet` : "Sent to Linkwork";
  one("[data-kept]", card).textContent = note.changed || note.answer ? kept : "";
  answered(card, note);
}

// Whatever is pressed or typed is kept first and sent afterwards; the two never wait for each other.
async function keep(card, note, visit, { now = false } = {}) {
  note.changed = Date.now();
  try {
    await taken.write(note);
    update(card, note, visit);
    one("[data-send]").hidden = false;
    clearTimeout(soon);
    if (now) await send();
    else if (navigator.onLine) soon = setTimeout(send, SOON_MS);
  } catch (error) {
    fail(error);
  }
}

function listen(card, note, visit) {
  let waiting;
  const settle = () => {
    if (waiting) keep(card, note, visit);
    clearTimeout(waiting);
    waiting = undefined;
  };
  card.addEventListener("input", ({ target }) => {
    const name = target.dataset.field;
    if (!name) return;
    note.fields[name] = target.value;
    clearTimeout(waiting);
    waiting = setTimeout(settle, QUIET_MS);
  });
  card.addEventListener("change", settle);
  document.addEventListener("visibilitychange", settle); // the phone is put away, or the page left
  const press = (selector, moment) => one(selector, card).addEventListener("click", () => {
    note[moment] ??= new Date().toISOString();
    keep(card, note, visit, { now: true });
  });
  press("[data-start]", "started_at");
  press("[data-safe]", "safe_at");
}

async function drawn(visit, note) {
  const card = one("li", template.cloneNode(true));
  label(card);
  one("[data-at]", card).textContent = visit.at;
  one("[data-ask_for]", card).textContent = visit.ask_for ?? "";
  show(one("[data-place]", card), visit.place);
  const phone = one("[data-phone]", card);
  show(phone, visit.phone);
  if (visit.phone) phone.href = `tel:${visit.phone.replaceAll(" ", "")}`;
  one("[data-lone]", card).hidden = !visit.lone_worker;
  one("[data-with]", card).textContent = visit.companion ? `With ${visit.companion}` : "";
  one("[data-facts]", card).replaceChildren(...facts(visit));
  for (const field of card.querySelectorAll("[data-field]")) field.value = note.fields[field.dataset.field] ?? "";
  listen(card, note, visit);
  update(card, note, visit);
  updates.push(() => update(card, note, visit));
  return card;
}

async function draw() {
  const visits = await taken.visits();
  const written = await taken.notes();
  const here = new Set(visits.map(({ key }) => key));
  const pairs = await Promise.all(visits.map(async (visit) => [visit, await taken.note(visit)]));
  // A note outlives its visit: of the person, nothing is left but what was written.
  const left = written.filter(({ visit }) => !here.has(visit));
  pairs.push(...left.map((note) => [{ key: note.visit, at: note.at, ask_for: "A visit of an earlier day" }, note]));
  updates = [];
  list.replaceChildren(...await Promise.all(pairs.map(([visit, note]) => drawn(visit, note))));
  one("[data-empty]").hidden = pairs.length > 0;
  one("[data-remove]").hidden = visits.length === 0;
  one("[data-take]").hidden = !navigator.onLine;
  one("[data-take]").className = `button button--${visits.length ? "secondary" : "primary"} button--big`;
  one("[data-send]").hidden = !written.some(({ changed }) => changed);
}

function blank() {
  taken.forget();
  updates = [];
  list.replaceChildren();
  one("[data-empty]").hidden = false;
  for (const name of ["remove", "send"]) one(`[data-${name}]`).hidden = true;
}

async function send() {
  try {
    if (await taken.send()) {
      say(`Sent at ${clock(Date.now())}.`);
      show(one("[data-problem]"), "");
      one("[data-sign-in]").hidden = true;
    }
  } catch (error) {
    fail(error);
  }
  // While somebody types, nothing is drawn anew under their hands.
  for (const again of updates) again();
  one("[data-send]").hidden = !(await taken.notes()).some(({ changed }) => changed);
}

function locked() {
  blank();
  say("This device was locked, because somebody signed out.");
  one("[data-sign-in]").hidden = false;
}

async function tick() {
  if (!updates.length) return;
  try {
    if (navigator.onLine) await send();
    if (!list.contains(document.activeElement) || (await taken.isOver())) await draw();
  } catch {
    locked();
  }
}

async function begin() {
  const open = await vault.open();
  if (!open) {
    blank();
    say(`This device is locked. ${navigator.onLine ? "Sign" : "When there is a network, sign"} in: what you wrote is still here.`);
    one("[data-sign-in]").hidden = !navigator.onLine;
    return;
  }
  say(navigator.onLine ? "You can work here with and without a network." : SAID[taken.NO_NETWORK]);
  await draw();
  await send();
}

function act(selector, what) {
  one(selector).addEventListener("click", async () => {
    show(one("[data-problem]"), "");
    try {
      await what();
    } catch (error) {
      fail(error);
    }
  });
}

act("[data-take]", async () => {
  await taken.take();
  await draw();
  say(`Today’s visits are on this device, taken at ${clock(Date.now())}.`);
});
act("[data-send]", send);
act("[data-remove]", async () => {
  await taken.remove();
  await draw();
  say("The visits are off this device.");
});

if (globalThis.crypto?.subtle && globalThis.indexedDB && "serviceWorker" in navigator) {
  one("[data-works]").hidden = false;
  navigator.serviceWorker.register("/visits/sw.js", { scope: "/visits/", updateViaCache: "none" }).catch(() => {
    say("This browser cannot open this page without a network. Keep it open while you are out.");
  });
  addEventListener("online", send);
  addEventListener("offline", () => say(SAID[taken.NO_NETWORK]));
  addEventListener("pageshow", ({ persisted }) => persisted && begin());
  // Somebody signed out in another window: nothing may stay on the screen either.
  if (globalThis.BroadcastChannel) new BroadcastChannel("linkwork-vault").onmessage = locked;
  setInterval(tick, TICK_MS);
  // In one window only, so that no window writes over what another wrote.
  navigator.locks.request("linkwork-offline", { ifAvailable: true }, (mine) => {
    if (!mine) {
      one("[data-take]").hidden = true;
      return say("This page is open in another window. Go on there.");
    }
    return begin().catch(fail).then(() => new Promise(() => {}));
  });
} else {
  one("[data-cannot]").hidden = false;
}

// The page of visits without a network: what templates/visits/offline.html is filled with, and what
// its buttons do. What is typed goes into the locked store as it is typed.
import { vault } from "./vault.js";
import * as taken from "./taken-visits.js";
import { clock, filled, one, show, update } from "./visit-card.js";

const list = one("[data-visits]");
const QUIET_MS = 300;
const SOON_MS = 2000;
const TICK_MS = 15_000;
const ASK_MS = 60_000;
const WORKS = "You can work here with and without a network.";
const SAID = {
  [taken.NO_NETWORK]: "There is no network. What you write is kept on this device.",
  [taken.SIGNED_OUT]: "You are not signed in. What you wrote is still here, locked: sign in to send it.",
};
let cards = [];
let soon;
let closed = false;
let asked = 0;

function say(words) {
  one("[data-status]").textContent = words;
}

function fail(error) {
  if (error.message === "The store is locked.") return close(isLocked());
  if (error.message === taken.SIGNED_OUT) return close(SAID[error.message]);
  if (error.message === taken.NO_NETWORK) say(SAID[error.message]);
  else show(one("[data-problem]"), "This device could not keep that. Write it down on paper too.");
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
    const typed = waiting;
    clearTimeout(waiting);
    waiting = undefined;
    return typed && keep(card, note, visit);
  };
  card.addEventListener("input", ({ target }) => {
    const name = target.dataset.field;
    if (!name) return;
    note.fields[name] = target.value;
    clearTimeout(waiting);
    waiting = setTimeout(settle, QUIET_MS);
  });
  card.addEventListener("change", settle);
  const press = (selector, moment) => one(selector, card).addEventListener("click", () => {
    note[moment] ??= new Date().toISOString();
    keep(card, note, visit, { now: true });
  });
  press("[data-start]", "started_at");
  press("[data-safe]", "safe_at");
  return settle;
}

// What was typed a moment ago is sealed now.
const settled = () => Promise.all(cards.map(({ settle }) => settle()));

function drawn(visit, note) {
  const card = filled(visit, note);
  return { card, settle: listen(card, note, visit), again: () => update(card, note, visit) };
}

async function draw() {
  await settled();
  const visits = await taken.visits();
  const written = await taken.notes();
  const here = new Set(visits.map(({ key }) => key));
  const pairs = await Promise.all(visits.map(async (visit) => [visit, await taken.note(visit)]));
  // A note outlives its visit: of the person, nothing is left but what was written.
  const left = written.filter(({ visit }) => !here.has(visit));
  pairs.push(...left.map((note) => [{ key: note.visit, at: note.at, ask_for: "A visit of an earlier day" }, note]));
  if (closed) return; // meanwhile
  cards = pairs.map(([visit, note]) => drawn(visit, note));
  list.replaceChildren(...cards.map(({ card }) => card));
  list.hidden = false;
  one("[data-empty]").hidden = pairs.length > 0;
  one("[data-remove]").hidden = !visits.length && !written.some(({ gone }) => gone);
  one("[data-take]").hidden = !navigator.onLine;
  one("[data-take]").className = `button button--${visits.length ? "secondary" : "primary"} button--big`;
  one("[data-send]").hidden = !written.some(taken.waits);
}

function blank() {
  clearTimeout(soon);
  taken.forget();
  cards = [];
  list.replaceChildren();
  one("[data-empty]").hidden = false;
  for (const name of ["remove", "send"]) one(`[data-${name}]`).hidden = true;
}

async function send(how) {
  try {
    if (await taken.send(how)) {
      say(`Sent at ${clock(Date.now())}.`);
      show(one("[data-problem]"), "");
    }
    // While somebody types, nothing is drawn anew under their hands.
    for (const { again } of cards) again();
    one("[data-send]").hidden = closed || !(await taken.notes()).some(taken.waits);
  } catch (error) {
    await fail(error);
  }
}

const isLocked = () => `This device is locked. ${navigator.onLine ? "Sign" : "When there is a network, sign"} in: what you wrote is still here.`;

// Nothing readable stays, on the screen or on the device; what was typed is sealed before.
async function close(words) {
  if (closed) return;
  closed = true;
  await settled();
  await vault.lock();
  blank();
  say(words);
  one("[data-sign-in]").hidden = !navigator.onLine;
}

// The key outlives the session: with a network, the server says whether its owner is signed in.
async function isOwner(how) {
  if (!navigator.onLine) return true;
  try {
    asked = Date.now();
    return (await taken.whoIsHere(how)).user === vault.whose();
  } catch (error) {
    if (error.message === taken.NO_NETWORK) return true;
    throw error;
  }
}

async function look(how) {
  if (!cards.length) return;
  try {
    if (!(await isOwner(how))) await close("Somebody else is signed in now, so this device was locked.");
  } catch (error) {
    await fail(error);
  }
}

async function tick() {
  if (!cards.length) return;
  try {
    if (Date.now() - asked > ASK_MS) await look({ byClock: true });
    if (navigator.onLine && !closed) await send();
    if (closed) return;
    if (!list.contains(document.activeElement) || (await taken.isOver())) await draw();
  } catch {
    await close(isLocked());
  }
}

async function begin() {
  closed = false;
  list.hidden = true; // until it is known who may see it
  if (!(await vault.open())) return close(isLocked());
  if (!(await isOwner())) {
    await vault.lock();
    blank();
    if (!(await vault.open())) return close(isLocked());
  }
  one("[data-sign-in]").hidden = true;
  say(navigator.onLine ? WORKS : SAID[taken.NO_NETWORK]);
  await draw();
  await send({ refused: true });
}

const start = () => begin().catch(fail);

// Of the one window that works.
function work() {
  setInterval(tick, TICK_MS);
  addEventListener("online", async () => {
    say(WORKS);
    if (closed) return start();
    await look();
    if (!closed) await send({ refused: true });
  });
  addEventListener("offline", () => closed || say(SAID[taken.NO_NETWORK]));
  addEventListener("pageshow", ({ persisted }) => persisted && start());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return settled(); // the phone is put away, or the page left
    return closed ? start() : look();
  });
  return start();
}

function act(selector, what) {
  one(selector).addEventListener("click", async () => {
    show(one("[data-problem]"), "");
    try {
      await what();
    } catch (error) {
      await fail(error);
    }
  });
}

act("[data-take]", async () => {
  await taken.take();
  closed = false;
  await draw();
  say(`Today’s visits are on this device, taken at ${clock(Date.now())}.`);
});
act("[data-send]", () => send({ refused: true }));
act("[data-remove]", async () => {
  await taken.remove();
  await draw();
  say(cards.length ? "The visits are off this device. What could not be sent is still on it." : "Nothing is on this device now.");
});

if (globalThis.crypto?.subtle && globalThis.indexedDB && "serviceWorker" in navigator) {
  one("[data-works]").hidden = false;
  navigator.serviceWorker.register("/visits/sw.js", { scope: "/visits/", updateViaCache: "none" }).catch(() => {
    say("This browser cannot open this page without a network. Keep it open while you are out.");
  });
  // Somebody signed out in another window: nothing may stay on the screen either.
  vault.whenLocked(() => close("This device was locked, because somebody signed out."));
  // In one window only, so that no window writes over what another wrote.
  navigator.locks.request("linkwork-offline", { ifAvailable: true }, (mine) => {
    if (!mine) {
      one("[data-take]").hidden = true;
      return say("This page is open in another window. Go on there.");
    }
    return work().then(() => new Promise(() => {}));
  });
} else {
  one("[data-cannot]").hidden = false;
}

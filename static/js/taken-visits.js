// What is on this device of today’s visits: the visits themselves, until midnight, and what was
// written about each, until the server has it. Everything goes through the locked store.
import { vault } from "./vault.js";

const DAY = "day";
const PATIENCE_MS = 4000;
const UNKNOWN = "Linkwork has no such visit for you any more, so this note is not sent again. Copy it before you take it off this device.";
// A mark of when what was taken is over, so that any page can forget it then (app.js).
const TAKEN = "linkwork-taken-until";
export const NO_NETWORK = "no network";
export const SIGNED_OUT = "signed out";

async function asked(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, { redirect: "manual", cache: "no-store", ...options });
  } catch {
    throw new Error(NO_NETWORK);
  }
  if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) throw new Error(SIGNED_OUT);
  return answer;
}

async function sent(address, token, body) {
  const answer = await asked(address, { method: "POST", headers: { "X-CSRFToken": token }, body });
  if ([404, 410].includes(answer.status)) return { problems: [UNKNOWN], gone: true };
  if (![200, 409, 422].includes(answer.status)) throw new Error(NO_NETWORK);
  return answer.json();
}

// Who is signed in. Asked by a clock and not by somebody, it keeps no session alive.
export async function whoIsHere({ byClock = false } = {}) {
  const address = `/visits/offline/me${byClock ? "?by=clock" : ""}`;
  const answer = await asked(address, byClock ? {} : { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(NO_NETWORK);
  return answer.json().catch(() => { throw new Error(NO_NETWORK); });
}

export async function take() {
  const { user, token } = await whoIsHere();
  if (vault.whose() !== user) await vault.lock(); // each with their own key
  const taken = await sent("/visits/offline/take", token, new FormData());
  if (!(await vault.open())) throw new Error(SIGNED_OUT);
  for (const name of await vault.list("visit:")) await vault.remove(name);
  const until = Date.parse(taken.expires_at);
  for (const visit of taken.visits) await vault.put(`visit:${visit.key}`, visit, until);
  await vault.put(DAY, { user: taken.user, expires_at: taken.expires_at }, until);
  localStorage.setItem(TAKEN, until);
  const given = new Set(taken.visits.map(({ key }) => key));
  for (const one of await notes()) one.gone &&= !given.has(one.visit);
}

// The visits that may still be read; those of a day that is over go now, and what was written stays.
export async function visits() {
  const names = await vault.list("visit:");
  if (await isOver()) {
    for (const name of names) await vault.remove(name);
    for (const one of await notes()) if (!one.changed) await drop(one);
    return [];
  }
  const found = await Promise.all(names.map((name) => vault.get(name)));
  return found.filter(Boolean).sort((a, b) => a.at.localeCompare(b.at));
}

// One object for each note, so that what is typed and what the server answers meet in it.
const live = new Map();

async function called(name) {
  if (!live.has(name)) live.set(name, await vault.get(name));
  return live.get(name);
}

export async function notes() {
  return (await Promise.all((await vault.list("note:")).map(called))).filter(Boolean);
}

export async function note(visit) {
  const name = `note:${visit.key}`;
  const draft = `v${crypto.randomUUID().replaceAll("-", "")}`;
  const fresh = { visit: visit.key, at: visit.at, draft, fields: {}, started_at: null, safe_at: null, changed: 0 };
  if (!(await called(name))) live.set(name, fresh);
  live.get(name).started_at ??= visit.started_at ?? null;
  return live.get(name);
}

export const forget = () => live.clear();

export async function isOver() {
  const day = await vault.get(DAY);
  return !day || Date.parse(day.expires_at) <= Date.now();
}

async function drop(one) {
  live.delete(`note:${one.visit}`);
  await vault.remove(`note:${one.visit}`);
}

// What the server has goes with the day; what it has not stays.
export async function write(one) {
  one.owner ??= vault.whose();
  const day = one.changed ? null : await vault.get(DAY);
  await vault.put(`note:${one.visit}`, one, day ? Date.parse(day.expires_at) : undefined);
}

// Whether a note is to be sent. One whose visit is gone stays for its writer to read.
export const waits = (one) => Boolean(one.changed) && !one.gone;

// The visits go first. What is left then, and cannot be sent, goes when it is asked for again.
export async function remove() {
  const names = await vault.list("visit:");
  for (const name of names) await vault.remove(name);
  for (const one of await notes()) if (!one.changed || (one.gone && !names.length)) await drop(one);
  await vault.remove(DAY);
}

// Sends every note that was changed; returns how many were taken. What is written while it is sent
// stays changed. One that was refused is sent again when it was changed, or with ``refused`` too.
let sending;
export function send({ refused = false } = {}) {
  sending ??= sendAll(refused).finally(() => (sending = undefined));
  return sending;
}

async function sendAll(refused) {
  const waiting = (await notes()).filter((one) => waits(one) && (refused || one.refused !== one.changed));
  if (!waiting.length) return 0;
  const { user, token } = await whoIsHere();
  let count = 0;
  for (const one of waiting.filter(({ owner }) => owner === user)) count += await sendOne(one, token);
  return count;
}

async function sendOne(one, token) {
  const body = new FormData();
  const { fields, started_at, safe_at, draft, seen } = one;
  for (const [name, value] of Object.entries({ ...fields, started_at, safe_at, draft, seen })) {
    body.set(name, value ?? "");
  }
  const before = one.changed;
  const answer = await sent(`/visits/${one.visit}/sync`, token, body);
  one.answer = answer.problems ? { ...one.answer, sentences: answer.problems } : answer;
  if (answer.problems) {
    Object.assign(one, { refused: before, gone: Boolean(answer.gone) });
  } else {
    Object.assign(one, { draft: answer.draft, seen: answer.seen ?? one.seen });
    if (one.changed === before) one.changed = 0;
  }
  await write(one);
  return answer.problems ? 0 : 1;
}

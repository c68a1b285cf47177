// A locked store in the browser, for what must not be lost while the network or the session is away.
//
//   await vault.open()            true where it can be used: somebody is signed in, or was when the
//                                 network went; false, and nothing else works, where it cannot
//   await vault.put(name, object) keeps an object under a name, in place of what was there; with a
//                                 moment (ms) as a third argument, until then and no longer
//   await vault.get(name)         the object, or undefined where there is none that can be read
//   await vault.list(prefix)      the names that begin so, in order
//   await vault.remove(name)      forgets one
//   await vault.lock()            takes the key off the device: nothing is readable, nothing is lost
//   await vault.sweep()           forgets what is over, whoever’s it is: no key is needed for that
//   vault.whose()                 the key of the user it is open for
//   vault.whenLocked(act)         does something when another window has locked it
//
// What is kept is sealed (AES-GCM) with a key that the server works out for each user and hands to
// whoever is signed in. The browser holds it in a form that scripts can use but not read. Signing
// out, and every page on which nobody is signed in, deletes the key; the sealed records stay, and
// open again when the same user signs in on this device. Nobody else's key opens them.
// Names are seen by anybody at the device: record keys and words of ours, never patients' data.
const KEYS = "linkwork-keys";
const RECORDS = "linkwork-records";
const NAME = /^[\w:/.-]{1,200}$/;
const HOUR = 3_600_000;
const calls = "BroadcastChannel" in globalThis ? new BroadcastChannel("linkwork-vault") : null;
let held = null;
let told = () => {};

const answer = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

// A connection is open for one piece of work only, so that another page can delete the keys.
async function inside(database, mode, work) {
  const opening = indexedDB.open(database, 1);
  opening.onupgradeneeded = () => {
    const keyPath = database === KEYS ? "place" : ["owner", "name"];
    opening.result.createObjectStore("rows", { keyPath });
  };
  const connection = await answer(opening);
  connection.onversionchange = () => connection.close();
  try {
    const transaction = connection.transaction("rows", mode, { durability: "strict" });
    const finished = new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onabort = () => failed(transaction.error);
    });
    finished.catch(() => {});
    const result = await answer(work(transaction.objectStore("rows")));
    await finished;
    return result;
  } finally {
    connection.close();
  }
}

// Whose page this is: the server writes it on the body of every page somebody is signed in to.
const owner = () => document.body.dataset.user ?? null;

async function handed() {
  const response = await fetch("/account/device-key", { redirect: "manual", cache: "no-store" });
  if (!response.ok) return null;
  const given = await response.json();
  const raw = Uint8Array.from(atob(given.key), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  raw.fill(0);
  const row = { place: "here", owner: given.owner, key, until: Date.now() + given.hours * HOUR };
  await inside(KEYS, "readwrite", (rows) => rows.put(row));
  return row;
}

async function found() {
  const row = await inside(KEYS, "readonly", (rows) => rows.get("here"));
  if (!row) return null;
  if (row.until > Date.now() && (owner() === null || owner() === row.owner)) return row;
  await forget();
  return null;
}

async function forget() {
  held = null;
  await answer(indexedDB.deleteDatabase(KEYS)).catch(() => {});
}

async function open() {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return false;
  try {
    if (held && held.until > Date.now()) return true;
    await sweep();
    held = (await found()) ?? (await handed());
  } catch {
    held = null; // no network and no key, or a browser that keeps nothing
  }
  return held !== null;
}

const isOver = ({ until }) => until <= Date.now();

async function sweep() {
  const kept = await inside(RECORDS, "readonly", (rows) => rows.getAll());
  for (const { owner: whose, name } of kept.filter(isOver)) {
    await inside(RECORDS, "readwrite", (rows) => rows.delete([whose, name]));
  }
}

// A key that is over reads nothing; what was typed meanwhile is still sealed with it.
function readable(name) {
  if (held && isOver(held)) throw new Error("The store is locked.");
  return unlocked(name);
}

function unlocked(name) {
  if (!held) throw new Error("The store is locked.");
  if (name !== undefined && !NAME.test(name)) throw new Error("Not a name for the store.");
  return held;
}

// Each record is bound to its owner and its name, so that none can be put in another's place.
const sealing = (mine, name, iv) => ({
  name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`${mine.owner}\n${name}`),
});

async function put(name, object, until) {
  const mine = unlocked(name);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(object));
  const sealed = await crypto.subtle.encrypt(sealing(mine, name, iv), mine.key, plain);
  await inside(RECORDS, "readwrite", (rows) => rows.put({ owner: mine.owner, name, iv, sealed, until }));
}

async function get(name) {
  const mine = readable(name);
  const row = await inside(RECORDS, "readonly", (rows) => rows.get([mine.owner, name]));
  if (!row || isOver(row)) return undefined;
  try {
    const plain = await crypto.subtle.decrypt(sealing(mine, name, row.iv), mine.key, row.sealed);
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return undefined; // sealed with a key that is no longer handed out, or altered
  }
}

async function list(prefix = "") {
  const mine = readable();
  const range = IDBKeyRange.bound([mine.owner, prefix], [mine.owner, prefix + "\uffff"]);
  const keys = await inside(RECORDS, "readonly", (rows) => rows.getAllKeys(range));
  return keys.map(([, name]) => name);
}

async function remove(name) {
  const mine = unlocked(name);
  await inside(RECORDS, "readwrite", (rows) => rows.delete([mine.owner, name]));
}

async function lock() {
  calls?.postMessage("lock");
  await forget();
}

const whose = () => held?.owner ?? null;
const whenLocked = (act) => (told = act);

if (calls) {
  calls.onmessage = ({ data }) => {
    if (data !== "lock") return;
    held = null;
    told();
  };
}

export const vault = { open, put, get, list, remove, lock, sweep, whose, whenLocked };

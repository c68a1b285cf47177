// Lets one page, /visits/offline, open without a network. It keeps that page and the files the page
// names, and nothing else: no page about anybody, nothing that somebody typed.
const PAGE = "/visits/offline";
const FILES = /(?:href|src)="(\/static\/[^"]+)"/g;
const CACHE = "linkwork-offline-page";
const PATIENCE_MS = 4000;

// Asked for without cookies, so that the page cannot hold anything about whoever is signed in.
async function fetched(address) {
  const slow = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(address, { credentials: "omit", cache: "no-cache", signal: slow });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status} for ${address}`);
  return answer;
}

// The page and its files are kept together or not at all: half of an old one would not work.
async function keep() {
  const page = await fetched(PAGE);
  const text = await page.clone().text();
  const files = [...text.matchAll(FILES)].map(([, address]) => address.replaceAll("&amp;", "&"));
  const answers = await Promise.all(files.map(fetched));
  const cache = await caches.open(CACHE);
  await Promise.all(files.map((address, nth) => cache.put(address, answers[nth])));
  await cache.put(PAGE, page.clone());
  for (const { url } of await cache.keys()) {
    const { pathname, search } = new URL(url);
    if (pathname !== PAGE && !files.includes(pathname + search)) await cache.delete(url);
  }
  return page;
}

const kept = async (address) => (await caches.open(CACHE)).match(address, { ignoreVary: true });

addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keep());
});

addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

addEventListener("fetch", (event) => {
  const { pathname, search, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (pathname === PAGE) event.respondWith(keep().catch(async () => (await kept(PAGE)) ?? Response.error()));
  else if (pathname.startsWith("/static/")) {
    event.respondWith(kept(pathname + search).then((found) => found ?? fetch(event.request)));
  }
});

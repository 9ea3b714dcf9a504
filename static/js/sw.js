// The worker: pages that open without a connection, drafts that are sent when it is back. lapor/installed.py writes
// VERSION, LANGUAGE, FILES, PAGES, DRAFTS, SHARE, NEWS, CALL, ADDRESS and ICONS above this.
//
// It keeps a handful of files and three pages that are the same for everybody. No page of one person, nothing that was
// posted and no answer of the server is ever put into its cache.
"use strict";
importScripts(DRAFTS);
const CACHE = `lapor-${VERSION}`;
const KEPT = new Set([...FILES, ...Object.keys(PAGES)]);
const DESK = /^\/(meja|pengawasan|petugas|kelola|evaluasi\/kelola)\//;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(clear()));

async function fill() {
  const cache = await caches.open(CACHE);
  const take = async (name, address, mode) => {
    // Without cookies: what is kept here was made for nobody in particular.
    const answer = await fetch(address, { credentials: "omit", cache: mode });
    if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
    await cache.put(name, answer);
  };
  await Promise.all([
    ...FILES.map((file) => take(file, file, "default")),
    ...Object.keys(PAGES).map((page) => take(page, PAGES[page], "no-store")),
  ]);
}

async function clear() {
  for (const name of await caches.keys()) if (name.startsWith("lapor-") && name !== CACHE) await caches.delete(name);
  if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
  await Drafts.tidy();
}

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "GET") event.respondWith(page(event, url.pathname));
    else if (url.pathname === SHARE) event.respondWith(shared(request));
    else if (request.method === "POST") event.respondWith(posted(request, url));
  } else if (request.method === "GET" && !url.search && KEPT.has(url.pathname)) {
    event.respondWith(kept(url.pathname, request));
  }
});

const kept = async (name, request) => (await (await caches.open(CACHE)).match(name)) || fetch(request);

async function page(event, path) {
  if (path in PAGES) return kept(path, event.request);
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch (error) {
    const instead = await (await caches.open(CACHE)).match(DESK.test(path) ? "/luring/meja/" : "/luring/");
    if (!instead) throw error;
    return instead;
  }
}

// A form that can't be sent: what was typed goes back to the page that is shown instead, by way of our hand and no disk.
// Passwords and keys are not held even there, behind a district's door neither.
const UNHELD = /^(\/d\/[^/]+)?\/(akun|lacak|bahasa|pengungkapan|lapor\/pengungkapan)\//;
let held = null;
async function posted(request, url) {
  const copy = UNHELD.test(url.pathname) ? null : request.clone();
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(CACHE), form = copy ? await copy.formData().catch(() => null) : null;
    if (form) {
      const all = Array.from(form);
      held = {
        action: url.pathname + url.search,
        fields: all.filter(([, value]) => typeof value === "string"),
        files: all.some(([, value]) => typeof value !== "string" && value.size > 0),
      };
    }
    const instead = await cache.match(form ? "/luring/tertahan/" : "/luring/");
    if (!instead) throw error;
    return instead;
  }
}

// A photo shared from the gallery, with or without words: a new draft, also without a connection.
async function shared(request) {
  const id = Drafts.newId();
  try {
    const form = await request.formData();
    const words = ["text", "url"].map((name) => form.get(name)).filter(Boolean).join("\n");
    const fields = { title: (form.get("title") || "").slice(0, 120), story: words };
    await Drafts.save(id, fields, LANGUAGE);
    const refused = [];
    for (const file of form.getAll("photo").filter((one) => one.size)) {
      const why = await Drafts.addPhoto(id, file);
      if (why) refused.push(why);
    }
    if (refused.length) await Drafts.change(id, (draft) => ({ ...draft, said: refused[0] }));
  } catch (_error) {
    return Response.redirect("/luring/?penuh", 303);
  }
  return Response.redirect(`/luring/tulis/#${id}`, 303);
}

// Sends what waits, and tells the pages that are open what came of drafts while nobody looked: whoever asked may find
// that the browser woke us for the same draft a moment before. True when nothing waits any more.
const send = async () => {
  await Drafts.sendAll();
  await Drafts.tidy();
  const all = await Drafts.all();
  const news = { sent: all.some((one) => one.state === "sent" && !one.shown_at), refused: all.some((one) => one.state === "refused") };
  const open = news.sent || news.refused ? await self.clients.matchAll({ type: "window", includeUncontrolled: true }) : [];
  for (const one of open) one.postMessage(news);
  return !all.some((draft) => draft.state === "queued");
};
self.addEventListener("sync", (event) => {
  // The browser tries again by itself as long as this fails.
  if (event.tag === "alamat") event.waitUntil(moved());
  if (event.tag === "kirim") event.waitUntil(send().then((done) => { if (!done) throw new Error("belum terkirim"); }));
});
const sendOrWait = async () => {
  if (await send()) return;
  try { await self.registration.sync.register("kirim"); } catch (_error) {
    // This browser wakes nobody. What a page that was closed had in its hand is free soon; later the next page asks again.
    const left = await Drafts.patience();
    if (left < 4e4) await new Promise((done) => { setTimeout(done, left + 500); }).then(send);
  }
};
self.addEventListener("message", (event) => {
  if (event.data === "ganti") event.waitUntil(self.skipWaiting().then(() => self.clients.claim()));
  if (event.data === "tertahan") { event.source.postMessage({ held }); held = null; }
  if (event.data === "kirim") event.waitUntil(sendOrWait());
});

// A call: that there is news, and nothing of it. What it is about is read on the page, by whoever may.
self.addEventListener("push", (event) => {
  let call = {};
  try { call = event.data.json(); } catch (_error) { /* a call without words is a call */ }
  event.waitUntil(self.registration.showNotification("LAPOR!", {
    body: NEWS, tag: call.tag || "kabar", icon: ICONS[0], badge: ICONS[1], lang: LANGUAGE, data: call.at || "",
  }));
});
// The browser's push service took its address away, or gave it another, while no page of ours is open: ask for one
// where there is none, and tell the portal. What it is called about stands in a cookie that we do not see.
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(moved(event.newSubscription).catch(() =>
  self.registration.sync && self.registration.sync.register("alamat"))));
async function moved(given) {
  const push = self.registration.pushManager;
  let now = given || await push.getSubscription();
  if (!now) {
    const { key } = await (await fetch(ADDRESS, { cache: "no-store" })).json();
    if (!key) return;
    const bytes = Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    now = await push.subscribe({ userVisibleOnly: true, applicationServerKey: bytes });
  }
  const answer = await fetch(ADDRESS, { method: "POST", body: JSON.stringify(now), headers: { "Content-Type": "application/json" } });
  if (!answer.ok && answer.status !== 400) throw new Error(`${answer.status}`);
}
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const at = event.notification.data;
  event.waitUntil(self.clients.openWindow(at ? `${CALL}${at}/` : "/lacak/"));
});

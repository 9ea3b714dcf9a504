// Drafts that live on this phone alone, and how they are sent. Pages load it, and so does the worker (sw.js).
//
// A draft: { id, fields, language, state, saved_at, … }. Its id is a uuid and the key under which it is sent: the
// server makes one report of it however often it comes. States: "draft" being written, "queued" its writer wants it
// sent, "refused" the server said what is missing (errors, choices), "sent" (number, key; the text is gone from here).
// Photos lie apart: text is saved even where there is no room for pictures.
"use strict";
self.Drafts = (() => {
  const LEASE = 30e3; // who sends holds the draft this long, and again every 10 s while the line lives
  const SHOWN_FOR = 600e3; // number and key stay this long after they were seen, unless somebody keeps them
  const LIMIT = 400e3, EDGE = 1600, MOST = 5;
  const talk = "BroadcastChannel" in self ? new BroadcastChannel("lapor") : null;
  let opened = null;

  const open = () => opened || (opened = new Promise((done, fail) => {
    const request = indexedDB.open("lapor", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("drafts", { keyPath: "id" });
      request.result.createObjectStore("photos", { keyPath: "id" }).createIndex("draft", "draft");
    };
    request.onsuccess = () => {
      const db = request.result;
      // A newer version of this page wants to change the stores: let go, and open again when needed.
      db.onversionchange = db.onclose = () => { db.close(); opened = null; };
      done(db);
    };
    request.onerror = () => { opened = null; fail(request.error); };
  }));

  // One transaction; resolves with what `work` gave once everything is on the disk, rejects with why it is not.
  const act = async (mode, work) => {
    const db = await open();
    return new Promise((done, fail) => {
      const tx = db.transaction(["drafts", "photos"], mode);
      let given;
      tx.oncomplete = () => done(given);
      tx.onabort = () => fail(tx.error || new Error("abort"));
      work(tx.objectStore("drafts"), tx.objectStore("photos"), (value) => { given = value; });
    });
  };
  const read = (find) => act("readonly", (drafts, photos, give) => {
    const request = find(drafts, photos);
    request.onsuccess = () => give(request.result);
  });

  const get = (id) => read((drafts) => drafts.get(id));
  const all = async () => (await read((drafts) => drafts.getAll())).sort((a, b) => b.saved_at - a.saved_at);
  const photosOf = (id) => read((_drafts, photos) => photos.index("draft").getAll(id));

  // Reads, changes and writes in one step, so that two tabs and the worker never undo each other. `how` gives the
  // draft as it shall be, or nothing to leave it. Resolves with the new draft, or undefined.
  const change = (id, how) => act("readwrite", (drafts, _photos, give) => {
    const request = drafts.get(id);
    request.onsuccess = () => {
      const after = how(request.result);
      if (after) { drafts.put(after); give(after); }
    };
  }).then((after) => { if (after) tell(); return after; });

  const dropPhotos = (photos, id) => {
    photos.index("draft").openKeyCursor(IDBKeyRange.only(id)).onsuccess = (event) => {
      const found = event.target.result;
      if (found) { photos.delete(found.primaryKey); found.continue(); }
    };
  };
  const forget = (id) => act("readwrite", (drafts, photos) => { drafts.delete(id); dropPhotos(photos, id); }).then(tell);
  const forgetAll = () => act("readwrite", (drafts, photos) => { drafts.clear(); photos.clear(); }).then(tell);
  const tell = () => { if (talk) talk.postMessage("berubah"); };

  const newId = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64;
    b[8] = (b[8] & 63) | 128;
    return Array.from(b, (n, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + n.toString(16).padStart(2, "0")).join("");
  };

  // What was typed. A draft that is being sent, or was, is not written over: resolves with undefined.
  const save = (id, fields, language) => change(id, (draft) => {
    if (draft && (draft.state === "sent" || draft.lease > Date.now())) return undefined;
    const kept = draft || { id, state: "draft" };
    return { ...kept, fields, language, saved_at: Date.now(), state: kept.state === "refused" ? "refused" : "draft" };
  });
  const queue = (id) => change(id, (draft) => draft && draft.state !== "sent"
    ? { ...draft, state: "queued", errors: null, choices: null, said: "", wait_until: 0 } : undefined);

  // --- Photos ---

  // At most 400 kB, at most 1600 px, upright, and nothing of the file but its pixels: place and camera are gone.
  const shrink = async (file) => {
    const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
    let edge = Math.min(EDGE, Math.max(whole.width, whole.height));
    try {
      for (;;) {
        const by = edge / Math.max(whole.width, whole.height);
        const size = [whole.width, whole.height].map((side) => Math.max(1, Math.round(side * by)));
        const canvas = "document" in self ? Object.assign(document.createElement("canvas"), { width: size[0], height: size[1] })
          : new OffscreenCanvas(size[0], size[1]);
        const pen = canvas.getContext("2d");
        pen.fillStyle = "#fff"; // what was transparent
        pen.fillRect(0, 0, size[0], size[1]);
        pen.drawImage(whole, 0, 0, size[0], size[1]);
        for (const quality of [0.82, 0.7, 0.55]) {
          const blob = canvas.convertToBlob ? await canvas.convertToBlob({ type: "image/jpeg", quality })
            : await new Promise((done) => { canvas.toBlob(done, "image/jpeg", quality); });
          if (blob && blob.size <= LIMIT) return blob;
        }
        edge = Math.floor(edge * 0.75);
      }
    } finally { whole.close(); }
  };
  const jpegName = (name) => `${(name || "foto").replace(/\.[^.]*$/, "").slice(0, 80)}.jpg`;

  // Resolves with "" or why the photo is not there: "many", "unreadable", "full".
  const addPhoto = async (id, file) => {
    let blob;
    try { blob = await shrink(file); } catch (_error) { return "unreadable"; }
    try {
      return await act("readwrite", (drafts, photos, give) => {
        const count = photos.index("draft").count(id), kept = drafts.count(id);
        kept.onsuccess = () => {
          give(count.result < MOST ? "" : "many");
          // A draft that was forgotten meanwhile would leave its photo on the phone, seen by nobody.
          if (!kept.result || count.result >= MOST) return;
          photos.put({ id: newId(), draft: id, name: jpegName(file.name), blob, at: Date.now() });
        };
      });
    } catch (_error) { return "full"; } finally { tell(); }
  };
  const dropPhoto = (photo) => act("readwrite", (_drafts, photos) => { photos.delete(photo); }).then(tell);

  // --- Sending ---

  const claim = (id) => change(id, (draft) => {
    const now = Date.now();
    if (!draft || draft.state !== "queued" || draft.lease > now || draft.wait_until > now) return undefined;
    return { ...draft, lease: now + LEASE, tried_at: draft.tried_at || now };
  });
  const free = (id, news) => change(id, (draft) => draft && draft.state === "queued" ? { ...draft, lease: 0, ...news } : undefined);

  const refuse = (id, why) => change(id, (draft) => draft && draft.state !== "sent"
    ? { ...draft, state: "refused", lease: 0, ...why } : undefined);

  const post = async (draft) => {
    const body = new FormData();
    for (const name of Object.keys(draft.fields)) for (const value of [].concat(draft.fields[name])) body.append(name, value);
    body.append("language", draft.language || "id");
    const photos = (await photosOf(draft.id)).sort((a, b) => a.at - b.at);
    for (const photo of photos) body.append("photo", photo.blob, photo.name);
    // No cookie goes along: whoever is signed in on a shared phone is not this draft's writer.
    const answer = await fetch("/lapor/kiriman/", {
      method: "POST", body, headers: { "X-Lapor-Draf": draft.id }, credentials: "omit", cache: "no-store",
    });
    // A hotspot's own page answers 200 too: only our words count.
    const said = (answer.headers.get("Content-Type") || "").startsWith("application/json") ? await answer.json() : {};
    return { answer, said };
  };

  // How often all was to be sent. Where that is asked while an attempt is under way, it was begun without the signal
  // that has come back since: it fails, and no browser says a second time that there is a signal.
  let asked = 0;

  // What came of it: "sent", "refused", "busy", "network", or "" when there was nothing to do.
  const send = async (id) => {
    const draft = await claim(id), before = asked;
    if (!draft) return "";
    const alive = setInterval(() => free(id, { lease: Date.now() + LEASE }), LEASE / 3);
    try {
      const { answer, said } = await post(draft);
      if (answer.ok && said.number) {
        await arrived(draft, said);
        return "sent";
      }
      if (answer.status === 422 && said.errors) {
        await refuse(id, { errors: said.errors, choices: said.choices });
        return "refused";
      }
      if (answer.status === 413) {
        await refuse(id, { errors: {}, said: "large" });
        return "refused";
      }
      const wait = Number(answer.headers.get("Retry-After")) || 60;
      await free(id, { said: "busy", wait_until: Date.now() + wait * 1000 });
      return "busy";
    } catch (_error) {
      await free(id, { said: "network" });
    } finally { clearInterval(alive); }
    return asked === before ? "network" : send(id);
  };

  // From here on the phone holds number and key, nothing of the text; then the server may forget the key.
  const arrived = async (draft, said) => {
    const stale = !said.created && draft.saved_at > draft.tried_at;
    await act("readwrite", (drafts, photos) => {
      const request = drafts.get(draft.id);
      request.onsuccess = () => {
        // Taken off this phone meanwhile: nothing comes back, the next to hold it would find number and key. And where
        // two attempts arrived, the later answer may be without the key that the first one brought.
        if (!request.result || request.result.state === "sent") return;
        const hidden = draft.fields.read === "secret" || draft.fields.who === "hidden";
        drafts.put({
          id: draft.id, state: "sent", saved_at: Date.now(), title: hidden ? "" : draft.fields.title,
          number: said.number, key: said.key, url: said.url, where: said.where, left_out: said.left_out,
          emergency: said.emergency,
          // The line broke after it had arrived and before we knew; what was changed since stays here to be read.
          later: stale ? draft.fields.story : "",
        });
        dropPhotos(photos, draft.id);
      };
    });
    tell();
    if (said.key) {
      fetch("/lapor/kiriman/", { method: "DELETE", headers: { "X-Lapor-Draf": draft.id }, credentials: "omit" }).catch(() => {});
    }
  };

  // Everything that waits, one after the other. Resolves with what came of each.
  const sendAll = async () => {
    asked += 1;
    const came = [];
    for (const draft of await all()) if (draft.state === "queued") came.push(await send(draft.id));
    return came;
  };

  // Milliseconds until one that waits may be tried again: a page that was closed in the middle of an attempt had it in
  // its hand, or the portal asked for patience. Infinity: nothing to wait for.
  const patience = async () => Math.min(...(await all()).filter(({ state }) => state === "queued")
    .map(({ lease, wait_until: until }) => Math.max(lease || 0, until || 0) - Date.now()).filter((left) => left > 0));

  // Number and key that were seen and not kept leave the phone.
  const tidy = async () => {
    const old = Date.now() - SHOWN_FOR;
    for (const draft of await all()) if (draft.state === "sent" && !draft.keep && draft.shown_at < old) await forget(draft.id);
  };

  return { get, all, photosOf, change, save, queue, forget, forgetAll, newId, addPhoto, dropPhoto, send, sendAll, patience, tidy, talk, MOST };
})();

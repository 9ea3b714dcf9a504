// Writing a draft on this phone: every keystroke is kept here, photos are made small here, nothing leaves before "Kirim".
(() => {
  const at = (id) => document.getElementById(id);
  at("plain").hidden = true; // what it says is true only without this
  const form = at("draft"), told = JSON.parse(form.dataset.told), language = document.documentElement.lang;
  const saved = at("saved"), summary = at("galat"), main = form.querySelector("button[data-off]");
  let id = location.hash.slice(1), changed = false, timer = 0, gone = false;

  // --- What stands in the form ---

  const day = (back) => {
    const date = new Date(Date.now() - back * 864e5);
    return [date.getDate(), date.getMonth() + 1, date.getFullYear()];
  };
  // By name, as the server's forms read it. "Hari ini" is a date by tomorrow, when this may be sent: it is kept as one.
  const typed = () => {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") fields[name] = name in fields ? [].concat(fields[name], value) : value;
    }
    const back = { today: 0, yesterday: 1 }[fields.happened_on_pick];
    if (back !== undefined) {
      [fields.happened_on_day, fields.happened_on_month, fields.happened_on_year] = day(back).map(String);
      fields.happened_on_pick = "other";
    }
    return fields;
  };
  const fill = (fields) => {
    for (const name of Object.keys(fields)) {
      const found = form.elements[name];
      if (!found || name === "asked") continue;
      const values = [].concat(fields[name]);
      if (found instanceof RadioNodeList) for (const one of found) one.checked = values.includes(one.value);
      else if (found.type === "checkbox") found.checked = values.includes(found.value);
      else found.value = fields[name];
      if (found instanceof Element) found.dispatchEvent(new Event("input"));
    }
    if (fields.office_text || fields.conduct) at("kantor").open = true;
    if (fields.latitude) document.querySelector("[data-position] [role=status]").textContent = document.querySelector("[data-position] [role=status]").dataset.done;
  };

  // What the chosen category asks beside. Of the others nothing is sent: what is disabled is in no FormData.
  const ask = () => {
    const chosen = at("id_category").value;
    for (const part of form.querySelectorAll("[data-category]")) part.hidden = part.disabled = part.dataset.category !== chosen;
  };
  at("id_category").addEventListener("change", ask);

  // Danger is heard here too, and said softly: without the server nobody tells "last year" from now.
  const danger = Object.entries(JSON.parse(form.dataset.danger)).map(([service, words]) => [service, new RegExp(words)]);
  const heed = () => {
    const said = ` ${at("id_title").value} ${at("id_story").value} `.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ");
    const heard = new Set(danger.filter(([, words]) => words.test(said)).map(([service]) => service));
    at("bahaya").hidden = !heard.size;
    for (const call of at("bahaya").querySelectorAll("[data-service]")) {
      call.hidden = call.dataset.service !== "GENERAL" && !heard.has(call.dataset.service);
    }
  };

  // --- Keeping ---

  const say = (words) => { saved.textContent = words; };
  const save = async () => {
    clearTimeout(timer);
    if (!changed || gone) return;
    changed = false;
    if (!id) {
      id = Drafts.newId();
      history.replaceState(null, "", `#${id}`);
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    }
    try {
      if (await Drafts.save(id, typed(), language)) {
        const time = new Date().toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
        say(saved.dataset.saved.replace("#", time));
      } else { gone = true; say(saved.dataset.gone); }
    } catch (_error) { changed = true; say(saved.dataset.full); }
  };
  const touched = () => { changed = true; clearTimeout(timer); timer = setTimeout(save, 400); };
  form.addEventListener("input", (event) => { if (event.isTrusted && event.target.type !== "file") { touched(); hint(); heed(); } });
  form.addEventListener("change", (event) => { if (event.target.type !== "file") { touched(); hint(); } });
  addEventListener("visibilitychange", save);
  addEventListener("pagehide", save);
  addEventListener("lapor:simpan", (event) => event.detail.push(save()));
  at("close").addEventListener("click", async (event) => { event.preventDefault(); await save(); location.href = at("close").href; });

  const hint = () => {
    const fields = new FormData(form);
    at("shared").hidden = fields.get("who") !== "hidden" && fields.get("read") !== "secret";
    main.textContent = navigator.onLine ? main.dataset.on : main.dataset.off;
  };
  main.dataset.on = main.textContent;
  addEventListener("online", hint);
  addEventListener("offline", hint);
  at("shared").querySelector("button").addEventListener("click", async () => {
    gone = true;
    if (id) await Drafts.forget(id);
    location.replace("/luring/");
  });

  // --- Sentences beside fields, as the server would place them ---

  const clean = () => {
    for (const one of form.querySelectorAll(".errs")) one.remove();
    for (const one of form.querySelectorAll(".field.bad")) one.classList.remove("bad");
    for (const one of form.querySelectorAll("[aria-invalid]")) {
      one.removeAttribute("aria-invalid");
      if (one.dataset.described !== undefined) one.setAttribute("aria-describedby", one.dataset.described);
    }
    summary.hidden = true;
    summary.querySelector("ul").replaceChildren();
  };
  const inputOf = (name) => at(`id_${name}`) && at(`id_${name}`).matches("input, select, textarea") ? at(`id_${name}`)
    : form.querySelector(`[name=${name}], [name^=${name}_]`) || at(`id_${name}`);
  const complain = (errors) => {
    clean();
    for (const name of Object.keys(errors)) {
      const input = name ? inputOf(name) : null, field = input && input.closest(".field");
      for (const words of errors[name]) {
        const line = document.createElement("li"), link = document.createElement(input ? "a" : "b");
        link.textContent = words;
        if (input) link.href = `#${input.id}`;
        line.append(link);
        summary.querySelector("ul").append(line);
        // The address holds the draft's id: the link moves the focus itself.
        if (input) link.addEventListener("click", (event) => { event.preventDefault(); input.focus(); });
      }
      if (!field) continue;
      const box = Object.assign(document.createElement("div"), { className: "errs", id: `id_${name}_error` });
      for (const words of errors[name]) {
        const one = at("fault").content.cloneNode(true);
        one.querySelector(".words").textContent = words;
        box.append(one);
      }
      const above = field.querySelector(".hint:not(.count)") || field.querySelector(".label");
      if (above) above.after(box); else field.prepend(box);
      field.classList.add("bad");
      if (field.closest("details")) field.closest("details").open = true;
      input.setAttribute("aria-invalid", "true");
      input.dataset.described = input.getAttribute("aria-describedby") || "";
      input.setAttribute("aria-describedby", `${input.dataset.described} ${box.id}`.trim());
    }
    const any = summary.querySelector("li");
    summary.hidden = !any;
    if (any) summary.focus();
  };
  const choose = (choices) => {
    const offices = (choices && choices.office) || [];
    at("offices").hidden = !offices.length;
    at("offices").querySelector(".opts").replaceChildren(...offices.map(([value, words]) => {
      const card = Object.assign(document.createElement("label"), { className: "card" });
      const radio = Object.assign(document.createElement("input"), { type: "radio", name: "office", value });
      const name = document.createElement("span");
      name.append(Object.assign(document.createElement("b"), { textContent: words }));
      card.append(radio, name);
      return card;
    }));
  };

  // What can be known without the server. The rest it says itself, and the draft stays here with its sentence.
  const missing = (fields) => {
    const found = {}, need = ["kind", "title", "story", "regency", "who", "read", "tell"];
    if (fields.kind === "PENGADUAN") need.push("happened_on");
    if (fields.tell === "email") need.push("email");
    if (fields.conduct) need.push("office_text");
    for (const name of need) {
      const value = name === "happened_on" ? fields.happened_on_pick : fields[name];
      if (!(value || "").trim()) found[name] = [told[name].required];
    }
    for (const name of Object.keys(told)) {
      const part = told[name].asked && inputOf(name).closest("[data-category]");
      if (part && !part.hidden && !`${fields[name] || ""}${fields[`${name}_day`] || ""}`.trim()) found[name] = [told[name].asked];
      const { limit, max_length: words } = told[name];
      if (limit && words && Array.from(fields[name] || "").length > limit) found[name] = [words];
    }
    return found;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    changed = true;
    await save();
    if (gone || changed) return;
    const faults = missing(typed());
    if (Object.keys(faults).length) { complain(faults); return; }
    clean();
    main.setAttribute("aria-busy", "true");
    await Drafts.queue(id);
    // The browser sends it by itself when it can, also after this page is closed. Where it can't, the next page does.
    try {
      const ready = await Promise.race([navigator.serviceWorker.ready, new Promise((_done, fail) => setTimeout(fail, 500))]);
      await ready.sync.register("kirim");
    } catch (_error) { /* no Background Sync here */ }
    if (navigator.onLine) await Drafts.send(id);
    const draft = await outcome();
    main.removeAttribute("aria-busy");
    if (draft && draft.state === "refused") { refused(draft); return; }
    gone = true;
    location.href = "/luring/";
  });
  // What came of it, also where the browser's own try was first: it is waited for, ten seconds at most.
  const outcome = async () => {
    for (let n = 0; n < 40; n++) {
      const draft = await Drafts.get(id);
      if (!draft || draft.state !== "queued" || !(draft.lease > Date.now())) return draft;
      await new Promise((done) => setTimeout(done, 250));
    }
    return null;
  };
  const refused = (draft) => {
    choose(draft.choices);
    if (draft.said === "large") complain({ photo: [at("reasons").dataset.many] });
    else complain(draft.errors || {});
  };

  // --- Photos ---

  const picture = async (photo, n) => {
    const item = at("thumb").content.cloneNode(true).firstElementChild;
    const canvas = item.querySelector("canvas"), button = item.querySelector("button");
    canvas.setAttribute("aria-label", photo.name);
    button.setAttribute("aria-label", button.dataset.label.replace("#", n + 1));
    button.addEventListener("click", () => Drafts.dropPhoto(photo.id).then(thumbs));
    try {
      const bitmap = await createImageBitmap(photo.blob), by = Math.min(1, 320 / bitmap.width);
      canvas.width = Math.round(bitmap.width * by);
      canvas.height = Math.round(bitmap.height * by);
      canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      bitmap.close();
    } catch (_error) { /* its name stands there */ }
    return item;
  };
  const thumbs = async () => {
    const photos = id ? (await Drafts.photosOf(id)).sort((a, b) => a.at - b.at) : [];
    at("thumbs").replaceChildren(...await Promise.all(photos.map(picture)));
  };
  at("id_photo").addEventListener("change", async () => {
    const files = [...at("id_photo").files], working = at("working"), reasons = at("reasons").dataset;
    at("id_photo").value = "";
    changed = true;
    await save();
    if (!id || gone) return;
    working.textContent = working.dataset.working;
    const refused = new Set();
    for (const file of files) {
      const why = await Drafts.addPhoto(id, file);
      if (why) refused.add(reasons[why]);
    }
    working.textContent = "";
    await thumbs();
    if (refused.size) complain({ photo: [...refused] });
    await Drafts.change(id, (draft) => draft && draft.state === "queued" ? { ...draft, state: "draft" } : undefined);
  });

  // --- Beginning ---

  (async () => {
    let draft;
    try { draft = id ? await Drafts.get(id) : null; await Drafts.all(); } catch (_error) { at("broken").hidden = false; return; }
    if (draft && draft.state === "sent") { location.replace("/luring/"); return; }
    form.hidden = false;
    if (draft) {
      choose(draft.choices);
      fill(draft.fields);
      ask();
      await thumbs();
      if (draft.state === "refused") refused(draft);
      else if (draft.said && draft.state === "draft") complain({ photo: [at("reasons").dataset[draft.said] || ""].filter(Boolean) });
    }
    hint();
    heed();
    form.dataset.ready = "1";
  })();
})();

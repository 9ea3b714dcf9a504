// What was typed into a form that could not be sent: the worker had it in its hand and gives it to this page once.
(() => {
  const at = (id) => document.getElementById(id), form = at("held");
  const draw = ({ action, fields, files }) => {
    form.action = action;
    at("files").hidden = !files;
    for (const [name, value] of fields) {
      // Long and with words: somebody wrote it. Tokens have none.
      if (value.length > 40 && /\s/.test(value)) {
        const box = at("text").content.cloneNode(true).firstElementChild, area = box.querySelector("textarea");
        Object.assign(area, { name, value, id: `t_${name}` });
        Object.assign(box.querySelector("label"), { htmlFor: area.id, textContent: at("labels").dataset.text });
        at("texts").append(box);
      } else form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    // A report that is being written may go on without a connection.
    const story = fields.find(([name]) => name === "story");
    at("keep").hidden = !story;
    at("keep").addEventListener("click", async () => {
      const kept = {};
      for (const [name, value] of new FormData(form)) if (name !== "csrfmiddlewaretoken" && name !== "draft") kept[name] = value;
      const id = Drafts.newId();
      try { await Drafts.save(id, kept, document.documentElement.lang); } catch (_error) { at("saved").textContent = at("saved").dataset.full; return; }
      location.href = `/luring/tulis/#${id}`;
    });
    form.hidden = false;
  };
  const worker = navigator.serviceWorker;
  const nothing = setTimeout(() => { at("lost").hidden = false; }, 3000);
  worker.addEventListener("message", (event) => {
    if (!event.data || !("held" in event.data)) return;
    clearTimeout(nothing);
    if (event.data.held) draw(event.data.held); else at("lost").hidden = false;
  });
  worker.ready.then((registration) => registration.active.postMessage("tertahan"));
})();

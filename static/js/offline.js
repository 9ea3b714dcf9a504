// The list of this phone's drafts: what waits, what was refused and why, what arrived. Sentences come from the page.
(() => {
  const at = (id) => document.getElementById(id);
  at("plain").hidden = true; // what it says is true only without this
  const cards = at("cards"), draftPage = "/luring/tulis/";
  const language = document.documentElement.lang;
  const when = (time) => new Date(time).toLocaleString(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const fault = (words) => {
    const line = at("fault").content.cloneNode(true);
    line.querySelector("span").textContent = words;
    return line;
  };

  // Shown in place of another page? Then say so, and offer it again at the same address.
  const instead = location.pathname !== "/luring/";
  at("wanted").hidden = !instead;
  at("wanted").querySelector("a").href = location.href;
  const signal = () => {
    const off = !navigator.onLine, net = at("net"), words = net.querySelector("span");
    net.hidden = !off && !instead;
    words.textContent = off ? words.dataset.off : words.dataset.far;
    for (const part of [at("head"), at("intro")]) {
      if (!part.dataset.on) part.dataset.on = part.textContent;
      part.textContent = off || instead ? part.dataset.off : part.dataset.on;
    }
  };
  addEventListener("online", () => { signal(); sendAll().then(show); });
  addEventListener("offline", signal);
  signal();

  const sure = (button, now, act) => {
    if (now) button.textContent = button.dataset.now;
    button.addEventListener("click", () => {
      if (now || button.dataset.asked) { act(); return; }
      button.dataset.asked = "1";
      button.textContent = button.dataset.sure;
    });
  };

  const waiting = (draft, photos) => {
    const card = at("card").content.cloneNode(true).firstElementChild;
    const head = card.querySelector("h3"), { fields } = draft, line = card.querySelector(".when");
    const secret = fields.read === "secret", hidden = fields.who === "hidden";
    // On a phone that others hold too, not even the title of what is to stay hidden.
    head.textContent = secret ? head.dataset.secret : hidden ? head.dataset.hidden : fields.title || head.dataset.untitled;
    const state = draft.lease > Date.now() ? "sending" : draft.state;
    line.textContent = line.dataset[state].replace("#", when(draft.saved_at))
      + (photos ? ` ${line.dataset.photos.replace("#", photos)}` : "");
    const problem = card.querySelector(".problem"), faults = draft.errors ? Object.values(draft.errors).flat() : [];
    if (draft.state === "refused") {
      problem.textContent = draft.said === "large" ? "" : problem.dataset.one;
      for (const words of draft.said === "large" ? [problem.dataset.large] : faults) problem.append(fault(words));
      problem.hidden = false;
    } else if (draft.said === "busy") {
      problem.textContent = problem.dataset.busy;
      problem.hidden = false;
    }
    card.querySelector(".open").href = `${draftPage}#${draft.id}`;
    const send = card.querySelector(".send");
    send.hidden = draft.state !== "queued" || state === "sending";
    send.addEventListener("click", async () => {
      await Drafts.change(draft.id, (now) => now && { ...now, wait_until: 0 });
      send.setAttribute("aria-busy", "true");
      await Drafts.send(draft.id);
      show();
    });
    sure(card.querySelector(".drop"), secret || hidden, () => Drafts.forget(draft.id).then(show));
    return card;
  };

  const arrived = (draft) => {
    const card = at("sent").content.cloneNode(true).firstElementChild;
    const put = (name, words) => { card.querySelector(name).textContent = words || ""; };
    put(".title", draft.title);
    put(".where", draft.where);
    put(".danger span", draft.emergency);
    card.querySelector(".danger").hidden = !draft.emergency;
    put(".number", draft.number);
    put(".key", draft.key);
    card.querySelector(".key2").hidden = !draft.key;
    card.querySelector(".nokey").hidden = Boolean(draft.key);
    const left = card.querySelector(".left");
    for (const words of draft.left_out || []) left.append(fault(words));
    left.hidden = !left.childNodes.length;
    card.querySelector(".later").hidden = !draft.later;
    put(".later pre", draft.later);
    const fate = card.querySelector(".fate");
    fate.textContent = draft.keep ? fate.dataset.kept : fate.dataset.soon;
    const keep = card.querySelector(".keep");
    keep.hidden = Boolean(draft.keep);
    keep.addEventListener("click", () => Drafts.change(draft.id, (now) => now && { ...now, keep: true }).then(show));
    card.querySelector(".drop").addEventListener("click", () => Drafts.forget(draft.id).then(show));
    card.querySelector(".go").addEventListener("click", () => enter(draft));
    return card;
  };

  // Into the report with number and key, as the form of the Lacak page sends them: neither is ever in an address.
  const enter = async (draft) => {
    try {
      const page = await (await fetch("/lacak/", { cache: "no-store" })).text();
      const token = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(page)[1];
      const form = Object.assign(document.createElement("form"), { method: "post", action: "/lacak/", hidden: true });
      for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token, number: draft.number, key: draft.key })) {
        form.append(Object.assign(document.createElement("input"), { name, value }));
      }
      document.body.append(form);
      form.submit();
    } catch (_error) { location.href = "/lacak/"; }
  };

  let turn = 0;
  const show = async () => {
    const mine = ++turn, drawn = [];
    try {
      await Drafts.tidy();
      for (const draft of await Drafts.all()) {
        if (draft.state === "sent") {
          if (!draft.shown_at) await Drafts.change(draft.id, (now) => now && { ...now, shown_at: Date.now() });
          drawn.push(arrived(draft));
        } else drawn.push(waiting(draft, (await Drafts.photosOf(draft.id)).length));
      }
    } catch (_error) {
      at("broken").hidden = false;
      return;
    }
    if (mine !== turn) return;
    cards.replaceChildren(...drawn);
    at("drafts").hidden = false;
    at("none").hidden = drawn.length > 0;
    at("more").hidden = at("wipe").hidden = drawn.length === 0;
  };

  at("wipe").querySelector("button").addEventListener("click", () => { at("wipe").open = false; Drafts.forgetAll().then(show); });
  if (location.search === "?penuh") {
    at("broken").textContent = at("broken").dataset.full;
    at("broken").hidden = false;
  }
  if (Drafts.talk) Drafts.talk.onmessage = show;
  addEventListener("pageshow", (event) => { if (event.persisted) show(); });
  setInterval(show, 60e3); // what was seen ten minutes ago leaves
  let timer = 0;
  const sendAll = async () => {
    const came = await Drafts.sendAll(), left = await Drafts.patience();
    clearTimeout(timer);
    // Nobody else tries again where the browser wakes no worker by itself.
    if (left < 36e5) timer = setTimeout(() => sendAll().then(show), left + 500);
    return came;
  };
  show().then(sendAll).then((came) => { if (came.length) show(); });

  let asked = null;
  addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); asked = event; at("install").hidden = false; });
  at("install").querySelector("button").addEventListener("click", () => { if (asked) asked.prompt(); at("install").hidden = true; });
})();

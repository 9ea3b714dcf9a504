// The installed app, on every page and after everything else: the worker, waiting drafts, "Versi baru siap".
(() => {
  if (!("serviceWorker" in navigator)) return;
  const english = document.documentElement.lang === "en";
  const bar = (words, action, act) => {
    const place = document.querySelector("main .wrap");
    if (!place) return;
    const box = Object.assign(document.createElement("div"), { className: "msg" });
    box.setAttribute("role", "status");
    const button = Object.assign(document.createElement("button"), { className: "btn line", type: "button", textContent: action });
    button.addEventListener("click", act);
    box.append(`${words} `, button);
    place.prepend(box);
  };
  // What is being written is saved before the page is loaded anew: pages that write listen to "lapor:simpan".
  const offer = (worker) => bar(english ? "A new version is ready." : "Versi baru siap.", english ? "Reload" : "Muat ulang", async () => {
    const saving = [];
    dispatchEvent(new CustomEvent("lapor:simpan", { detail: saving }));
    await Promise.all(saving);
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    worker.postMessage("ganti");
  });
  // Drafts are sent while no page of theirs is open: whichever page comes next tells what became of them.
  let told = location.pathname.startsWith("/luring/");
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (told || !data || !(data.sent || data.refused)) return;
    told = true;
    const see = () => { location.href = "/luring/"; };
    if (data.sent) bar(english ? "The report you wrote offline has been sent." : "Laporan yang Anda tulis tanpa sinyal sudah terkirim.", english ? "See its number" : "Lihat nomornya", see);
    else bar(english ? "A report you wrote offline could not be sent yet." : "Ada draf yang belum bisa terkirim.", english ? "See why" : "Lihat sebabnya", see);
  });
  const watch = (registration) => {
    if (registration.waiting && registration.active) offer(registration.waiting);
    const coming = () => {
      const worker = registration.installing;
      if (!worker || !registration.active) return;
      worker.addEventListener("statechange", () => { if (worker.state === "installed") offer(worker); });
    };
    coming();
    registration.addEventListener("updatefound", coming);
    const send = () => { if (registration.active) registration.active.postMessage("kirim"); };
    send();
    addEventListener("online", send);
  };
  // Who saves data fetches nothing for later, unless they came to write a draft or installed the app.
  const saves = navigator.connection && navigator.connection.saveData
    && !matchMedia("(display-mode: standalone)").matches && !location.pathname.startsWith("/luring/");
  if (saves) return;
  addEventListener("load", () => {
    const later = window.requestIdleCallback || ((work) => setTimeout(work, 1500));
    later(() => navigator.serviceWorker.register("/sw.js").then(watch).catch(() => {}));
  });
})();

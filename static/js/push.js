// Asks this browser to be called, and tells the portal where. The form does the rest: it is posted like any other.
(async () => {
  const at = (id) => document.getElementById(id), form = at("device");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
  at("plain").hidden = true;
  if (Notification.permission === "denied") { at("denied").hidden = false; return; }
  const registration = await navigator.serviceWorker.register("/sw.js");
  const markOf = async (subscription) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
    return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("").slice(0, 16);
  };
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

  const had = await registration.pushManager.getSubscription();
  const known = JSON.parse(form.dataset.known), mark = had ? await markOf(had) : "";
  if (mark in known) {
    const topics = known[mark].split(",");
    for (const box of form.querySelectorAll("[name=topics]")) box.checked = topics.includes(box.value);
    form.elements.mark.value = mark;
    at("on").hidden = at("stop").hidden = false;
    at("start").textContent = at("start").dataset.on;
  }
  at("start").addEventListener("click", async () => {
    if ((await Notification.requestPermission()) !== "granted") { at("denied").hidden = Notification.permission !== "denied"; return; }
    const wish = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) };
    at("failed").hidden = true;
    try {
      await navigator.serviceWorker.ready;
      let subscription;
      try { subscription = await registration.pushManager.subscribe(wish); } catch (error) {
        // Made for a key of ours that is no more.
        if (!had || error.name !== "InvalidStateError") throw error;
        await had.unsubscribe();
        subscription = await registration.pushManager.subscribe(wish);
      }
      form.elements.subscription.value = JSON.stringify(subscription);
      form.requestSubmit();
    } catch (_error) { at("failed").hidden = false; }
  });
  form.hidden = false;
})();

// A form is sent once: the button keeps its width, says "Mengirim…" and a second press does nothing.
// Without script the server's idempotency token does the same. Coming back by the back button sets it free.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.dataset.htmx) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  const button = event.submitter;
  if (!button || button.tagName !== "BUTTON") return;
  button.dataset.label = button.innerHTML;
  button.setAttribute("aria-busy", "true");
  const width = button.getBoundingClientRect().width;
  setTimeout(() => {
    button.style.minWidth = `${width}px`;
    button.textContent = document.documentElement.lang === "en" ? "Sending…" : "Mengirim…";
  });
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy]")) {
    button.removeAttribute("aria-busy");
    if (button.dataset.label) button.innerHTML = button.dataset.label;
  }
});
const wrong = document.getElementById("galat");
if (wrong && !wrong.contains(document.activeElement)) wrong.focus();
// What an act came to is read out first, unless the page leads elsewhere.
const told = document.querySelector("[data-told]");
if (told && !wrong && !location.hash && !document.querySelector("[autofocus]")) told.focus();
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

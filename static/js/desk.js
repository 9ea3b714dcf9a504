// The desk with a keyboard: j and k move the cursor over rows, Enter opens, / searches; 1, 2 and 3 accept the office
// suggested under that number; ? lists the keys. Off in form fields, and where somebody switched them off.
{
const keys = document.getElementById("tombol");
const off = () => { try { return localStorage.getItem("tombol") === "mati"; } catch { return false; } };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
  if (off() || document.querySelector("dialog[open]") || event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  if (event.key === "?" && keys) { event.preventDefault(); keys.showModal(); return; }
  if (/^[1-9]$/.test(event.key)) {
    const button = document.querySelector(`button[aria-keyshortcuts="${event.key}"]`);
    if (button) { event.preventDefault(); button.click(); }
    return;
  }
  if (event.key === "/") {
    const search = document.querySelector(".find input");
    if (search) { event.preventDefault(); search.select(); }
    return;
  }
  if (event.key !== "j" && event.key !== "k") return;
  const links = [...document.querySelectorAll(".grid tbody th a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? 0 : at + (event.key === "j" ? 1 : -1);
  links[Math.max(0, Math.min(next, links.length - 1))].focus();
});
if (keys) {
  const link = document.querySelector(".all-keys");
  link?.addEventListener("click", (event) => { event.preventDefault(); keys.showModal(); });
  const choice = keys.querySelector("[data-keys]");
  const words = [choice.textContent, choice.dataset.keys];
  const say = () => { choice.textContent = words[off() ? 1 : 0]; };
  choice.addEventListener("click", () => {
    try { off() ? localStorage.removeItem("tombol") : localStorage.setItem("tombol", "mati"); } catch { /* private */ }
    say();
  });
  say();
}
}

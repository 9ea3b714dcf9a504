// The counter without a mouse: Enter goes on to the next field, Ctrl + Enter saves. And while the story is typed the
// server reads it for words of danger, so that the officer says 112 before the telling has ended.
const form = document.querySelector("[data-loket]");
if (form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) { event.preventDefault(); form.requestSubmit(form.querySelector(".acts button")); return; }
    if (!event.target.matches("input:not([type=file]), select")) return;
    event.preventDefault();
    const all = [...form.querySelectorAll("input:not([type=hidden]), select, textarea, .acts button")]
      .filter((field) => field.offsetParent && !field.disabled && (field.type !== "radio" || field.checked || !form.querySelector(`[name="${field.name}"]:checked`)));
    const at = all.indexOf(event.target);
    const next = all.slice(at + 1).find((field) => field.type !== "radio" || field.name !== event.target.name);
    if (next) next.focus();
  });
  const shown = document.getElementById("bahaya");
  let waiting, read = "";
  const look = async () => {
    const said = new FormData();
    for (const name of ["csrfmiddlewaretoken", "acting", "title", "story"]) said.append(name, form.elements[name].value);
    said.append("act", "bahaya");
    const text = said.get("title") + said.get("story");
    if (text === read) return;
    read = text;
    try {
      const answer = await fetch(form.action, { method: "POST", body: said });
      const words = answer.ok ? (await answer.text()).trim() : "";
      if (shown.innerHTML.trim() !== words) shown.innerHTML = words;
    } catch { read = ""; }
  };
  for (const name of ["title", "story"]) form.elements[name].addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 600); });
}

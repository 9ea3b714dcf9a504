// Letters left in a long text. Counts as the server does: code points, a line break as one.
for (const line of document.querySelectorAll(".count[data-for]")) {
  const box = document.getElementById(line.dataset.for);
  const limit = Number(line.dataset.limit);
  const words = line.textContent;
  // Read aloud once the typing rests, not at every letter.
  const said = Object.assign(document.createElement("span"), { className: "vh" });
  said.setAttribute("role", "status");
  line.after(said);
  let rest;
  const show = () => {
    const left = limit - Array.from(box.value).length;
    line.classList.toggle("over", left < 0);
    if (left > limit * 0.9) line.textContent = words;
    else line.textContent = (left < 0 ? line.dataset.over : line.dataset.left)
      .replace("#", Math.abs(left).toLocaleString(document.documentElement.lang));
    clearTimeout(rest);
    rest = setTimeout(() => { said.textContent = line.textContent === words ? "" : line.textContent; }, 1000);
  };
  if (box) { box.addEventListener("input", show); show(); }
}

// Letters left in a long text. Counts as the server does: code points, a line break as one.
for (const line of document.querySelectorAll(".count[data-for]")) {
  const box = document.getElementById(line.dataset.for);
  const limit = Number(line.dataset.limit);
  const words = line.textContent;
  const show = () => {
    const left = limit - Array.from(box.value).length;
    line.classList.toggle("over", left < 0);
    if (left > limit * 0.9) line.textContent = words;
    else line.textContent = (left < 0 ? line.dataset.over : line.dataset.left)
      .replace("#", Math.abs(left).toLocaleString(document.documentElement.lang));
  };
  if (box) { box.addEventListener("input", show); show(); }
}

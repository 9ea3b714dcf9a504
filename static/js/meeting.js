// The meeting with a keyboard or a presenter's clicker: left and right, page up and page down. Off in form fields.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const rel = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" }[event.key];
  const link = rel && document.querySelector(`.steps a[rel=${rel}]`);
  if (link) { event.preventDefault(); link.click(); }
});

// The browser writes "Choose File" in its own language: say it in the page's, and name what was chosen.
for (const box of document.querySelectorAll(".choose")) {
  const input = box.querySelector("input[type=file]");
  const label = document.createElement("label");
  const button = Object.assign(document.createElement("span"), { className: "btn line", textContent: box.dataset.choose });
  const names = Object.assign(document.createElement("small"), { className: "mute", textContent: box.dataset.none });
  names.setAttribute("aria-live", "polite");
  input.before(label);
  label.append(input, button, names);
  input.addEventListener("change", () => {
    const files = [...input.files].map((file) => file.name);
    names.textContent = !files.length ? box.dataset.none
      : files.length === 1 ? files[0]
        : `${box.dataset.some.replace("#", files.length)}: ${files.join(", ")}`;
  });
}

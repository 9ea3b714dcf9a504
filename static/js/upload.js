// A chosen file goes up at once; without script the button beside it does the same.
const files = document.getElementById("id_file");
const upload = document.querySelector("button[value=unggah]");
if (files && upload && files.type === "file") {
  upload.hidden = true;
  files.addEventListener("change", () => { if (files.files.length) files.form.requestSubmit(upload); });
}

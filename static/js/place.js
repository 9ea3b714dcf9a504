// The phone's position and the map are helps beside the place that was chosen; without script or consent nothing is missing.
const help = document.querySelector("[data-position]"), point = document.getElementById("id_point");
if (help && navigator.geolocation) {
  help.hidden = false;
  const said = help.querySelector("[role=status]");
  help.querySelector("button").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(({ coords: { latitude, longitude } }) => {
      if (point) {
        point.value = `${latitude.toFixed(6)}, ${longitude.toFixed(6)}`;
        point.dispatchEvent(new Event("change", { bubbles: true }));
      } else {
        document.getElementById("id_latitude").value = latitude.toFixed(6);
        document.getElementById("id_longitude").value = longitude.toFixed(6);
      }
      said.textContent = said.dataset.done;
    }, () => { said.textContent = said.dataset.failed; }, { timeout: 10000, maximumAge: 60000 });
  });
}
const fold = document.getElementById("titik");
if (fold) {
  const load = () => {
    if (!fold.open) return;
    fold.removeEventListener("toggle", load);
    for (const src of fold.dataset.scripts.split(" ")) document.head.append(Object.assign(document.createElement("script"), { src, async: false }));
  };
  fold.addEventListener("toggle", load);
  load();
}

// The phone's position is a help beside the place that was chosen; without script or consent nothing is missing.
const help = document.querySelector("[data-position]");
if (help && navigator.geolocation) {
  help.hidden = false;
  const said = help.querySelector("[role=status]");
  help.querySelector("button").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition((found) => {
      document.getElementById("id_latitude").value = found.coords.latitude.toFixed(6);
      document.getElementById("id_longitude").value = found.coords.longitude.toFixed(6);
      said.textContent = said.dataset.done;
    }, () => { said.textContent = said.dataset.failed; }, { timeout: 10000, maximumAge: 60000 });
  });
}

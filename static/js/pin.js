// A pin in the Lokasi step: by a tap, by arrow keys, or by the two numbers in the field, which count. Fetched by place.js.
(() => {
  const fold = document.getElementById("titik"), field = document.getElementById("id_point"), { say } = Peta;
  const told = Object.assign(document.createElement("p"), { className: "small mute", id: "titik-kabar" });
  told.setAttribute("role", "status");
  const box = Object.assign(document.createElement("div"), { className: "map", tabIndex: 0, hidden: true });
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", say("Peta untuk menaruh pin. Panah menggeser pin, tambah dan kurang mengubah besarnya.", "Map to set a pin. Arrows move the pin, plus and minus zoom."));
  box.setAttribute("aria-describedby", told.id);
  fold.append(box, told);
  let map = null, pin = null, drawn = null, shown = "";

  const typed = () => {
    const found = field.value.match(/^\s*(-?\d+\.\d+)\s*,\s*(-?\d+\.\d+)\s*$/);
    return found ? L.latLng(+found[1], +found[2]) : null;
  };
  const put = (point, write) => {
    if (!pin) pin = L.marker(point, { keyboard: false, interactive: false, icon: L.divIcon({ className: "pin", iconSize: [0, 0] }) }).addTo(map);
    pin.setLatLng(point);
    map.panInside(point, { padding: [40, 40] });
    if (write) field.value = `${point.lat.toFixed(5)}, ${point.lng.toFixed(5)}`;
    const where = drawn && drawn.at(point);
    told.textContent = where ? say(`Pin di Kec. ${where}. Angkanya ada di kolom koordinat.`, `Pin in Kec. ${where}. Its numbers are in the field.`)
      : drawn ? say("Pin di luar batas yang digambar. Angkanya ada di kolom koordinat.", "Pin outside the borders drawn. Its numbers are in the field.")
        : say("Pin terpasang. Angkanya ada di kolom koordinat.", "Pin set. Its numbers are in the field.");
  };
  const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  box.addEventListener("keydown", (event) => {
    if (!map || event.ctrlKey || event.metaKey || event.altKey || event.target !== box) return;
    if (event.key === "+" || event.key === "=") map.zoomIn();
    else if (event.key === "-") map.zoomOut();
    else if (event.key === "Enter" && !pin) put(map.getCenter(), true);
    else if (steps[event.key]) {
      const far = event.shiftKey ? 40 : 8, [x, y] = steps[event.key];
      put(pin ? map.unproject(map.project(pin.getLatLng()).add([x * far, y * far])) : map.getCenter(), true);
    } else return;
    event.preventDefault();
  });
  field.addEventListener("change", () => {
    const point = map && typed();
    if (point) { put(point, false); map.setView(point, Math.max(map.getZoom(), 13)); }
    else if (pin && !field.value.trim()) { pin.remove(); pin = null; told.textContent = ""; }
  });

  const show = async () => {
    const chosen = document.querySelector("[name=place]:checked"), place = chosen ? chosen.value.slice(0, 8) : "", code = place.slice(0, 5);
    if (code.length < 5 && !fold.dataset.tiles) {
      told.textContent = say("Cari dan pilih tempatnya dulu. Petanya digambar dari batas kecamatan di sana.", "Find and choose the place first. The map is drawn from the borders there.");
      return;
    }
    if (map && shown === place) return;
    told.textContent = say("Membuka peta…", "Opening the map…");
    box.hidden = false;
    try {
      if (!map) {
        map = await Peta.open(box, fold.dataset);
        map.on("click", (event) => put(event.latlng, true));
      }
      if (code.length === 5 && shown.slice(0, 5) !== code) drawn = await Peta.draw(map, [code]);
      shown = place;
      map.invalidateSize();
      const around = drawn && (drawn.boundsOf(place) || drawn.boundsOf(code));
      if (around) map.fitBounds(around);
      told.textContent = say("Ketuk tempatnya, atau geser pin dengan tombol panah.", "Tap the place, or move the pin with the arrow keys.");
      const point = typed();
      if (point) { put(point, false); map.setView(point, 14); }
      box.dataset.ready = "1";
    } catch (_error) {
      box.hidden = !map;
      told.textContent = say("Peta tidak terbuka. Kolom koordinat dan patokan tetap bisa diisi.", "The map did not open. The field and the landmark still work.");
    }
  };
  fold.addEventListener("toggle", () => { if (fold.open) show(); });
  for (const radio of document.querySelectorAll("[name=place]")) radio.addEventListener("change", () => { if (fold.open) show(); });
  if (fold.open) show();
})();

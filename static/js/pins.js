// The desk's map: a pin for each row of the table. A pin leads to its row, the row in focus shows its pin.
(async () => {
  const place = document.getElementById("peta"), rows = [...document.querySelectorAll("#titik tr[data-at]")], { say } = Peta;
  const box = Object.assign(document.createElement("div"), { className: "map wide-map", tabIndex: 0 });
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", say("Peta laporan. Panah menggeser peta; daftarnya ada di tabel sesudah ini.", "Map of reports. Arrows move the map; the list is in the table below."));
  place.append(box);
  let map;
  try { map = await Peta.open(box, place.dataset); } catch (_error) { box.remove(); return; }
  const known = place.dataset.borders ? place.dataset.borders.split(" ") : [];
  await Peta.draw(map, known);

  // Those at the same point share a pin; the latest of its dates colours it.
  const order = ["late", "near", "on_time", "paused", "none"], at = new Map();
  for (const row of rows) {
    const key = row.dataset.at;
    if (!at.has(key)) at.set(key, []);
    at.get(key).push(row);
  }
  const pins = new Map();
  for (const [key, here] of at) {
    const states = here.map((row) => row.dataset.state), state = order.find((one) => states.includes(one)) || "none";
    const pin = L.circleMarker(key.split(" ").map(Number), {
      radius: Math.min(18, 8 + 2 * (here.length - 1)), className: `case ${state}${here[0].hasAttribute("data-around") ? " around" : ""}`,
    }).addTo(map);
    const words = document.createElement("span");
    words.textContent = here.length === 1 ? here[0].querySelector("th a").textContent : say(`${here.length} laporan`, `${here.length} reports`);
    pin.bindTooltip(words);
    pin.on("click", () => here[0].querySelector("th a").focus());
    for (const row of here) pins.set(row, pin);
  }
  const points = L.latLngBounds([...pins.values()].map((pin) => pin.getLatLng()));
  map.fitBounds(points.pad(0.2), { maxZoom: 13 });
  let shown = null;
  const show = (row) => {
    if (shown) shown.getElement().classList.remove("here");
    shown = pins.get(row) || null;
    if (!shown) return;
    shown.getElement().classList.add("here");
    shown.bringToFront();
    map.panInside(shown.getLatLng(), { padding: [40, 40] });
  };
  for (const row of rows) row.addEventListener("focusin", () => show(row));
  const steps = { ArrowUp: [0, -60], ArrowDown: [0, 60], ArrowLeft: [-60, 0], ArrowRight: [60, 0] };
  box.addEventListener("keydown", (event) => {
    if (event.target !== box || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") map.zoomIn();
    else if (event.key === "-") map.zoomOut();
    else if (steps[event.key]) map.panBy(steps[event.key]);
    else return;
    event.preventDefault();
  });
  box.dataset.ready = "1";
})();

// A map drawn from our own borders. Leaflet and its look are fetched when somebody asks for a map, and not before.
// The element that asks carries where they lie: data-leaflet, data-look, and data-tiles with data-credit if there are any
// (data-archive: what reads them out of one file of pictures).
const Peta = (() => {
  const english = document.documentElement.lang === "en";
  const say = (id, en) => (english ? en : id);
  const fetched = {};
  const fetchOnce = (url, tag, attribute, more) => fetched[url] ||= new Promise((done, fail) => {
    const element = Object.assign(document.createElement(tag), { [attribute]: url, onload: done, onerror: fail }, more);
    document.head.append(element);
  });

  // Tiles out of one file, fetched piece by piece; closer up than it goes its last ones are enlarged.
  const unpack = async (map, files) => {
    await fetchOnce(files.archive, "script", "src");
    const archive = new pmtiles.PMTiles(new URL(files.tiles, location).href), { maxZoom } = await archive.getHeader();
    const tiles = pmtiles.leafletRasterLayer(archive, { attribution: files.credit, maxNativeZoom: maxZoom });
    tiles.on("tileloadstart", ({ tile }) => { tile.alt = ""; }).addTo(map);
  };

  const open = async (box, files) => {
    await Promise.all([
      ...files.look.split(" ").map((url) => fetchOnce(url, "link", "href", { rel: "stylesheet" })),
      fetchOnce(files.leaflet, "script", "src"),
    ]);
    const map = L.map(box, { keyboard: false, zoomControl: false, zoomSnap: 0.5, maxZoom: 18, minZoom: 4 });
    map.attributionControl.setPrefix(false);
    L.control.zoom({ zoomInTitle: say("Perbesar", "Zoom in"), zoomOutTitle: say("Perkecil", "Zoom out") }).addTo(map);
    map.fitBounds([[-11, 95], [6, 141]]);
    if (files.archive) await unpack(map, files).catch(() => 0); // without it the borders are the map
    else if (files.tiles) L.tileLayer(files.tiles, { attribution: files.credit }).addTo(map);
    return map;
  };

  // The kecamatan of these kabupaten/kota, drawn and named; those that are not known are left out.
  const draw = async (map, codes) => {
    const drawn = L.featureGroup().addTo(map), features = [];
    await Promise.all(codes.map(async (code) => {
      const answer = await fetch(`/wilayah/${code}/batas.json`).catch(() => null);
      if (!answer || !answer.ok) return;
      const borders = await answer.json();
      features.push(...borders.features);
      L.geoJSON(borders, { interactive: false, className: "border" }).addTo(drawn);
    }));
    const names = features.filter(({ properties: { point } }) => point).map(({ properties: { name, point: [x, y] } }) => L.marker([y, x], {
      interactive: false, keyboard: false,
      icon: L.divIcon({ className: "name", iconSize: [0, 0], html: Object.assign(document.createElement("span"), { textContent: name }) }),
    }).addTo(drawn));
    // Of names that would lie on each other the first stays; closer up there is room for the next.
    const thin = () => {
      const shown = [];
      for (const name of names) {
        const span = name.getElement().firstChild, { left, right, top, bottom } = span.getBoundingClientRect();
        const free = shown.every((other) => right < other.left || left > other.right || bottom < other.top || top > other.bottom);
        span.classList.toggle("off", !free);
        if (free) shown.push({ left, right, top, bottom });
      }
    };
    map.on("zoomend", thin);
    setTimeout(thin);
    const boundsOf = (code) => {
      const found = features.filter(({ properties }) => properties.code.startsWith(code));
      return found.length ? L.geoJSON({ type: "FeatureCollection", features: found }).getBounds() : null;
    };
    return { boundsOf, at: (point) => (features.find(({ geometry }) => lies(point, geometry)) || { properties: {} }).properties.name };
  };

  // Even and odd: how many edges a line to the east crosses, holes included.
  const lies = ({ lat, lng }, { coordinates }) => {
    let inside = false;
    for (const ring of coordinates.flat()) {
      for (let n = 1; n < ring.length; n += 1) {
        const [x1, y1] = ring[n - 1], [x2, y2] = ring[n];
        if ((y1 > lat) !== (y2 > lat) && lng < (x2 - x1) * (lat - y1) / (y2 - y1) + x1) inside = !inside;
      }
    }
    return inside;
  };

  return { open, draw, say };
})();

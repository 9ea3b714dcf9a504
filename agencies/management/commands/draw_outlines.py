"""Draw the maps of public pages once, from the borders we ship: the country by province, each province by kabupaten and
kota. What is drawn is kept as files (agencies/data/outlines), because joining and thinning borders needs shapely, which
no web process loads."""

from __future__ import annotations

import csv
import gzip
import json
import math
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from agencies.loading import DATA
from agencies.outlines import DRAWN, path_of

# Units from west to east, and at most so many from north to south; corners nearer to a line than THIN go, and islands
# smaller than SMALL square units, unless a place has nothing larger.
WIDTH, TALLEST, THIN, SMALL = 900, 700, 0.7, 2.5


class Command(BaseCommand):
    help = "Gambar ulang peta negara dan provinsi dari batas kecamatan."

    def handle(self, *args: Any, **options: Any) -> None:
        from shapely import make_valid, union_all
        from shapely.geometry import Polygon

        districts: dict[str, list[Any]] = defaultdict(list)
        with gzip.open(DATA / "boundaries" / "kecamatan.csv.gz", "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["hole"] in ("f", "false", "0", ""):
                    corners = json.loads(row["ring"].replace("(", "[").replace(")", "]"))
                    districts[row["code"][:5]].append(make_valid(Polygon(corners)))
        # A little wider and back again: what lies between two kecamatan by rounding is no gap.
        shapes = {
            code: union_all([one.buffer(0.0008) for one in parts]).buffer(-0.0008) for code, parts in districts.items()
        }
        provinces: dict[str, dict[str, Any]] = defaultdict(dict)
        for code, shape in shapes.items():
            provinces[code[:2]][code] = shape
        DRAWN.mkdir(exist_ok=True)
        whole = {code: union_all(list(inside.values())) for code, inside in provinces.items()}
        for name, places in [("id", whole), *sorted(provinces.items())]:
            self._write(DRAWN / f"{name}.json", places)

    def _write(self, path: Path, places: Mapping[str, Any]) -> None:
        boxes = [shape.bounds for shape in places.values()]
        west, south = min(one[0] for one in boxes), min(one[1] for one in boxes)
        east, north = max(one[2] for one in boxes), max(one[3] for one in boxes)
        narrow = math.cos(math.radians((south + north) / 2))
        scale = min(WIDTH / ((east - west) * narrow), TALLEST / (north - south))
        paths = {}
        for code, shape in sorted(places.items()):
            thin = shape.simplify(THIN / scale)
            parts = [one for one in getattr(thin, "geoms", [thin]) if one.geom_type == "Polygon"]
            parts.sort(key=lambda one: -one.area)
            kept = [one for n, one in enumerate(parts) if not n or one.area * narrow * scale * scale >= SMALL]
            paths[code] = "".join(
                path_of(
                    [(round((x - west) * narrow * scale), round((north - y) * scale)) for x, y in one.exterior.coords]
                )
                for one in kept
            )
        drawn = {
            "width": round((east - west) * narrow * scale),
            "height": round((north - south) * scale),
            "paths": {code: path for code, path in paths.items() if path},
        }
        path.write_text(json.dumps(drawn, separators=(",", ":")) + "\n", encoding="utf-8")
        self.stdout.write(f"{path.name}: {len(drawn['paths'])}, {path.stat().st_size} B")

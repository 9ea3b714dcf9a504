"""The places inside a region as lines of an SVG: a map from the server, drawn with nobody else's help (ADR 0021).

Coarse on purpose: one unit is about a pixel of a page, so that a province is some tens of kilobytes.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from django.core.cache import cache

from agencies.models import Boundary

# Units from west to east, and at most so many from north to south.
WIDTH, TALLEST = 600, 600
# Seconds. Borders change by decree; a day later is soon enough.
KEPT = 24 * 3600
# Raised when the answer looks different, so that none of the older shape is kept.
SHAPE = 1

# Drawn beforehand by `draw_outlines`: thinner, without the lines inside a place, and some kilobytes each.
DRAWN: Final = Path(__file__).parent / "data" / "outlines"
COUNTRY: Final = "id"

Point = tuple[int, int]


@dataclass(frozen=True)
class Outlines:
    """`paths`: what an SVG path draws, by the code of the place. Empty where no borders are loaded."""

    width: int
    height: int
    paths: dict[str, str]


def drawn(code: str) -> Outlines:
    """The country by province (COUNTRY), or a province by kabupaten and kota; a province that was never drawn
    beforehand is drawn from the borders in the database. No statement where it was."""
    path = DRAWN / f"{code}.json"
    if not path.exists():
        return of(code) if code != COUNTRY else Outlines(WIDTH, WIDTH, {})
    kept = json.loads(path.read_bytes())
    return Outlines(kept["width"], kept["height"], kept["paths"])


def of(code: str) -> Outlines:
    """The kabupaten and kota of a province ("74"), or the kecamatan of a kabupaten ("74.01"). One statement, none where
    it was drawn today."""
    key = f"outlines:{SHAPE}:{code}"
    kept = cache.get(key)
    if kept is not None:
        return Outlines(*kept)
    drawn = draw(code)
    if drawn.paths:
        cache.set(key, (drawn.width, drawn.height, drawn.paths), KEPT)
    return drawn


def draw(code: str) -> Outlines:
    """Each place is all the kecamatan in it, ring by ring; one code is as long as the codes right below."""
    digits = len(code) + 3
    rows = Boundary.objects.filter(region__code__startswith=f"{code}.", hole=False).order_by("region_id", "pk")
    rings: list[tuple[str, list[list[float]]]] = [
        (region[:digits], json.loads(ring.replace("(", "[").replace(")", "]")))
        for region, ring in rows.values_list("region_id", "ring")
    ]
    if not rings:
        return Outlines(WIDTH, WIDTH, {})
    corners = [corner for _place, ring in rings for corner in ring]
    west, east = min(x for x, _y in corners), max(x for x, _y in corners)
    south, north = min(y for _x, y in corners), max(y for _x, y in corners)
    # A degree to the east is shorter than one to the north, the further from the equator the more.
    narrow = math.cos(math.radians((south + north) / 2))
    scale = min(WIDTH / ((east - west) * narrow or 1), TALLEST / ((north - south) or 1))
    paths: dict[str, list[str]] = {}
    for place, ring in rings:
        line = path_of([(round((x - west) * narrow * scale), round((north - y) * scale)) for x, y in ring])
        if line:
            paths.setdefault(place, []).append(line)
    return Outlines(
        round((east - west) * narrow * scale) or 1,
        round((north - south) * scale) or 1,
        {place: "".join(lines) for place, lines in paths.items()},
    )


def path_of(points: list[Point]) -> str:
    """Steps from corner to corner; what falls on one point is one. Nothing of an island smaller than a pixel."""
    kept = [point for n, point in enumerate(points) if point != points[n - 1]]
    if len(kept) < 3:
        return ""
    steps = [f"{x - left:d} {y - above:d}" for (left, above), (x, y) in pairwise(kept)]
    return f"M{kept[0][0]} {kept[0][1]}l{' '.join(steps)}z"

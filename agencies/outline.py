"""A kabupaten/kota drawn: the borders of its kecamatan as paths for SVG, to be coloured by whoever counts something."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache

from agencies.models import Region
from agencies.views.borders import KEPT, collection

# Units of the drawing: its longer side. Raised with SHAPE when it looks different, so that none of the old is kept.
SIDE, SHAPE = 600, 1


@dataclass(frozen=True)
class Shape:
    """`d`: the path. `x`, `y`: a point inside, for its number; None: none is known."""

    code: str
    name: str
    d: str
    x: float | None
    y: float | None


@dataclass(frozen=True)
class Outline:
    width: int
    height: int
    shapes: tuple[Shape, ...]


def outline(regency: Region) -> Outline | None:
    """None where no borders were loaded. One statement, none while the drawing is kept."""
    key: Final = f"outline:{SHAPE}:{regency.code}"
    kept = cache.get(key)
    if kept is None:
        kept = draw(collection(regency)["features"])
        cache.set(key, kept, KEPT)
    width, height, shapes = kept
    return Outline(width, height, tuple(Shape(*one) for one in shapes)) if shapes else None


def draw(features: list[dict[str, Any]]) -> tuple[int, int, list[tuple[str, str, str, float | None, float | None]]]:
    """Degrees to the drawing's own units; a degree to the east is shorter the farther from the equator it lies."""
    corners = [
        point for one in features for shape in one["geometry"]["coordinates"] for ring in shape for point in ring
    ]
    if not corners:
        return 0, 0, []
    west, east = min(x for x, _y in corners), max(x for x, _y in corners)
    south, north = min(y for _x, y in corners), max(y for _x, y in corners)
    flat = math.cos(math.radians((south + north) / 2))
    scale = SIDE / max((east - west) * flat, north - south, 1e-6)

    def at(x: float, y: float) -> tuple[float, float]:
        return round((x - west) * flat * scale, 1), round((north - y) * scale, 1)

    def path(shapes: list[list[list[list[float]]]]) -> str:
        rings = (ring for shape in shapes for ring in shape)
        return "".join(f"M{'L'.join(f'{px:g} {py:g}' for px, py in (at(*p[:2]) for p in ring))}Z" for ring in rings)

    made = []
    for one in features:
        about = one["properties"]
        x, y = at(*about["point"]) if about["point"] else (None, None)
        made.append((about["code"], about["name"], path(one["geometry"]["coordinates"]), x, y))
    return math.ceil((east - west) * flat * scale), math.ceil((north - south) * scale), made

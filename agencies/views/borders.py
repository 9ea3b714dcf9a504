"""The borders of a kabupaten/kota as GeoJSON, to draw a map without anybody else's server."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from agencies.models import Boundary, Level, Region

# Seconds. Borders change by decree; a day later is soon enough.
KEPT = 24 * 3600
# Raised when the answer looks different, so that none of the older shape is kept.
SHAPE = 2

Ring = list[list[float]]


@require_safe
def borders(request: HttpRequest, code: str) -> HttpResponse:
    """Its kecamatan, each a feature with code and name; 2 to 20 kB compressed. Anybody may keep it for a day."""
    key = f"borders:{SHAPE}:{code}"
    drawn = cache.get(key)
    if drawn is None:
        regency = Region.objects.current().filter(pk=code, level__in=(Level.KABUPATEN, Level.KOTA)).first()
        if regency is None:
            raise Http404
        drawn = json.dumps(collection(regency), separators=(",", ":"), ensure_ascii=False)
        cache.set(key, drawn, KEPT)
    return HttpResponse(drawn, content_type="application/json", headers={"Cache-Control": f"public, max-age={KEPT}"})


def collection(regency: Region) -> dict[str, Any]:
    """RFC 7946: longitude first, rings closed, a hole behind the ring it lies in. `point` lies inside, for the
    name. One statement."""
    rows = (
        Boundary.objects.filter(region__in=Region.objects.current().filter(parent=regency))
        .order_by("region_id", "pk")
        .values_list("region_id", "region__name", "region__longitude", "region__latitude", "ring", "hole")
    )
    about: dict[str, dict[str, Any]] = {}
    outer: dict[str, list[list[Ring]]] = {}
    holes: list[tuple[str, Ring]] = []
    for code, name, longitude, latitude, text, hole in rows:
        about[code] = {"code": code, "name": name, "point": None if latitude is None else [longitude, latitude]}
        if hole:
            holes.append((code, _ring(text)))
        else:
            outer.setdefault(code, []).append([_ring(text)])
    for code, ring in holes:
        around = next((shape for shape in outer.get(code, []) if _holds(shape[0], ring[0])), None)
        if around is not None:
            around.append(ring)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": about[code],
                "geometry": {"type": "MultiPolygon", "coordinates": shapes},
            }
            for code, shapes in outer.items()
        ],
    }


def _ring(text: str) -> Ring:
    """ "((97.4,2.9),(97.5,2.9))" as PostgreSQL writes a polygon → its corners, the first again at the end."""
    corners: Ring = json.loads(text.replace("(", "[").replace(")", "]"))
    return [*corners, corners[0]]


def _holds(ring: Ring, point: list[float]) -> bool:
    """Whether a point lies inside: how often a line from it to the east crosses the ring."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside

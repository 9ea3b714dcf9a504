"""A point → its kecamatan, over the shipped borders: exact inside, the nearest on a coast that was drawn too simply.

The same file that Postgres holds for the web process (`Region.objects.at`, ADR 0020). Here it is read once by a worker
at its first question, about a second and 25 MB; a question costs some 50 microseconds and no statement.
Nothing is imported or read before it, so that a process that never asks never pays.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agencies.loading import DATA

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import STRtree

SHIPPED = DATA / "boundaries" / "kecamatan.csv.gz"
# On these latitudes (11° south to 6° north) a degree is as long either way, to two parts in a hundred.
METRES = 111_320
# The twelve nautical miles in which a province manages the sea (UU 23/2014, article 27): further out nobody's.
REACH = 12 * 1852
# Within it of a border the sides can't be told apart: borders are simplified (data/boundaries/SOURCE.md).
NEAR_BORDER = 200
# So far outside every border a point still surely belongs to the nearest: quays, stilt houses, small islands.
NEAR_COAST = 2_000


@dataclass(frozen=True)
class Spot:
    """Where a point lies. `code`: its kecamatan, or the nearest; `away`: metres to it, 0 inside.

    `beside`: the other kecamatan within NEAR_BORDER, if any.
    """

    code: str
    away: int = 0
    beside: tuple[str, ...] = ()

    @property
    def regency(self) -> str:
        return self.code[:5]

    @property
    def sure(self) -> str:
        """The narrowest code that all sides of a near border share: kecamatan, kabupaten/kota, or provinsi; "" where
        they share none, or where the point lies too far out."""
        if self.away > NEAR_COAST:
            return ""
        columns = zip(*(code.split(".") for code in (self.code, *self.beside)), strict=True)
        return ".".join(same[0] for same in takewhile(lambda column: len(set(column)) == 1, columns))


class Borders:
    """Borders that answer where a point lies. `own[n]` is the code of the n-th polygon of the tree."""

    def __init__(self, tree: STRtree, own: list[str]) -> None:
        self._tree, self._own = tree, own

    def at(self, latitude: float, longitude: float, reach: int = REACH) -> Spot | None:
        """None: nothing of the country lies within `reach` metres."""
        import shapely

        point = shapely.Point(longitude, latitude)
        near = self._tree.query(point, predicate="dwithin", distance=NEAR_BORDER / METRES)
        if len(near) == 0:
            found, away = self._tree.query_nearest(
                point, max_distance=reach / METRES, return_distance=True, all_matches=False
            )
            return Spot(self._own[found[0]], round(float(away[0]) * METRES)) if len(found) else None
        shapes = self._tree.geometries[near]
        away, size = shapely.distance(point, shapes), shapely.area(shapes)
        # Where two overlap, the smaller lies in the larger.
        ranked = sorted(
            (round(float(far) * METRES), float(area), self._own[n])
            for n, far, area in zip(near, away, size, strict=True)
        )
        first, _, code = ranked[0]
        beside = dict.fromkeys(other for _, _, other in ranked if other != code)
        return Spot(code, first, tuple(beside))


def read(file: Path = SHIPPED) -> Borders:
    """From rings as PostgreSQL writes polygons: columns code, hole (t or f), ring."""
    import shapely

    land: list[tuple[str, Any]] = []
    holes: dict[str, list[Any]] = {}
    with gzip.open(file, "rt", encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            ring = shapely.Polygon(_corners(row["ring"]))
            if row["hole"] == "t":
                holes.setdefault(row["code"], []).append(ring)
            else:
                land.append((row["code"], ring))
    inside = {code: shapely.union_all(rings) for code, rings in holes.items()}
    shapes = [shapely.difference(ring, inside[code]) if code in inside else ring for code, ring in land]
    return Borders(shapely.STRtree(shapes), [code for code, _ in land])


def _corners(ring: str) -> NDArray[Any]:
    """ "((97.4382,2.9069),(97.4383,2.9074))" → pairs of longitude and latitude."""
    import numpy

    return numpy.array(ring[2:-2].replace("),(", ",").split(","), dtype=float).reshape(-1, 2)


@cache
def shipped() -> Borders:
    """The country's, read once in the life of a process."""
    return read()

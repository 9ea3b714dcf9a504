"""How many open cases lie in each kecamatan of a district, as a map and as the table beneath it.

Counted as the reader may count them (`oversight.readable`), by the place of the report: of the same cases as the table
of offices. A case without a place, or from elsewhere, is in the table and in no shape.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q
from django.db.models.functions import Left

from agencies.models import Agency, Level, Membership, Region
from agencies.outline import Shape, outline
from complaints.models import Complaint
from complaints.transitions import OFFICES_TURN
from routing.oversight import readable

# Length of the code of a kecamatan, "14.02.05", and tones of the map beside "none".
CODE, TONES = 8, 5


@dataclass(frozen=True)
class Place:
    """`code` and `name` are blank for what lies in none of the district's kecamatan."""

    code: str
    name: str
    open: int
    late: int


@dataclass(frozen=True)
class Drawn:
    shape: Shape
    place: Place
    count: int
    tone: str


@dataclass(frozen=True)
class Map:
    """`places`: most first. `drawn` is empty where no borders were loaded."""

    places: Sequence[Place]
    drawn: Sequence[Drawn]
    width: int
    height: int
    by_late: bool
    # Upper end of each tone, m1 first.
    steps: Sequence[int]

    @property
    def most(self) -> Place | None:
        named = [one for one in self.places if one.code and self.count(one)]
        return named[0] if named else None

    def count(self, place: Place) -> int:
        return place.late if self.by_late else place.open


def look(membership: Membership, node: Agency, today: datetime.date, *, by_late: bool) -> Map | None:
    """None for a node that is no kabupaten or kota. Three statements at most."""
    regency = node.region
    if regency is None or regency.level not in (Level.KABUPATEN, Level.KOTA):
        return None
    rows = (
        Complaint.objects.open()
        .filter(readable(membership), handler__path__startswith=node.path)
        .annotate(kecamatan=Left("place_id", CODE))
        .values_list("kecamatan")
        .annotate(Count("pk"), late=Count("pk", filter=Q(status__in=OFFICES_TURN, due_on__lt=today)))
        .order_by()
    )
    counts = {code or "": (open_, late) for code, open_, late in rows}
    here = Region.objects.current().filter(parent=regency).order_by("name").values_list("code", "name")
    places = [Place(code, name, *counts.pop(code, (0, 0))) for code, name in here]
    if counts:
        elsewhere = [sum(numbers) for numbers in zip(*counts.values(), strict=True)]
        places.append(Place("", "", *elsewhere))
    places.sort(key=lambda one: (not one.code, -(one.late if by_late else one.open), one.name))
    found = outline(regency) if any(one.open for one in places) else None
    by_code = {one.code: one for one in places}
    shapes = [shape for shape in found.shapes if shape.code in by_code] if found else []
    top = max((one.late if by_late else one.open for one in places if one.code), default=0)
    drawn = []
    for shape in shapes:
        place = by_code[shape.code]
        count = place.late if by_late else place.open
        drawn.append(Drawn(shape, place, count, f"m{_tone(count, top)}"))
    return Map(places, drawn, found.width if found else 0, found.height if found else 0, by_late, _steps(top))


def _tone(count: int, top: int) -> int:
    return next((n for n, step in enumerate(_steps(top), start=1) if count <= step), TONES) if count else 0


def _steps(top: int) -> list[int]:
    """Upper ends of equal steps; with few cases there are fewer steps."""
    tones: Final = min(TONES, top)
    return [math.ceil(top * n / tones) for n in range(1, tones + 1)]

"""Where the cases of a desk lie, for its map: the point their reporters gave, else a point inside the kecamatan that
was chosen or found.

Secret cases have no pin, for nobody: their place is read on their own page, where reading it is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q

from agencies.models import Region
from complaints.models import Complaint
from complaints.models.complaint import LIES_AT
from routing import queue

MOST = 200


@dataclass(frozen=True)
class Pin:
    """`exact`: the reporter's own point; else somewhere in the narrowest region around that has one."""

    row: queue.Row
    latitude: float
    longitude: float
    exact: bool


@dataclass(frozen=True)
class Pins:
    """`unplaced`: cases of the page with neither point nor place. `regencies`: codes whose borders to draw. What is
    older was not looked at where it `is_partial`."""

    pins: list[Pin]
    unplaced: list[queue.Row]
    next_cursor: str
    is_first: bool
    is_partial: bool
    regencies: list[str]


# More borders than these would weigh more than they tell.
MOST_BORDERS = 6


def page(desk: queue.Desk, query: queue.Query, cursor: str = "", most: int = MOST) -> Pins:
    """Up to `most` cases, in the order of the list. Five statements at most."""
    found = queue.page(replace(desk, within=Q(secret=False)), query, cursor, most)
    numbers = [row.number for row in found.rows]
    cases = Complaint.objects.filter(number__in=numbers).values_list("number", "latitude", "longitude", LIES_AT)
    points = {number: (latitude, longitude, place) for number, latitude, longitude, place in cases}
    inside = _inside(place for _, _, place in points.values() if place)
    pins, unplaced = [], []
    for row in found.rows:
        latitude, longitude, place = points[row.number]
        if latitude is not None and longitude is not None:
            pins.append(Pin(row, latitude, longitude, exact=True))
        elif place in inside:
            pins.append(Pin(row, *inside[place], exact=False))
        else:
            unplaced.append(row)
    regencies = list(dict.fromkeys(place[:5] for _, _, place in points.values() if place and len(place) >= 5))
    return Pins(pins, unplaced, found.next_cursor, found.is_first, found.is_partial, regencies[:MOST_BORDERS])


def _inside(codes: Iterable[str]) -> dict[str, tuple[float, float]]:
    """A point in each of these regions, or in the narrowest around it that has one: of villages none is known."""
    wanted = {code: Region(code=code).codes_above for code in codes}
    around = {code for above in wanted.values() for code in above}
    known = {
        region.pk: (region.latitude, region.longitude)
        for region in Region.objects.filter(pk__in=around, latitude__isnull=False, longitude__isnull=False)
    }
    found = {}
    for code, above in wanted.items():
        point = next((known[one] for one in reversed(above) if one in known), None)
        if point is not None and point[0] is not None and point[1] is not None:
            found[code] = (point[0], point[1])
    return found

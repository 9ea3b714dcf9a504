"""A pemda's offices side by side: what each has open, how late, whether that grows, who is there to do it.

One line is an office directly below the node with everything under it; the node's own desk is a line too. The number
of statements does not depend on the number of offices. Open cases are counted as the reader may count them
(`oversight.readable`), the rest is read from the figures (`routing.measures`) by the same measure.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count

from agencies import calendar
from agencies.models import Agency, Membership
from agencies.models.agency import AgencyQuerySet
from complaints.models import Complaint
from lapor.kit import bars
from routing import oversight
from routing.almanac import zone_of
from routing.measures import catalogue, people
from routing.measures.reading import Reader, Scope
from routing.oversight import Row, readable

# Weeks over which the median, what was handed back and the ratings are taken; and how far back the trend looks.
WEEKS, TREND_WEEKS = 12, 4


@dataclass
class Office(Row):
    """`before`: open four weeks ago. `answered`: turns of which the median is told. `valid`: officers whose decree
    holds."""

    before: int = 0
    turns: int = 0
    answered: int = 0
    bounced: int = 0
    rated: int = 0
    rating: float | None = None
    officers: int = 0
    active: int = 0
    valid: int = 0
    # Offices under it that are counted with it, and what is open there.
    units: int = 0
    open_below: int = 0

    @property
    def trend(self) -> int:
        return self.open - self.before

    @property
    def share_bounced(self) -> int | None:
        return round(100 * self.bounced / self.turns) if self.turns else None

    @property
    def is_silent(self) -> bool:
        return self.silent or bool(self.silent_below)

    @property
    def lacks_decree(self) -> bool:
        return self.valid < self.officers


@dataclass(frozen=True)
class District:
    node: Agency
    today: datetime.date
    offices: list[Office]
    # Of programmes' observers there are no figures of turns, ratings and people.
    has_figures: bool
    holidays: frozenset[datetime.date]

    @property
    def open(self) -> int:
        return sum(one.open for one in self.offices)

    @property
    def late(self) -> int:
        return sum(one.late for one in self.offices)

    @property
    def near(self) -> int:
        return sum(one.near for one in self.offices)

    @property
    def before(self) -> int:
        return sum(one.before for one in self.offices)

    @property
    def late_offices(self) -> int:
        return sum(bool(one.late) for one in self.offices)

    @property
    def silent_offices(self) -> int:
        return sum(one.silent + one.silent_below for one in self.offices)

    @property
    def oldest(self) -> int | None:
        return max((one.oldest for one in self.offices if one.oldest is not None), default=None)


def look(
    membership: Membership,
    node: Agency,
    reach: AgencyQuerySet,
    now: datetime.datetime,
    *,
    figures: bool = True,
    trend: bool = True,
) -> District:
    """Every office below the node, the late ones first. Twelve statements at most. `reach`: the agencies whose numbers
    the reader may see. `figures`: False leaves out what is read from the ledger and of people; `trend`: False, what was
    open four weeks ago."""
    found = oversight.offices(membership, node, reach, now)
    figures = figures and membership.programme_id is None
    offices = _fold(found.rows, node)
    if trend:
        _before(offices, membership, node, found.today)
    if figures:
        _figures(offices, membership, node, found.today)
    top = max((one.open for one in offices.values()), default=0)
    for one in offices.values():
        if one.oldest_on is not None:
            one.oldest = calendar.working_days_between(one.oldest_on, found.today, found.holidays)
        one.parts = bars.stack([("", count, f"a{n}") for n, count in enumerate(one.ages, start=1)], top=top or None)
    ordered = sorted(offices.values(), key=ORDERS[""])
    return District(node, found.today, ordered, figures, found.holidays)


def _fold(rows: Mapping[int, Row], node: Agency) -> dict[int, Office]:
    """Sums by the office directly below the node; the node itself for its own desk."""
    offices: dict[int, Office] = {}
    for row in rows.values():
        pk = below(row.agency.path, node)
        head = rows.get(pk, row)
        one = offices.setdefault(head.agency.pk, Office(head.agency))
        is_head = row is head
        one.open += row.open
        one.late += row.late
        one.near += row.near
        one.before += row.lasting
        one.ages = [mine + more for mine, more in zip(one.ages, row.ages, strict=True)]
        one.oldest_on = min((day for day in (one.oldest_on, row.oldest_on) if day), default=None)
        one.visited_on = max((day for day in (one.visited_on, row.visited_on) if day), default=None)
        if is_head:
            one.silent = row.silent
        else:
            one.silent_below += row.silent
            one.units += 1
            one.open_below += row.open
    return offices


def below(path: str, node: Agency) -> int:
    """The office directly below the node on this path; the node itself for its own desk."""
    steps = [int(step) for step in path.strip("/").split("/")]
    return steps[node.path_length] if len(steps) > node.path_length else steps[-1]


def _before(offices: Mapping[int, Office], membership: Membership, node: Agency, today: datetime.date) -> None:
    """What was open four weeks ago and is so no more, or elsewhere; added to what lies there since. One statement."""
    day = today - datetime.timedelta(weeks=TREND_WEEKS)
    then = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), ZoneInfo(zone_of(node)))
    gone = (
        Complaint.objects.filter(
            readable(membership),
            dispositions__agency__path__startswith=node.path,
            dispositions__received_on__lte=day,
            dispositions__ended_at__gte=then,
        )
        .values_list("dispositions__agency__path")
        .annotate(Count("pk"))
        .order_by()
    )
    for path, count in gone:
        one = offices.get(below(path, node))
        if one is not None:
            one.before += count


def _figures(offices: Mapping[int, Office], membership: Membership, node: Agency, today: datetime.date) -> None:
    """Turns, days, ratings and people, in six statements at most."""
    first = today - datetime.timedelta(weeks=WEEKS)
    scope = Scope(node, first, today, reader=Reader.of(membership))
    for pk, sums in scope.some_below("turns", "turns_not_ours", "rated", "rating_answer").items():
        one = offices.get(pk)
        if one is not None:
            one.turns, one.bounced, one.rated = sums["turns"], sums["turns_not_ours"], sums["rated"]
            one.rating = sums["rating_answer"] / one.rated if one.rated else None
    for pk, days in scope.days_below.items():
        if pk in offices:
            taken = catalogue.days_of(days)
            offices[pk].median, offices[pk].answered = taken.median, taken.n
    for pk, (officers, active, valid) in people.by_office(node, today).items():
        if pk in offices:
            offices[pk].officers, offices[pk].active, offices[pk].valid = officers, active, valid


# --- Sorting and filtering: words of the address ---

_NEVER: Final = datetime.date.min


def _worst_first(one: Office) -> tuple[Any, ...]:
    return (not one.is_silent, -one.late, -(one.oldest or 0), one.agency.name)


ORDERS: Final[Mapping[str, Callable[[Office], Any]]] = {
    "": _worst_first,
    "nama": lambda one: one.agency.name,
    "terbuka": lambda one: (-one.open, one.agency.name),
    "hampir": lambda one: (-one.near, one.agency.name),
    "terlambat": lambda one: (-one.late, one.agency.name),
    "tertua": lambda one: (-(one.oldest if one.oldest is not None else -1), one.agency.name),
    "median": lambda one: (-(one.median if one.median is not None else -1), one.agency.name),
    "tren": lambda one: (-one.trend, one.agency.name),
    "kembali": lambda one: (-(one.share_bounced if one.share_bounced is not None else -1), one.agency.name),
    "nilai": lambda one: (one.rating if one.rating is not None else 6, one.agency.name),
    # Longest ago first: never, then long ago.
    "dibuka": lambda one: (one.visited_on or _NEVER, one.agency.name),
    "petugas": lambda one: (one.active, one.agency.name),
    "sk": lambda one: (-(one.officers - one.valid), one.agency.name),
}
ONLY: Final[Mapping[str, Callable[[Office], bool]]] = {
    "diam": lambda one: one.is_silent,
    "terlambat": lambda one: bool(one.late),
    "naik": lambda one: one.trend > 0,
    "kosong": lambda one: not one.active,
    "sk": lambda one: one.lacks_decree,
}


def is_of(one: Row, kind: str) -> bool:
    """ "kecamatan", "dinas" (all others), or any other word: all."""
    is_kecamatan = one.agency.urusan == "kecamatan"
    return {"kecamatan": is_kecamatan, "dinas": not is_kecamatan}.get(kind, True)

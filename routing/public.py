"""How reports are answered, for everybody: the country, a province, a district, any office. Sums alone, of whole
months, and never a secret case: what is counted in a district is counted in its province and in the country, and
nothing else is, so that no difference of two pages tells of one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from django.db import connection
from django.db.models import Count, F, Q
from django.db.models.functions import Left

from agencies import outlines
from agencies.models import Agency, Level, Region
from agencies.models.agency import PEMDA, Kind
from agencies.outlines import Outlines
from complaints.models import Publication
from routing.figures import first_of
from routing.measures import counting, territory
from routing.measures.catalogue import Days, days_of
from routing.measures.counting import TURNS, condition
from routing.measures.reading import Scope, of_tops
from routing.measures.secrecy import LEAST
from routing.measures.territory import Territory

# A share or a median of fewer is not told; of an office, its peers' middle from LEAST of them on.
ENOUGH: Final = 30
# Months of the trend, the running one among them.
TREND: Final = 24
# Letters of the code of a kecamatan, "14.02.05".
_KECAMATAN: Final = 8
JUDGED: Final = ("answered_in_time", "answered_late", "answered_missed")
SETTLED: Final = ("settled_in_time", "settled_late", "settled_missed")
COLUMNS: Final = ("received", "open", "past_due", *JUDGED, *SETTLED, "accepted", "lapsed")
Numbers = Mapping[str, int]
NOTHING: Final[Numbers] = dict.fromkeys(counting.CODES, 0)


@dataclass(frozen=True)
class Body:
    """Whose numbers these are. `tops`: the agencies directly below the root it is made of; none for the country, and
    for an office that lies deeper. `region`: the province or district it is, if it is one."""

    agency: Agency
    tops: tuple[int, ...] = ()
    region: Region | None = None
    is_country: bool = False
    is_province: bool = False

    @property
    def is_office(self) -> bool:
        """An office below an agency: it is measured by its own turns."""
        return not (self.is_country or self.is_province or self.tops or self.region)

    def scope(self, first: datetime.date, last: datetime.date) -> Scope:
        if self.is_country or self.is_office:
            return Scope(self.agency, first, last)
        return Territory(self.agency, first, last, tops=self.tops)


def country() -> Body:
    return Body(Agency.objects.root(), is_country=True)


def of_agency(agency: Agency) -> Body:
    """Of an office with all below it; of the root the country. One statement at most."""
    if agency.parent_id is None:
        return Body(agency, is_country=True)
    if agency.path_length > _TOP:
        return Body(agency)
    region = agency.region if agency.kind in (Kind.KABUPATEN, Kind.KOTA) else None
    return Body(agency, (agency.pk,), region)


def of_region(region: Region) -> Body:
    """A province, or a kabupaten or kota; the agencies that were its before with those that are. Two statements."""
    root = Agency.objects.root()
    rows = Agency.objects.filter(parent=root, kind__in=PEMDA).order_by("ends_on", "pk")
    if region.level == Level.PROVINSI:
        tops = tuple(rows.filter(region__code__startswith=region.code).values_list("pk", flat=True))
        return Body(root, tops, region, is_province=True)
    pemda = list(rows.filter(region=region))
    standing = [one for one in pemda if one.ends_on is None] or pemda
    return Body(standing[-1] if standing else root, tuple(one.pk for one in pemda), region)


_TOP: Final = 2


# --- The parts of it ---


@dataclass
class Row:
    """One part. `code`: of the place on the map; `sums` None: nobody was ever there to count."""

    key: str
    name: str
    url: tuple[str, str] | None
    sums: Numbers = field(default_factory=lambda: NOTHING)
    days: Days | None = None
    code: str = ""
    is_own: bool = False
    connected: bool = True

    @property
    def received(self) -> int:
        return self.sums["received"]

    @property
    def judged(self) -> int:
        return sum(self.sums[code] for code in JUDGED)

    @property
    def in_time(self) -> int | None:
        """Per cent of first answers in time; None: too few to say."""
        return _share(self.sums["answered_in_time"], self.judged)

    @property
    def settled_in_time(self) -> int | None:
        return _share(self.sums["settled_in_time"], sum(self.sums[code] for code in SETTLED))

    @property
    def median(self) -> float | None:
        return self.days.median if self.days is not None and self.days.n >= ENOUGH else None


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole >= ENOUGH else None


def parts(body: Body, scope: Scope, today: datetime.date) -> list[Row]:
    """What it is made of, each part once, those with none too: their sums are the whole's. At most five statements."""
    if body.is_country:
        return _provinces(body, scope)
    if body.is_province:
        return _districts(body, scope)
    return _offices(body, scope, today) if body.agency.parent_id else []


def _provinces(body: Body, scope: Scope) -> list[Row]:
    tops = list(Agency.objects.filter(parent=body.agency).order_by().values_list("pk", "kind", "region_id"))
    sums = of_tops([pk for pk, _kind, _region in tops], scope.first, scope.last, *COLUMNS)
    rows = {
        code: Row(code, name, ("daerah", code), _none(), code=code)
        for code, name in Region.objects.filter(level=Level.PROVINSI).order_by("code").values_list("code", "name")
    }
    for pk, kind, region in tops:
        key = region[:2] if region and kind in PEMDA and region[:2] in rows else kind
        _add(rows.setdefault(key, Row(key, str(Kind(kind).label).capitalize(), None, _none())), sums.get(pk))
    rest = {code: scope.sums[code] - sum(row.sums[code] for row in rows.values()) for code in COLUMNS}
    own = Row("pusat", body.agency.name, None, rest, is_own=True)
    found = [row for row in rows.values() if row.code or any(row.sums.values())]
    return [*found, own] if any(rest.values()) else found


def _districts(body: Body, scope: Scope) -> list[Row]:
    assert body.region is not None
    code = body.region.code
    tops = list(Agency.objects.filter(pk__in=body.tops).order_by().values_list("pk", "kind", "name", "region_id"))
    sums = of_tops(body.tops, scope.first, scope.last, *COLUMNS)
    places = Region.objects.current().filter(parent_id=code, level__in=(Level.KABUPATEN, Level.KOTA)).order_by("code")
    rows = {
        place: Row(place, name, ("daerah", place), _none(), code=place, connected=False)
        for place, name in places.values_list("code", "name")
    }
    for pk, kind, name, region in tops:
        key = region if kind != Kind.PROVINSI and region in rows else f"i{pk}"
        row = rows.setdefault(key, Row(key, name, ("instansi", str(pk)), _none(), is_own=kind == Kind.PROVINSI))
        row.connected = True
        _add(row, sums.get(pk))
    return list(rows.values())


def _offices(body: Body, scope: Scope, today: datetime.date) -> list[Row]:
    """The offices directly below, those that ended only where they have something."""
    own = body.agency
    inside = Scope(own, scope.first, scope.last)
    below, days = inside.below, inside.days_below
    rows = []
    for pk, name, ends_on in (
        Agency.objects.filter(Q(parent=own) | Q(pk=own.pk)).order_by("name", "pk").values_list("pk", "name", "ends_on")
    ):
        sums = below.get(pk, NOTHING)
        is_own = pk == own.pk
        if (is_own or (ends_on is not None and ends_on < today)) and not sums["received"]:
            continue
        url = None if is_own else ("instansi", str(pk))
        rows.append(Row(str(pk), name, url, sums, days_of(days.get(pk, {})), is_own=is_own))
    before = [pk for pk in body.tops if pk != own.pk]
    if before:
        names = dict(Agency.objects.filter(pk__in=before).values_list("pk", "name"))
        for pk, sums in of_tops(before, scope.first, scope.last).items():
            rows.append(Row(str(pk), names[pk], ("instansi", str(pk)), sums))
    rows.sort(key=lambda row: row.is_own)
    return [] if all(row.is_own for row in rows) else rows


def _none() -> dict[str, int]:
    return dict.fromkeys(counting.CODES, 0)


def _add(row: Row, sums: Numbers | None) -> None:
    if sums is not None:
        row.sums = {code: row.sums[code] + sums.get(code, 0) for code in row.sums}


# --- The map ---


@dataclass(frozen=True)
class Place:
    """Published reports of a kecamatan, as the list of it counts them."""

    code: str
    name: str
    count: int


def kecamatan(body: Body, first: datetime.datetime, after: datetime.datetime) -> list[Place]:
    """Every kecamatan of a district with what was published of it between two instants; most first. What stands here
    is public case by case, so nothing is held back. Two statements."""
    assert body.region is not None
    rows = (
        Publication.objects.filter(
            place__code__startswith=f"{body.region.code}.", published_at__gte=first, published_at__lt=after
        )
        .annotate(code=Left(F("place_id"), _KECAMATAN))
        .order_by()
        .values_list("code")
        .annotate(Count("pk"))
    )
    counts = dict(rows)
    here = Region.objects.current().filter(parent=body.region).order_by("name").values_list("code", "name")
    return sorted((Place(code, name, counts.get(code, 0)) for code, name in here), key=lambda one: -one.count)


def outline(body: Body) -> Outlines:
    """The lines of its map; a district's from the borders in the database."""
    if body.is_country:
        return outlines.drawn(outlines.COUNTRY)
    assert body.region is not None
    return outlines.drawn(body.region.code) if body.is_province else outlines.of(body.region.code)


# --- Over time ---


@dataclass(frozen=True)
class Month:
    """Received in it, by what became of the first answer; `other`: still has time, or is not judged."""

    first: datetime.date
    received: int
    in_time: int
    late: int
    missed: int

    @property
    def other(self) -> int:
        return max(0, self.received - self.in_time - self.late - self.missed)

    @property
    def judged(self) -> int:
        return self.in_time + self.late + self.missed


def trend(scope: Scope, today: datetime.date) -> list[Month]:
    """The last months, oldest first."""
    found = territory.by_month(scope, first_of(today, TREND - 1), "received", *JUDGED)
    months = [first_of(today, TREND - 1 - n) for n in range(TREND)]
    return [Month(month, *(found.get(month, NOTHING)[code] for code in ("received", *JUDGED))) for month in months]


def earliest() -> datetime.date | None:
    """The first month of which there are figures. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(day) FROM routing_monthtally WHERE node_id = %s AND cube = 0", [Agency.objects.root().pk]
        )
        found: datetime.date | None = cursor.fetchone()[0]
    return found


def secret_of(year: int) -> int | None:
    """How many secret cases the whole country had in a year that is over (case.md, I7); None: none, or too few to
    tell."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(sum(counts[1]), 0)::int FROM routing_monthtally "
            "WHERE node_id = %s AND cube = 0 AND secret AND day BETWEEN %s AND %s",
            [Agency.objects.root().pk, datetime.date(year, 1, 1), datetime.date(year, 12, 31)],
        )
        count: int = cursor.fetchone()[0]
    return count if count >= LEAST else None


# --- An office among its own kind ---


@dataclass(frozen=True)
class Beside:
    """The middle of the offices of its kind in the same agency: each is one, however many reports it has. `offices`:
    how many are told of."""

    offices: int
    median: float
    in_time: float | None


def beside(office: Agency, scope: Scope) -> Beside | None:
    """None for an office that has none beside it: an agency itself, a unit of an office; and where they are too few.
    One statement."""
    steps = [int(step) for step in office.path.strip("/").split("/")]
    if len(steps) != _TOP + 1:
        return None
    is_kecamatan = office.urusan == "kecamatan"
    sql = f"""
        SELECT split_part(a.path, '/', 4)::bigint, percentile_cont(0.5) WITHIN GROUP (ORDER BY f.days),
            count(f.days), count(*) FILTER (WHERE {condition(TURNS["turns_in_time"])}),
            count(*) FILTER (WHERE {condition(TURNS["turns_late"])})
        FROM routing_turnfigure f JOIN agencies_agency a ON a.id = f.agency_id
        JOIN agencies_agency o ON o.id = NULLIF(split_part(a.path, '/', 4), '')::bigint
        WHERE f.top_id = %(top)s AND f.day BETWEEN %(first)s AND %(last)s AND NOT f.withheld AND NOT f.secret
        AND (o.urusan = 'kecamatan') = %(kecamatan)s GROUP BY 1"""  # noqa: S608 (constants)
    params: dict[str, Any] = {"top": steps[1], "first": scope.first, "last": scope.last, "kecamatan": is_kecamatan}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = [row[1:] for row in cursor.fetchall() if row[0] != office.pk and row[2] >= LEAST]
    if len(rows) < LEAST:
        return None
    shares = [100 * in_time / (in_time + late) for _days, _n, in_time, late in rows if in_time + late >= LEAST]
    middle = median(float(days) for days, _n, _in_time, _late in rows)
    return Beside(len(rows), _plain(middle), _plain(median(shares)) if len(shares) >= LEAST else None)


def _plain(value: float) -> float:
    return int(value) if value == int(value) else round(value, 1)


def summed(rows: Iterable[Row], code: str) -> int:
    return sum(row.sums[code] for row in rows)


def told_first(rows: Sequence[Row]) -> list[Row]:
    """Those of which a share is told, the smallest first."""
    told: list[Any] = [row for row in rows if row.in_time is not None]
    return sorted(told, key=lambda row: (row.in_time, row.name))

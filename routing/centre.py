"""What the centre, a province and a ministry oversee: agencies and districts in sums, drawn from what is kept ready
(`routing.standing`, the tallies of a day); never a file. The number of statements is the same for one and for all.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.template.defaultfilters import capfirst
from django.utils.dates import MONTHS_3

from agencies import calendar
from agencies.actor import Actor
from agencies.models import Agency, Holiday, Level, Membership, Region, Role
from agencies.models.agency import PEMDA, Kind
from complaints.models import Arrival, Notification
from complaints.models.visibility import not_kept_from
from lapor.kit import bars
from routing.figures import first_of
from routing.measures import counting, people, secrecy
from routing.measures.reading import Reader, Scope
from routing.models import Delivery, Endpoint, Escalation, Rise
from routing.standing import Load, by_child

# Months shown beside a row, the running one among them.
MONTHS = 6
# Letters that were given up are counted for so long (as on their own page).
LAST = datetime.timedelta(days=30)
# Kinds of agency that are no pemda, in the order of the table.
BODIES = (Kind.KEMENTERIAN, Kind.LEMBAGA, Kind.BUMN, Kind.PTN, Kind.PERWAKILAN, Kind.OPD, Kind.UNIT)


@dataclass
class Row:
    """One agency, one office with all below it, or one group of agencies. `months`: received in each, oldest first;
    empty where it is not told. Shares are per cent; None: of too few to say. Days are working days."""

    key: str
    name: str
    load: Load
    place: str = ""
    url: str = ""
    # Where its numbers lead: open, near, late, silent; none where they are totals alone.
    urls: dict[str, str] = field(default_factory=dict)
    oldest: int | None = None
    months: list[int] = field(default_factory=list)
    received: int | None = None
    in_time: int | None = None
    bounced: int | None = None
    # Of a group: how many agencies, and how many of them have nothing open.
    agencies: int = 0
    quiet: int = 0
    # Nobody decides here whose a case is; None: does not matter at this kind of row.
    unmanned: bool = False
    members: tuple[int, int, int] | None = None
    parts: list[bars.Part] = field(default_factory=list)
    steps: list[bars.Block] = field(default_factory=list)
    # What stands beside its name, as it is drawn (routing.views.centre.rows).
    cells: str = ""

    @property
    def months_words(self) -> str:
        return ", ".join(str(one) for one in self.months)


@dataclass(frozen=True)
class Top:
    """An agency directly below the root, as much of it as a table needs."""

    pk: int
    name: str
    short: str
    kind: str
    region: str

    @property
    def province(self) -> str:
        return self.region[:2] if self.kind in PEMDA else ""

    @property
    def group(self) -> str:
        return self.province or self.kind


def tops(today: datetime.date) -> dict[int, Top]:
    """Every agency directly below the root that exists. One statement."""
    root = Agency.objects.root()
    rows = Agency.objects.filter(parent=root).active_on(today).order_by()
    return {
        pk: Top(pk, name, short, kind, region or "")
        for pk, name, short, kind, region in rows.values_list("pk", "name", "short_name", "kind", "region_id")
    }


def coordinated(today: datetime.date) -> set[int]:
    """Which of them have a coordinator. One statement."""
    members = Membership.objects.current(today).filter(role=Role.COORDINATOR, agency__parent__parent__isnull=True)
    return set(members.values_list("agency_id", flat=True))


class Days:
    """Working days up to today, national calendar: read once."""

    def __init__(self, today: datetime.date) -> None:
        self.today = today
        self.holidays = Holiday.objects.kept_in(None).filter(date__gte=today - datetime.timedelta(days=1200)).days()

    def since(self, day: datetime.date | None) -> int | None:
        return calendar.working_days_between(day, self.today, self.holidays) if day else None


# --- What is received, kept and bounced: the tallies of a day ---

_JUDGED = ("answered_in_time", "answered_late", "answered_missed")
_TOLD = ("received", *_JUDGED, "turns", "turns_not_ours")


def months_of(today: datetime.date) -> list[datetime.date]:
    return [first_of(today, MONTHS - 1 - n) for n in range(MONTHS)]


def months_words(today: datetime.date) -> str:
    return ", ".join(str(MONTHS_3[month.month]) for month in months_of(today))


def tell(rows: Mapping[int, Row], today: datetime.date, reader: Reader) -> None:
    """Into each row (by its agency's id, directly below the root): what it received by month, kept in time and sent
    back in the last half year. One statement, over as many days of as many agencies as are shown."""
    if not rows:
        return
    months = months_of(today)
    places = {code: counting.CODES.index(code) + 1 for code in _TOLD}
    sums = ", ".join(f"COALESCE(sum(t.counts[{places[code]}]), 0)::int" for code in _TOLD)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.node_id, date_trunc('month', t.day)::date, {sums} FROM routing_tally t "
            "WHERE t.node_id = ANY(%(nodes)s) AND t.cube = 0 AND t.day BETWEEN %(first)s AND %(last)s "
            f"AND {'TRUE' if reader.all_secrets else 'NOT t.secret'} GROUP BY 1, 2",
            {"nodes": sorted(rows), "first": months[0], "last": today},
        )
        found: dict[int, dict[datetime.date, dict[str, int]]] = {}
        for node, month, *numbers in cursor.fetchall():
            found.setdefault(node, {})[month] = dict(zip(_TOLD, numbers, strict=True))
    for pk, row in rows.items():
        mine = found.get(pk, {})
        row.months = [mine.get(month, {}).get("received", 0) for month in months]
        _shares(row, {code: sum(one.get(code, 0) for one in mine.values()) for code in _TOLD})
    _scale(rows.values())


def _shares(row: Row, sums: Mapping[str, int]) -> None:
    """Of fewer than five nothing is said: one case would be told by it."""
    judged = sum(sums[code] for code in _JUDGED)
    row.received = sums["received"]
    row.in_time = round(100 * sums["answered_in_time"] / judged) if judged >= secrecy.LEAST else None
    row.bounced = round(100 * sums["turns_not_ours"] / sums["turns"]) if sums["turns"] >= secrecy.LEAST else None


def _scale(rows: Iterable[Row]) -> None:
    """Small columns, each row against its own highest month."""
    for row in rows:
        top = max(row.months, default=0)
        row.steps = (
            [bars.Block("t2", f"{100 - n * 100 / top:.0f}", f"{n * 100 / top:.0f}") for n in row.months] if top else []
        )


def draw(rows: Sequence[Row], days: Days) -> None:
    """The bar of ages of each row, all to one scale, and how old its oldest is."""
    top = max((row.load.open for row in rows), default=0)
    for row in rows:
        row.oldest = days.since(row.load.oldest_on)
        row.parts = bars.stack([("", n, f"a{place}") for place, n in enumerate(row.load.ages, 1)], top=top or None)


# --- The country ---


def groups(found: Mapping[int, Top], loads: Mapping[int, Load], manned: set[int]) -> list[Row]:
    """One row for each province with its pemda, then one for each other kind of agency. One statement."""
    names = dict(Region.objects.filter(level=Level.PROVINSI).values_list("code", "name"))
    rows: dict[str, Row] = {}
    for pk, top in found.items():
        name = names.get(top.province, top.province) if top.province else capfirst(str(Kind(top.kind).label))
        row = rows.setdefault(top.group, Row(top.group, name, Load()))
        load = loads.get(pk, Load())
        row.load.add(load)
        row.agencies += 1
        row.quiet += not load.open
        row.unmanned = row.unmanned or (top.kind in PEMDA and pk not in manned)
    order = {str(kind): place for place, kind in enumerate(BODIES)}
    return sorted(rows.values(), key=lambda row: (order.get(row.key, -1), row.name))


# Words in the address → what is largest first. By name without any.
ORDERS = ("terlambat", "bagian", "terbuka", "tertua", "diam", "naik", "nama")


def sort(rows: list[Row], order: str) -> list[Row]:
    """Most first; those alike by name and id, so that a page ends at one place."""
    keys: dict[str, Any] = {
        "terlambat": lambda row: -row.load.late,
        "bagian": lambda row: -(row.load.late_share or 0),
        "terbuka": lambda row: -row.load.open,
        "tertua": lambda row: row.load.oldest_on.toordinal() if row.load.oldest_on else 10**7,
        "diam": lambda row: -row.load.silent,
        "naik": lambda row: -row.load.climbed,
    }
    first = keys.get(order)
    return sorted(rows, key=lambda row: (first(row) if first else 0, row.name.casefold(), row.key))


# Which of the agencies alone, by the word in the address.
def only(rows: list[Row], which: str) -> list[Row]:
    match which:
        case "terlambat":
            return [row for row in rows if row.load.late]
        case "diam":
            return [row for row in rows if row.load.silent]
        case "kosong":
            return [row for row in rows if not row.load.open]
        case "tanpa-koordinator":
            return [row for row in rows if row.unmanned]
    return rows


@dataclass(frozen=True)
class Waiting:
    """What waits at the centre itself: letters not delivered, messages not placed, rises not judged; and what agencies'
    systems were not told: `dead` was given up and waits for a person, `untold` is late by an hour."""

    given_up: int
    letters_waiting: int
    held: int
    held_since: datetime.datetime | None
    unread: int
    rises: int
    dead: int
    untold: int


def waiting(now: datetime.datetime) -> Waiting:
    """Six statements. Counts alone: what they are about stands on their own pages."""
    letters = Notification.objects.filter(
        Q(state=Notification.State.FAILED, created_at__gte=now - LAST)
        | Q(state=Notification.State.PENDING, next_try__lte=now - datetime.timedelta(hours=1))
    ).aggregate(
        given_up=Count("pk", filter=Q(state=Notification.State.FAILED)),
        late=Count("pk", filter=Q(state=Notification.State.PENDING)),
    )
    state = Delivery.State
    told = Delivery.objects.filter(endpoint__in=Endpoint.objects.webhooks().filter(ended_at__isnull=True)).aggregate(
        dead=Count("pk", filter=Q(state=state.FAILED)),
        untold=Count("pk", filter=Q(state=state.PENDING, next_try__lte=now - datetime.timedelta(hours=1))),
    )
    held = Arrival.objects.held().order_by("received_at")
    first = held.values_list("received_at", flat=True).first()
    unread = Arrival.objects.filter(outcome="", received_at__lt=now - datetime.timedelta(minutes=10)).count()
    return Waiting(
        letters["given_up"],
        letters["late"],
        held.count() if first else 0,
        first,
        unread,
        Rise.objects.waiting().count(),
        told["dead"],
        told["untold"],
    )


# --- A province ---


def districts(province: Agency, today: datetime.date) -> list[tuple[Region, Top | None]]:
    """Every kabupaten and kota of its code, with the pemda that stands for it, if there is one. Two statements."""
    places = Region.objects.current().filter(parent_id=province.region_id, level__in=(Level.KABUPATEN, Level.KOTA))
    pemda = {
        top.region: top
        for top in (
            Top(pk, name, short, kind, region or "")
            for pk, name, short, kind, region in Agency.objects.filter(
                kind__in=(Kind.KABUPATEN, Kind.KOTA), region__code__startswith=f"{province.region_id}."
            )
            .active_on(today)
            .values_list("pk", "name", "short_name", "kind", "region_id")
        )
    }
    return [(place, pemda.get(place.code)) for place in places.order_by("code")]


def climbed_in(membership: Membership, districts_ids: Iterable[int]) -> Q:
    """Open cases of these districts on the ladder's COORDINATOR step or above, as far as somebody beside them may know
    of them: never a secret one, never one that is kept from an office of the reader's."""
    step = Escalation.objects.filter(
        clock__complaint_id=OuterRef("pk"),
        clock__stopped_at__isnull=True,
        level__gte=Escalation.Level.COORDINATOR,
    )
    paths = Agency.objects.filter(pk__in=list(districts_ids)).values_list("path", flat=True)
    offices = Q(pk__in=[])
    for path in paths:
        offices |= Q(path__startswith=path)
    return (
        not_kept_from(Actor.officer(membership))
        & Q(secret=False, not_for__isnull=True, handler__in=Agency.objects.filter(offices).order_by())
        & Q(Exists(step))
    )


# --- A ministry, lembaga, BUMN ---


def is_deep(node: Agency) -> bool:
    """Its table folds: there are offices below the offices below it. One statement at most."""
    if node.kind in PEMDA or node.kind == Kind.PUSAT or node.parent_id is None:
        return False
    if node.kind in (Kind.OPD, Kind.UNIT):
        top = Agency.objects.filter(pk=node.ids_above[1]).first() if len(node.ids_above) > 1 else None
        if top is None or top.kind in PEMDA:
            return False
    return Agency.objects.under(node).filter(path_length__gte=node.path_length + 2).exists()


def units(node: Agency, reader: Reader, today: datetime.date) -> list[Row]:
    """The offices directly below with all that lies under each, those with nothing too. Six statements."""
    loads = by_child(node, reader)
    members = people.by_office(node, today)
    months = months_of(today)
    sums = Scope(node, months[0], today, reader=reader).some_below(*_TOLD)
    rows = []
    below = (
        Agency.objects.filter(Q(parent=node) | Q(pk=node.pk))
        .active_on(today)
        .annotate(offices=Count("children", filter=Q(children__ends_on__isnull=True)))
    )
    for office in below:
        own = office.pk == node.pk
        row = Row(
            str(office.pk),
            office.name,
            loads.get(office.pk, Load()),
            agencies=0 if own else getattr(office, "offices", 0),
        )
        row.members = members.get(office.pk, (0, 0, 0))
        row.unmanned = not own and not row.members[0]
        _shares(row, sums.get(office.pk, dict.fromkeys(_TOLD, 0)))
        rows.append(row)
    return rows

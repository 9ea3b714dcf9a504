"""How the cases of a priority programme go, by programme and province (case.md section 6: observers of a tag).

A secret case is never listed or counted here, for nobody: that it belongs to a programme is read on its own page
alone. The number of statements does not depend on the number of cases, programmes or provinces.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Left
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Level, Membership, Programme, ProgrammeQuerySet, Region
from complaints.models import Clock, ClockKind, Complaint, ProgrammePromise, Tag
from complaints.models.visibility import seen_by, tagged_with
from complaints.transitions import OFFICES_TURN, OPEN, Status

# The first digits of a region's code are its province's.
_DIGITS = 2
# A case without a place counts where its office is; where that has none either, nowhere.
PROVINCE = Coalesce(Left("complaint__place_id", _DIGITS), Left("complaint__handler__region_id", _DIGITS), Value(""))


@dataclass(frozen=True)
class Counts:
    """`late` and `answered` are among the `open`: the offices' turn past its date, and the reporter's to judge."""

    open: int = 0
    late: int = 0
    answered: int = 0
    closed: int = 0
    archived: int = 0

    @property
    def all(self) -> int:
        return self.open + self.closed + self.archived

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.open + other.open,
            self.late + other.late,
            self.answered + other.answered,
            self.closed + other.closed,
            self.archived + other.archived,
        )


@dataclass(frozen=True)
class Line:
    """One province of a programme, or one programme. `code`: what the address names it by."""

    code: str
    name: str
    counts: Counts
    programme: Programme | None = None


def readable(membership: Membership) -> ProgrammeQuerySet:
    """The programmes this reader may know of: an observer of one only that one."""
    if membership.programme_id is not None:
        return Programme.objects.filter(pk=membership.programme_id)
    return Programme.objects.all()


def gathered(membership: Membership, programme: Programme, province: str = "") -> Q:
    """Its cases that this reader may list, as a filter of Complaint; in one province where its code is given."""
    found = seen_by(Actor.officer(membership)) & Q(secret=False) & tagged_with(programme.pk)
    if not province:
        return found
    here = Q(place__code=province) | Q(place__code__startswith=f"{province}.")
    office = Q(handler__region__code=province) | Q(handler__region__code__startswith=f"{province}.")
    return found & (here | Q(place__isnull=True) & office)


def by_programme(membership: Membership, today: datetime.date) -> list[Line]:
    """Every programme in force with its cases, and of those that ended what has any. Two statements."""
    counted = {row["programme_id"]: _counts(row) for row in _tally(membership, today, "programme_id")}
    lines = [
        Line(one.code, one.name, counted.get(one.pk, Counts()), one)
        for one in readable(membership)
        if one.pk in counted or one.is_active_on(today)
    ]
    return sorted(lines, key=lambda line: (not _is_active(line, today), line.name))


def _is_active(line: Line, today: datetime.date) -> bool:
    return line.programme is not None and line.programme.is_active_on(today)


def by_province(membership: Membership, programme: Programme, today: datetime.date) -> list[Line]:
    """The provinces with a case of it, those with most that is late first. Two statements."""
    rows = _tally(membership, today, "province", programme)
    names = dict(Region.objects.filter(level=Level.PROVINSI).values_list("code", "name"))
    lines = [Line(row["province"], names.get(row["province"], _("Tanpa tempat")), _counts(row)) for row in rows]
    return sorted(lines, key=lambda line: (-line.counts.late, -line.counts.open, line.name))


# Whole weeks shown before the running one.
WEEKS = 8
_WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday on. `gathered`: tagged in it; `closed`: of these and all before, ended in it; `missed`:
    promises of the state whose day passed in it unkept; `open`: at its end, or now."""

    first: datetime.date
    gathered: int
    closed: int
    missed: int
    open: int


def by_week(membership: Membership, programme: Programme, today: datetime.date, province: str = "") -> list[Week]:
    """The programme against its own past, oldest week first, the running one last. Two statements, whatever the number
    of weeks."""
    monday = today - datetime.timedelta(days=today.weekday())
    firsts = [monday - _WEEK * (WEEKS - n) for n in range(WEEKS + 1)]
    cases = Complaint.objects.filter(gathered(membership, programme, province))
    tags = Tag.objects.current().filter(programme=programme, complaint__in=cases).order_by()
    counts: dict[str, Count] = {}
    for n, first in enumerate(firsts):
        here, until = day_begins(first), day_begins(first + _WEEK)
        ended = Q(complaint__closed_at__gte=here, complaint__closed_at__lt=until)
        counts[f"gathered{n}"] = Count("pk", filter=Q(placed_at__gte=here, placed_at__lt=until))
        counts[f"closed{n}"] = Count("pk", filter=ended)
        still = Q(complaint__closed_at__isnull=True) | Q(complaint__closed_at__gte=until)
        counts[f"open{n}"] = Count("pk", filter=Q(placed_at__lt=until) & still)
    found = tags.aggregate(**counts)
    promised = Clock.objects.exclude(kind=ClockKind.REPORTER).filter(complaint__in=cases)
    missed = promised.aggregate(
        **{
            f"missed{n}": Count(
                "pk",
                filter=Q(due_on__gte=first - _DAY, due_on__lt=min(first + _WEEK, today + _DAY) - _DAY)
                & (Q(stopped_at__isnull=True) | Q(stopped_at__date__gt=F("due_on"))),
            )
            for n, first in enumerate(firsts)
        }
    )
    return [
        Week(first, found[f"gathered{n}"], found[f"closed{n}"], missed[f"missed{n}"], found[f"open{n}"])
        for n, first in enumerate(firsts)
    ]


_DAY = datetime.timedelta(days=1)


def day_begins(day: datetime.date) -> datetime.datetime:
    """Its beginning at the centre."""
    return datetime.datetime.combine(day, datetime.time(), tzinfo=ZoneInfo("Asia/Jakarta"))


def promises(programme: Programme, today: datetime.date) -> list[ProgrammePromise]:
    """What it promises in fewer days than its offices do: in force today and to come. One statement."""
    rows = list(ProgrammePromise.objects.filter(programme=programme).order_by("clock", "-starts_on"))
    current: dict[str, ProgrammePromise] = {}
    for row in rows:
        if row.starts_on <= today:
            current.setdefault(row.clock, row)
    return [row for row in rows if row.working_days and (row.starts_on > today or current.get(row.clock) == row)]


def total(lines: list[Line]) -> Counts:
    return sum((line.counts for line in lines), Counts())


def _tally(
    membership: Membership, today: datetime.date, by: str, programme: Programme | None = None
) -> QuerySet[Any, dict[str, Any]]:
    seen = Complaint.objects.filter(seen_by(Actor.officer(membership)), secret=False)
    tags = Tag.objects.current().filter(complaint__in=seen).order_by()
    if programme is not None:
        tags = tags.filter(programme=programme)
    late = Q(complaint__status__in=OFFICES_TURN, complaint__due_on__lt=today)
    found: QuerySet[Any, dict[str, Any]] = (
        tags.annotate(province=PROVINCE)
        .values(by)
        .annotate(
            open=Count("pk", filter=Q(complaint__status__in=OPEN)),
            late=Count("pk", filter=late),
            answered=Count("pk", filter=Q(complaint__status=Status.ANSWERED)),
            closed=Count("pk", filter=Q(complaint__status=Status.CLOSED)),
            archived=Count("pk", filter=Q(complaint__status=Status.ARCHIVED)),
        )
    )
    return found


def _counts(row: dict[str, Any]) -> Counts:
    return Counts(*(row[name] for name in ("open", "late", "answered", "closed", "archived")))

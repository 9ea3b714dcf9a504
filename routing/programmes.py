"""How the cases of a priority programme go, by programme and province (case.md section 6: observers of a tag).

A secret case is never listed or counted here, for nobody: that it belongs to a programme is read on its own page
alone. The number of statements does not depend on the number of cases, programmes or provinces, nor does what a page of
the country costs: the worker counts (`routing.programme_sums`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Left
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Agency, Level, Membership, Programme, ProgrammeQuerySet, Region, Role
from agencies.ombudsman import reads_country
from complaints.models import Complaint, ProgrammePromise, Tag
from complaints.models.visibility import seen_by, tagged_with
from routing import programme_sums
from routing.desks import is_one_of
from routing.programme_sums import Sums, mondays

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


def node_of(membership: Membership) -> Agency:
    """At or below it lies what this reader may list of a programme."""
    everywhere = membership.role == Role.NATIONAL or reads_country(membership)
    return Agency.objects.root() if everywhere else membership.agency


# So many cases of a programme are looked up one by one; of more, those that are shown are soon met in the list's order.
# Not in a province whose list is short: reading in that order would go past all that lies open in the country.
FEW, SHORT = 10_000, 1_000


def gathered(membership: Membership, programme: Programme, province: str = "", *, few: bool = False) -> Q:
    """Its cases that this reader may list, as a filter of Complaint; in one province where its code is given. `few`:
    of the programme, or of it in that province: all of them are looked up, instead of what lies in the list's order."""
    found = seen_by(Actor.officer(membership)) & Q(secret=False)
    if not province:
        tags = Tag.objects.current().filter(programme=programme).order_by()
        return found & (Q(is_one_of("pk", tags.values("complaint_id"))) if few else tagged_with(programme.pk))
    here = Q(place__code=province) | Q(place__code__startswith=f"{province}.")
    office = Q(handler__region__code=province) | Q(handler__region__code__startswith=f"{province}.")
    unplaced = Q(place__isnull=True) & office
    if not few:
        return found & tagged_with(programme.pk) & (here | unplaced)
    tagged = Complaint.objects.filter(tagged_with(programme.pk)).order_by().values("pk")
    # Each half by an index of its own: together they are a condition of two tables.
    return found & (Q(is_one_of("pk", tagged.filter(here))) | Q(is_one_of("pk", tagged.filter(unplaced))))


def sums(membership: Membership, programmes: Iterable[Programme], today: datetime.date) -> Sums:
    """Of these programmes what lies in this reader's reach. Two statements at most."""
    return programme_sums.read(node_of(membership), [one.pk for one in programmes], today)


def by_programme(found: Sums, programmes: Iterable[Programme]) -> list[Line]:
    """Every programme in force with its cases, and of those that ended what has any. No statement."""
    counted: dict[int, Counts] = {}
    for row in found.rows:
        counted[row.programme] = counted.get(row.programme, Counts()) + Counts(*row.standing)
    lines = [
        Line(one.code, one.name, counted.get(one.pk, Counts()), one)
        for one in programmes
        if one.pk in counted or one.is_active_on(found.today)
    ]
    return sorted(lines, key=lambda line: (not _is_active(line, found.today), line.name))


def _is_active(line: Line, today: datetime.date) -> bool:
    return line.programme is not None and line.programme.is_active_on(today)


def by_province(found: Sums) -> list[Line]:
    """The provinces with a case of it, those with most that is late first. One statement."""
    names = dict(Region.objects.filter(level=Level.PROVINSI).values_list("code", "name"))
    lines = [
        Line(row.province, names.get(row.province, _("Tanpa tempat")), Counts(*row.standing)) for row in found.rows
    ]
    return sorted(lines, key=lambda line: (-line.counts.late, -line.counts.open, line.name))


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday on. `gathered`: tagged in it; `closed`: of these and all before, ended in it; `missed`:
    promises of the state whose day passed in it unkept; `open`: at its end, or now."""

    first: datetime.date
    gathered: int
    closed: int
    missed: int
    open: int


def by_week(found: Sums, province: str = "") -> list[Week]:
    """The programme against its own past, oldest week first, the running one last. No statement."""
    rows = [row.weeks for row in found.rows if not province or row.province == province]
    return [
        Week(first, *(sum(weeks[n][what] for weeks in rows) for what in range(len(programme_sums.WEEKLY))))
        for n, first in enumerate(mondays(found.today))
    ]


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

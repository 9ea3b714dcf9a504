"""Where an officer sits: the desk whose lists are read, and what stands for it in a statement spelt once.

Writing the statements of a page anew costs more than running them. Those of the saved views are the same for every
desk of one shape (the officer's seat, whether it looks below); they are spelt for a desk that does not exist, whose ids
and dates no row has, and filled with the real ones at each call (complaints.seats).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.utils import timezone

from agencies import calendar
from agencies.actor import Actor
from agencies.models import Agency, AgencyQuerySet, Holiday, Membership, Role
from complaints import seats
from complaints.seats import Seat

if TYPE_CHECKING:
    from routing.queue import Query


@dataclass(frozen=True)
class Desk:
    """Where somebody sits now, and which days are near. `tomorrow` is the next working day."""

    membership: Membership
    office: Agency
    oversees: bool
    looks_below: bool
    today: datetime.date
    tomorrow: datetime.date
    holidays: frozenset[datetime.date]
    # What else narrows every list: of somebody who reads here and is no handler. None: nothing.
    within: Q | None = None
    # The lists are of no office: `within` alone says of which cases.
    everywhere: bool = False

    @classmethod
    def of(
        cls, membership: Membership, *, oversees: bool, below: bool = False, now: datetime.datetime | None = None
    ) -> Desk:
        """Days are those of the office's own region. `below`: the subtree is looked at, by who may."""
        office = membership.agency
        zone = office.region.zone if office.region else "Asia/Jakarta"
        today = timezone.localtime(now or timezone.now(), ZoneInfo(zone)).date()
        holidays = (
            Holiday.objects.kept_in(office.region)
            .filter(date__gte=today - datetime.timedelta(days=370), date__lte=today + datetime.timedelta(days=120))
            .days()
        )
        tomorrow = calendar.add_working_days(today, 1, holidays)
        return cls(membership, office, oversees, below and oversees, today, tomorrow, holidays)

    def offices(self, query: Query | None = None) -> AgencyQuerySet | None:
        """Whose cases are looked at beside or instead of the own; None: the whole country's."""
        below = Agency.objects.under(self.office).order_by()
        wanted = query.keys.get("kantor", "semua") if query else "semua"
        if wanted != "semua":
            return below.filter(Q(name__icontains=wanted) | Q(short_name__icontains=wanted))
        whole = self.membership.role == Role.NATIONAL and self.office.parent_id is None
        return None if self.everywhere or whole else below

    def reaches(self, column: str, query: Query | None = None) -> Q:
        """The office in this column is one of those looked at."""
        if not self.looks_below:
            return Q((column, self.office.pk))
        offices = self.offices(query)
        return Q() if offices is None else Q(is_one_of(column, offices.values("pk")))

    def days_to(self, due: datetime.date) -> int:
        return calendar.working_days_left(self.today, due, self.holidays)


def is_one_of(column: str, values: QuerySet[Any, Any]) -> Func:
    """`column = ANY (ARRAY (SELECT …))`. IN of a subquery is a join, of which PostgreSQL may read one side whole; this
    is a condition of an index on the column, whose rows come in its order until a LIMIT ends the reading."""
    array = Func(ArraySubquery(values), function="ANY")
    return Func(F(column), array, template="%(expressions)s", arg_joiner=" = ", output_field=BooleanField())


@dataclass(frozen=True)
class Shape:
    """What a statement of a desk depends on beside the values in it."""

    seat: Seat
    below: bool

    @classmethod
    def of(cls, desk: Desk) -> Shape:
        return cls(Seat.of(Actor.officer(desk.membership)), desk.looks_below)

    def stand_in(self) -> Desk:
        """The desk that does not exist. Its statements hold the values `filling` knows how to replace."""
        membership = self.seat.stand_in().membership
        assert membership is not None
        return Desk(membership, membership.agency, self.below, self.below, _TODAY, _TOMORROW, frozenset())


def filling(desk: Desk) -> dict[Any, Any]:
    """Value of the stand-in → value of this desk."""
    return {**seats.filling(Actor.officer(desk.membership)), _TODAY: desk.today, _TOMORROW: desk.tomorrow}


# No real row has such a date.
_TODAY, _TOMORROW = datetime.date(1, 1, 2), datetime.date(1, 1, 3)

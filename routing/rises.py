"""Sudden rises: more reports of a topic in a kecamatan today than its own past lets one expect.

A day is compared with the median of the same weekday in the eight weeks before, so that a busy Monday is measured by
Mondays and one flood does not make the next look usual. Were reports as rare as they usually are, so many would come
with a chance of `tail(count, usual)`; below one in a thousand, and from five reports on, it is an alarm.

- Median zero (most pairs on most days): FLOOR stands for it. Nought would make any report impossible and so an alarm;
  a half says that one in two such days may see a report, and leaves the decision to the least count of five.
- A district that began less than eight weeks ago is compared with the weeks it has, from FEWEST on. Before that
  nobody knows what is usual there and nothing is said.
- Reports brought in as history tell what was usual, and are never the rise.
- A report without a chosen place or category counts at the place that was found, and under the topic its words were
  surely of (ADR 0055), as most that come by SMS and email do.
- What is secret or about somebody's conduct is neither counted nor shown: an alarm must not tell that it exists.

Counted from the reports themselves at each run: what came in the last two days in one statement a time zone, and the
eight days before only for the few pairs that had five.
"""

from __future__ import annotations

import datetime
import math
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce, Left, Length, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Membership, Region, Role
from agencies.permissions import Capability, membership_may
from complaints.models import Complaint
from complaints.models.complaint import LIES_AT
from complaints.notifications import send
from complaints.transitions import Incomplete, NotAllowed
from routing.almanac import EAST, JAKARTA, date_in
from routing.models import Rise

WEEKS = 8
# Fewer same weekdays than these say nothing of what is usual.
FEWEST = 4
LEAST = 5
RARE = 0.001
FLOOR = 0.5
# One alarm a topic and kecamatan in so many days.
QUIET = datetime.timedelta(days=7)
LETTER = "officer_rise"
# "99.01.02": a code of this length is a kecamatan's, a longer one lies inside it.
_KECAMATAN = 8
_DISTRICT = 5


def tail(count: int, mean: float) -> float:
    """The chance of `count` or more where `mean` are expected, by Poisson; exact to the last digits on both sides."""
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if count <= mean:
        return 1.0 - math.fsum(_exactly(k, mean) for k in range(count))
    terms, k = [], count
    while True:
        term = _exactly(k, mean)
        terms.append(term)
        # Each further term is smaller by at least mean / k.
        if term <= terms[0] * 1e-17:
            return math.fsum(terms)
        k += 1


def _exactly(k: int, mean: float) -> float:
    return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))


def is_rise(count: int, past: list[int]) -> bool:
    """So many today, after so many on the same weekdays before (newest or oldest first, it does not matter)."""
    return len(past) >= FEWEST and count >= LEAST and tail(count, usual_of(past)) < RARE


def usual_of(past: list[int]) -> float:
    """What is expected: the median, never below FLOOR."""
    return max(float(statistics.median(past)), FLOOR)


@dataclass(frozen=True)
class Pair:
    """A topic in a kecamatan on one day, and how often."""

    place: str
    topic: int
    day: datetime.date
    count: int


def counted() -> Q:
    """What an alarm may count and show: an open report with a topic. A filter of Complaint."""
    topic = Q(category__isnull=False) | Q(found_topic__isnull=False)
    return topic & Q(secret=False, about_conduct=False, not_for__isnull=True)


def of(rise: Rise) -> Q:
    """The reports of this alarm, as far as they may be told at all; who reads it may still see fewer."""
    begins, ends = _day(rise.day, rise.place.zone)
    return (
        counted() & _at(rise.topic_id, rise.place_id) & Q(silent=False, received_at__gte=begins, received_at__lt=ends)
    )


def look(now: datetime.datetime | None = None) -> list[Rise]:
    """Raise what there is to raise, for today and yesterday (a sweep that was away at midnight missed its last hour).
    A second run finds nothing new. Returns the alarms raised."""
    now = now or timezone.now()
    begun: dict[str, datetime.date | None] = {}
    raised = []
    for zone in (JAKARTA, *EAST):
        for pair in _candidates(zone, now):
            past = _past(pair, zone, begun)
            if is_rise(pair.count, past):
                rise = _raise(pair, past, now)
                raised += [rise] if rise is not None else []
    return raised


def _candidates(zone: str, now: datetime.datetime) -> Iterator[Pair]:
    """Pairs with enough reports on one day to be looked at, yesterday's first."""
    today = date_in(zone, now)
    begins, _ends = _day(today - datetime.timedelta(days=1), zone)
    rows = (
        Complaint.objects.filter(counted(), silent=False, received_at__gte=begins, received_at__lte=now)
        .alias(clock=Coalesce("found_place__zone", "place__zone"), narrow=Length(LIES_AT))
        .filter(clock=zone, narrow__gte=_KECAMATAN)
        .annotate(
            kecamatan=Left(LIES_AT, _KECAMATAN),
            topic=Coalesce("category__parent_id", "category_id", "found_topic_id"),
            day=TruncDate("received_at", tzinfo=ZoneInfo(zone)),
        )
        .values_list("kecamatan", "topic", "day")
        .annotate(count=Count("pk"))
        .filter(count__gte=LEAST)
        .order_by("day", "kecamatan", "topic")
    )
    return (Pair(*row) for row in rows)


def _past(pair: Pair, zone: str, begun: dict[str, datetime.date | None]) -> list[int]:
    """How often on the same weekday of the weeks before, as far back as the district has reports."""
    days = [pair.day - datetime.timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    begins, _ends = _day(days[-1], zone)
    until, _ends = _day(pair.day, zone)
    found = dict(
        Complaint.objects.filter(counted(), _at(pair.topic, pair.place))
        .filter(received_at__gte=begins, received_at__lt=until)
        .annotate(day=TruncDate("received_at", tzinfo=ZoneInfo(zone)))
        .filter(day__in=days)
        .values_list("day")
        .annotate(count=Count("pk"))
        .order_by()
    )
    district = pair.place[:_DISTRICT]
    if district not in begun:
        begun[district] = _first_day(district, begins, zone)
    first = begun[district]
    return [found.get(day, 0) for day in days if first is None or day >= first]


def _first_day(district: str, before: datetime.datetime, zone: str) -> datetime.date | None:
    """The day of the district's first report; None: longer ago than anybody asks."""
    # Two statements: no index serves both.
    chosen = Complaint.objects.filter(place__code__startswith=district)
    found = Complaint.objects.filter(found_place__code__startswith=district)
    if any(here.filter(received_at__lt=before).exists() for here in (chosen, found)):
        return None
    firsts = [here.aggregate(first=Min("received_at"))["first"] for here in (chosen, found)]
    return min((date_in(zone, first) for first in firsts if first is not None), default=None)


def _at(topic: int, place: str) -> Q:
    inside = Region.objects.filter(Q(pk=place) | Q(parent_id=place)).values("pk")
    about = Q(category_id=topic) | Q(category__parent_id=topic) | Q(category__isnull=True, found_topic_id=topic)
    return about & (Q(found_place_id__in=inside) | Q(found_place__isnull=True, place_id__in=inside))


def _day(day: datetime.date, zone: str) -> tuple[datetime.datetime, datetime.datetime]:
    """From its first instant to the next day's."""
    first = datetime.datetime.combine(day, datetime.time.min, ZoneInfo(zone))
    return first, datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min, ZoneInfo(zone))


def _raise(pair: Pair, past: list[int], now: datetime.datetime) -> Rise | None:
    """Write the alarm and the letters; None where one was raised in the days before. The kecamatan's row is held, so
    that two runs do not raise it twice."""
    with transaction.atomic():
        place = Region.objects.select_for_update().get(pk=pair.place)
        since = pair.day - QUIET
        if Rise.objects.filter(place=place, topic_id=pair.topic, day__gt=since).exists():
            return None
        office = Agency.objects.serving(place).active_on(pair.day).first() or Agency.objects.root()
        rise = Rise.objects.create(
            topic_id=pair.topic,
            place=place,
            day=pair.day,
            agency=office,
            count=pair.count,
            usual=statistics.median(past),
            weeks=len(past),
            chance=tail(pair.count, usual_of(past)),
            found_at=now,
        )
        for member in coordinators(rise, pair.day):
            send.tell_member(member, f"{LETTER}:{rise.pk}", now)
    return rise


def coordinators(rise: Rise, day: datetime.date) -> list[Membership]:
    """Who is told: those of the lowest desk at or above the pemda."""
    desk = Agency.objects.desk_at_or_above(rise.agency, day)
    role = Role.COORDINATOR if desk.parent_id is not None else Role.NATIONAL
    return list(Membership.objects.current(day).filter(agency=desk, role=role).select_related("user"))


def judge(rise: Rise, *, by: Actor, state: str, note: str, now: datetime.datetime | None = None) -> Rise:
    """A coordinator says what it was: taken up, or no rise. Once. Raises NotAllowed, Incomplete."""
    now = now or timezone.now()
    if by.membership is None or not membership_may(by.membership, Capability.OVERSEE, rise.agency):
        raise NotAllowed(_("Anda tidak berwenang di daerah ini."))
    if state not in (Rise.State.TAKEN, Rise.State.DISMISSED):
        raise Incomplete("state", _("Pilih apa yang Anda lakukan"))
    if not note.strip():
        raise Incomplete("note", _("Tulis apa yang dilakukan, atau mengapa ini bukan lonjakan"))
    with transaction.atomic():
        changed = Rise.objects.waiting().filter(pk=rise.pk)
        if not changed.update(state=state, note=note.strip()[:500], judged_by=by.user, judged_at=now):
            raise NotAllowed(_("Lonjakan ini sudah dinilai petugas lain."))
        AuditEntry.objects.create(
            at=now,
            who=by.user,
            acting_as=by.agency,
            what="judge",
            subject_kind="rise",
            subject_id=rise.pk,
            reason=note.strip()[:500],
            after={"state": state},
        )
    rise.refresh_from_db()
    return rise

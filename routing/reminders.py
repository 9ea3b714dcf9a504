"""Before time runs out, people know: the reporter 5 and 1 working days before a case ends by itself, officers 1 day
before a promise is due (case.md section 4). After an outage one letter stands for the steps it came too late for."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models, transaction

from agencies import calendar
from complaints.models import Clock, ClockKind, Complaint, Event
from complaints.models.lifecycle.oversight import reminded
from complaints.models.lifecycle.stepping import note_together
from complaints.transitions import OPEN, Status
from routing import dispatch, steps
from routing.almanac import Almanac, date_in, is_office_hour, zone_of

# Working days before the date.
TO_REPORTER = (5, 1)
TO_OFFICERS = (1,)
# DECIDE has one day in all: its desk has just been told.
_OFFICES = (ClockKind.VERIFY, ClockKind.RESPOND, ClockKind.RESOLVE)


@dataclass(frozen=True)
class Step:
    """`days` working days before a clock's date; one reminder may stand for several steps."""

    steps: tuple[int, ...]
    days: int


def remind_reporters(clocks: Iterable[Clock], now: datetime.datetime, almanac: Almanac) -> int:
    """Of one page of REPORTER clocks, those whose step has come and was not taken. How many were reminded."""
    due = []
    taken = steps_taken(clocks)
    for clock in clocks:
        complaint = clock.complaint
        if not is_office_hour(complaint.zone, now):
            continue
        left = days_left(clock, complaint.today(now), almanac)
        wanted = tuple(step for step in TO_REPORTER if left <= step and step not in taken[clock.pk])
        if wanted:
            due.append((clock, Step(wanted, max(left, 1))))
    return _remind_all(due, now)


def remind_officers(clocks: Iterable[Clock], now: datetime.datetime, almanac: Almanac) -> int:
    """Of one page of an office's clocks, those due on its next working day; one reminder a case and date."""
    due = []
    dates_of = dates_reminded(clocks)
    for clock in clocks:
        office = clock.complaint.handler
        zone = zone_of(office)
        today = date_in(zone, now)
        if not is_office_hour(zone, now) or not calendar.is_working_day(today, almanac.days_of(office.region)):
            continue
        assert clock.due_on is not None
        date = clock.due_on.isoformat()
        if days_left(clock, today, almanac) in TO_OFFICERS and date not in dates_of[clock.complaint_id]:
            due.append((clock, Step(TO_OFFICERS, 1)))
            dates_of[clock.complaint_id].add(date)
    return _remind_all(due, now)


def _remind_all(due: Sequence[tuple[Clock, Step]], now: datetime.datetime) -> int:
    return steps.together(
        "remind", due, lambda due: _remind_together(due, now), lambda step: remind(step[0], step[1], now)
    )


def of_reporters(today: datetime.date, almanac: Almanac) -> models.QuerySet[Clock]:
    """REPORTER clocks that may be within their last five working days somewhere."""
    latest = calendar.add_working_days(today, max(TO_REPORTER) + 1, almanac.all_days)
    return (
        Clock.objects.unstopped()
        .filter(kind=ClockKind.REPORTER, due_on__lte=latest)
        .filter(complaint__status__in=[Status.WAITING, Status.ANSWERED])
        .select_related("complaint__place", "complaint__handler")
    )


def of_officers(today: datetime.date, almanac: Almanac) -> models.QuerySet[Clock]:
    """The state's clocks that may be due on the next working day somewhere."""
    latest = calendar.add_working_days(today, max(TO_OFFICERS) + 1, almanac.all_days)
    return (
        Clock.objects.running()
        .filter(kind__in=_OFFICES, due_on__range=(today, latest))
        .filter(complaint__status__in=OPEN, complaint__silent=False)
        .select_related("complaint__place", "complaint__handler__region")
    )


def days_left(clock: Clock, today: datetime.date, almanac: Almanac) -> int:
    """Working days after today up to the date; negative: late."""
    assert clock.due_on is not None
    return calendar.working_days_left(today, clock.due_on, almanac.days_of_code(clock.calendar_region_id or ""))


def _remind_together(due: Sequence[tuple[Clock, Step]], now: datetime.datetime) -> set[int]:
    """As `remind`, for a page: whatever was read before is asked again under the locks."""
    cases = steps.take(clock for clock, _step in due)
    current = Clock.objects.unstopped().filter(complaint__in=cases).in_bulk([clock.pk for clock, _step in due])
    taken = steps_taken(current.values())
    going = [
        (clock, step)
        for clock, step in due
        if clock.pk in current and current[clock.pk].due_on == clock.due_on and not set(step.steps) <= taken[clock.pk]
    ]
    note_together(
        "remind",
        [(cases[clock.complaint_id], reminded(clock, step.days, step.steps)) for clock, step in going],
        by=dispatch.SYSTEM,
        now=now,
    )
    return {clock.pk for clock, _step in going}


def remind(clock: Clock, step: Step, now: datetime.datetime) -> bool:
    """One reminder, unless somebody was faster: asked again under the lock of the case."""
    with transaction.atomic():
        complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=clock.complaint_id)
        if set(step.steps) <= steps_taken([clock])[clock.pk]:
            return False
        current = Clock.objects.unstopped().filter(pk=clock.pk, due_on=clock.due_on).first()
        if current is None or complaint.status not in OPEN:
            return False
        return complaint.remind(current, by=dispatch.SYSTEM, days=step.days, steps=step.steps, now=now) is not None


def steps_taken(clocks: Iterable[Clock]) -> dict[int, set[int]]:
    """Which steps each clock has been reminded of. One statement."""
    taken: dict[int, set[int]] = defaultdict(set)
    for event in _reminders(clocks):
        taken[event.particulars.get("clock", 0)] |= set(event.particulars.get("steps", []))
    return taken


def dates_reminded(clocks: Iterable[Clock]) -> dict[int, set[str]]:
    """By case: dates of which its office was reminded. One statement."""
    found: dict[int, set[str]] = defaultdict(set)
    for event in _reminders(clocks):
        if event.particulars.get("kind") != ClockKind.REPORTER:
            found[event.complaint_id].add(event.particulars.get("due_on", ""))
    return found


def _reminders(clocks: Iterable[Clock]) -> models.QuerySet[Event]:
    return Event.objects.filter(complaint__in={clock.complaint_id for clock in clocks}, verb="remind")

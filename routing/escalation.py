"""The ladder: what an office lets lie climbs step by step to those above it (case.md section 4).

The working day after the due date its LIAISON and HEAD are told; on the second its COORDINATOR; on the fifth NATIONAL,
and the reporter is told of the Ombudsman. Only in office hours of a working day there; after an outage only the
highest step is sent. A case that waits for its reporter does not climb, imported history never does.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Subquery

from agencies import calendar
from agencies.models import Agency, Membership, Role
from complaints.models import Clock, ClockKind, Complaint, Event
from complaints.models.lifecycle.stepping import note_together
from complaints.notifications.send import notify_officers, notify_officers_together
from complaints.transitions import OPEN
from lapor.kit.nudge import nudge
from routing import dispatch, steps
from routing.almanac import Almanac, date_in, is_office_hour, zone_of
from routing.models import Disposition, Escalation

Level = Escalation.Level
# Working days after the due date, and who is told then; highest first.
STEPS = ((5, Level.NATIONAL), (2, Level.COORDINATOR), (1, Level.HANDLER))
LATE, NEW = "officer_late", "officer_new"
MORNING = datetime.time(7, 0)


def late_clocks() -> models.QuerySet[Clock]:
    """Noted misses that have not reached the top of the ladder; each with `reached`, its highest step so far."""
    taken = Escalation.objects.filter(clock=OuterRef("pk")).order_by("-level")
    top = Escalation.objects.filter(clock=OuterRef("pk"), level=Level.NATIONAL)
    return (
        _late()
        .filter(complaint__silent=False, complaint__status__in=OPEN)
        .exclude(kind=ClockKind.REPORTER)
        .filter(~Exists(top))
        .annotate(reached=Subquery(taken.values("level")[:1]))
        .select_related("complaint__place", "complaint__handler__region")
    )


def climb(clocks: Iterable[Clock], now: datetime.datetime, almanac: Almanac) -> int:
    """Take the step that is due for each of these. How many climbed."""
    due = [
        (clock, level)
        for clock in clocks
        if (level := step_due(clock, now, almanac)) and level > (getattr(clock, "reached", None) or 0)
    ]
    return steps.together(
        "climb", due, lambda due: _climb_together(due, now), lambda step: _climb(step[0], step[1], now)
    )


def step_due(clock: Clock, now: datetime.datetime, almanac: Almanac) -> Level | None:
    """The highest step whose day has come, if it is an office hour of a working day at the office that has it now."""
    office = clock.complaint.handler
    zone = zone_of(office)
    today = date_in(zone, now)
    if not is_office_hour(zone, now) or not calendar.is_working_day(today, almanac.days_of(office.region)):
        return None
    assert clock.due_on is not None
    late = calendar.working_days_between(clock.due_on, today, almanac.days_of_code(clock.calendar_region_id or ""))
    return next((level for days, level in STEPS if late >= days), None)


def _climb_together(due: Sequence[tuple[Clock, Level]], now: datetime.datetime) -> set[int]:
    """As `_climb`, for a page: whatever was read before is asked again under the locks."""
    cases = steps.take(clock for clock, _level in due)
    clocks = _late().filter(complaint__in=cases).in_bulk([clock.pk for clock, _level in due])
    reached = dict(
        Escalation.objects.filter(clock__in=clocks).order_by("level").values_list("clock_id", "level")
    )  # the highest comes last
    going = [
        (clocks[clock.pk], level) for clock, level in due if clock.pk in clocks and level > reached.get(clock.pk, 0)
    ]
    Escalation.objects.bulk_create(Escalation(clock=clock, level=level, at=now) for clock, level in going)
    events = note_together(
        "escalate",
        [
            (cases[clock.complaint_id], {"clock": clock.pk, "kind": clock.kind, "level": level})
            for clock, level in going
        ],
        by=dispatch.SYSTEM,
        now=now,
    )
    told: dict[tuple[int, int, datetime.date], list[Membership]] = {}
    for event in events:
        case, level, today = event.complaint, event.particulars["level"], event.complaint.today(now)
        if (case.handler_id, level, today) not in told:
            told[case.handler_id, level, today] = audience(case, level, today)
    if notify_officers_together(
        [
            (event, told[event.complaint.handler_id, event.particulars["level"], event.complaint.today(now)])
            for event in events
        ],
        LATE,
    ):
        nudge("complaints.tasks.send_due")
    return {clock.pk for clock, _level in going}


def _late() -> models.QuerySet[Clock]:
    return Clock.objects.running().filter(overdue_noted_at__isnull=False)


def _climb(clock: Clock, level: Level, now: datetime.datetime) -> bool:
    with transaction.atomic():
        complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=clock.complaint_id)
        current = _late().filter(pk=clock.pk).first()
        if current is None or complaint.status not in OPEN:
            return False
        if Escalation.objects.filter(clock=clock, level__gte=level).exists():
            return False
        Escalation.objects.create(clock=clock, level=level, at=now)
        event = complaint.note_escalation(current, by=dispatch.SYSTEM, level=level, now=now)
        assert event is not None
        notify_officers(event, audience(complaint, level, complaint.today(now)), LATE)
    return True


def audience(complaint: Complaint, level: int, today: datetime.date) -> list[Membership]:
    """Who is told at this step, of those who may see the case: a desk without LIAISON and HEAD has its COORDINATOR."""
    unseeing = dispatch.unseeing(complaint)
    handler = complaint.handler
    if level == Level.HANDLER and handler.parent_id is not None:
        found = officers_at(handler, (Role.LIAISON, Role.HEAD), complaint, today)
        return found or officers_at(handler, (Role.COORDINATOR,), complaint, today)
    desk = Agency.objects.root()
    if level == Level.COORDINATOR:
        desk = Agency.objects.desk_at_or_above(handler, today, complaint.not_for, unseeing)
    role = Role.NATIONAL if desk.parent_id is None else Role.COORDINATOR
    return officers_at(desk, (role,), complaint, today)


def officers_at(office: Agency, roles: Iterable[str], complaint: Complaint, today: datetime.date) -> list[Membership]:
    """Those of these roles there who may know of the case."""
    members = Membership.objects.current(today).filter(agency=office, role__in=roles)
    return list(members.exclude(user__in=dispatch.unseeing(complaint)))


# --- The morning letter ---


def tell_heads(now: datetime.datetime) -> int:
    """Each working morning the heads of an office (the head and the *sekretaris* alike) get what came since the
    working morning before. The outbox gathers one officer's rows into one letter. How many cases were told."""
    almanac = Almanac(date_in("Asia/Jakarta", now) - datetime.timedelta(days=40))
    told = 0
    offices = (
        Agency.objects.filter(memberships__in=Membership.objects.current().filter(role=Role.HEAD))
        .select_related("region")
        .distinct()
        .order_by("pk")
    )
    for office in offices:
        zone = zone_of(office)
        today = date_in(zone, now)
        holidays = almanac.days_of(office.region)
        if not calendar.is_working_day(today, holidays):
            continue
        since = now - (today - calendar.add_working_days(today, -1, holidays))
        told += _tell(office, since, now)
    return told


def _tell(office: Agency, since: datetime.datetime, now: datetime.datetime) -> int:
    heads = list(Membership.objects.current().filter(agency=office, role=Role.HEAD))
    stints = (
        Disposition.objects.open()
        .filter(agency=office, received_at__gt=since, received_at__lte=now, complaint__silent=False)
        .select_related("complaint")
    )
    opened = {(stint.complaint_id, stint.verb, stint.received_at): stint for stint in stints}
    events = Event.objects.filter(
        complaint__in={stint.complaint_id for stint in opened.values()}, handler_to=office, at__gt=since, at__lte=now
    ).select_related("complaint")
    told = 0
    for event in events:
        stint = opened.get((event.complaint_id, event.verb, event.at))
        if stint is not None:
            hidden = {user.pk for user in dispatch.unseeing(stint.complaint)}
            told += bool(notify_officers(event, [head for head in heads if head.user_id not in hidden], NEW))
    return told

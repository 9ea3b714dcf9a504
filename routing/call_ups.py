"""Cases that were called up ("minta penjelasan"): open until the office gives its account, reminded after the day.

An account is what the office itself does about the case: a note, an answer, a question, giving it back. Passed on to
a unit, or moved by the system, the request goes along; whoever moves the case otherwise knows enough. What ended needs
no account.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from agencies import calendar
from agencies.models import Agency, Membership, Role
from complaints.models import Complaint, Event
from complaints.notifications.send import notify_officers
from complaints.transitions import TERMINAL, NotAllowed
from lapor.kit.compiled import Blank, Compiled
from routing import dispatch, escalation
from routing.almanac import Almanac, date_in, is_office_hour, zone_of
from routing.models import CallUp
from routing.oversight import listed

# What an office does about a case it was called up for.
ACCOUNTS = frozenset({"note", "propose", "answer", "resolve", "ask", "hand_back"})
DUE = "officer_account_due"
# On the coordinator's page.
SHOWN = 5


def follow(event: Event, complaint: Complaint) -> None:
    """In the event's transaction. At most two statements, none for what does not bear on it."""
    ended = event.status_to in TERMINAL and event.status_from not in TERMINAL
    moved = event.handler_from_id is not None and event.handler_to_id != event.handler_from_id
    bears = ended or moved or event.verb in ACCOUNTS
    if event.verb != "summon" and not (bears and _OPEN(case=complaint.pk)):
        return
    rows = CallUp.objects.open().filter(complaint=complaint)
    if event.verb == "summon":
        rows.update(ended_at=event.recorded_at)
        CallUp.objects.create(
            complaint=complaint,
            asked=event,
            agency_id=complaint.handler_id,
            due_on=datetime.date.fromisoformat(event.particulars["due_on"]),
        )
    elif ended:
        rows.update(ended_at=event.recorded_at)
    elif event.verb in ACCOUNTS:
        rows.filter(agency=event.acting_agency_id).update(ended_at=event.recorded_at)
    elif event.verb == "pass_on" or event.side == "SYSTEM":
        rows.update(agency=event.handler_to_id)
    else:
        rows.update(ended_at=event.recorded_at)


_OPEN: Compiled[Any] = Compiled(
    lambda: CallUp.objects.open().filter(complaint_id=Blank("case", models.BigIntegerField())).values_list("pk")
)


# --- The reminder ---


def past_due(today: datetime.date) -> models.QuerySet[CallUp]:
    """Those whose day has passed somewhere and whose office was not reminded."""
    return (
        CallUp.objects.open()
        .filter(due_on__lt=today, reminded_at__isnull=True, complaint__silent=False)
        .select_related("agency__region", "complaint__place")
    )


def remind(rows: Iterable[CallUp], now: datetime.datetime, almanac: Almanac) -> int:
    """Once each, in an office hour of a working day after the date. How many offices were reminded."""
    return sum(_remind(row, now) for row in rows if _is_due(row, now, almanac))


def _is_due(row: CallUp, now: datetime.datetime, almanac: Almanac) -> bool:
    zone = zone_of(row.agency)
    today = date_in(zone, now)
    if today <= row.due_on or not is_office_hour(zone, now):
        return False
    return calendar.is_working_day(today, almanac.days_of(row.agency.region))


def _remind(row: CallUp, now: datetime.datetime) -> bool:
    complaint = row.complaint
    try:
        with transaction.atomic():
            open_one = CallUp.objects.open().filter(pk=row.pk, reminded_at__isnull=True, agency=row.agency)
            if not open_one.update(reminded_at=now):
                return False
            event = complaint.note_account_due(row.asked_id, row.due_on, by=dispatch.SYSTEM, now=now)
            assert event is not None
            notify_officers(event, _audience(row.agency, complaint), DUE)
    except NotAllowed:
        return False
    return True


def _audience(office: Agency, complaint: Complaint) -> list[Membership]:
    """The office's officers and its head; where it has none, its coordinators."""
    today = complaint.today()
    found = escalation.officers_at(office, (Role.LIAISON, Role.HEAD), complaint, today)
    return found or escalation.officers_at(office, (Role.COORDINATOR, Role.NATIONAL), complaint, today)


# --- Who sees it ---


def passed(membership: Membership, node: Agency, today: datetime.date) -> tuple[list[CallUp], int]:
    """Below this node, accounts whose day has passed, oldest first: the first few, and how many there are. Two
    statements."""
    found = (
        CallUp.objects.open()
        .filter(due_on__lt=today, agency__path__startswith=node.path)
        .filter(complaint__in=Complaint.objects.open().filter(listed(membership, node)))
    )
    shown = list(found.select_related("agency", "complaint").order_by("due_on", "pk")[: SHOWN + 1])
    return shown[:SHOWN], len(shown) if len(shown) <= SHOWN else found.count()


def standing(cases: Any) -> list[tuple[Complaint, datetime.date]]:
    """Of these cases those whose account has not been given, with its date. One statement."""
    rows = CallUp.objects.open().filter(complaint__in=cases).select_related("complaint")
    return [(row.complaint, row.due_on) for row in rows]

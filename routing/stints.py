"""Stints follow events: which verb ends one, which opens the next, which makes it stand still.

The table is read by the listener alone, so that a stint can't be forgotten by whoever writes a new act.
"""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.db import models

from agencies import calendar
from agencies.actor import Actor
from agencies.models import Holiday
from complaints.models import Clock, ClockKind, Complaint, Event, ServiceStandard
from complaints.transitions import Status
from lapor.kit.compiled import Blank, Compiled
from lapor.kit.rows import write
from routing.models import Disposition, Ground, Outcome


class Effect(NamedTuple):
    """`ends`: the outcome written to the open stint; None: it goes on. `opens`: a new one begins at the handler."""

    ends: str | None
    opens: bool


EFFECTS: dict[str, Effect] = {
    "submit": Effect(None, opens=True),
    "place": Effect(Outcome.PLACED, opens=True),
    "forward": Effect(Outcome.FORWARDED, opens=True),
    "pass_on": Effect(Outcome.PASSED_ON, opens=True),
    "hand_back": Effect(Outcome.HANDED_BACK, opens=True),
    "move": Effect(Outcome.MOVED, opens=True),
    "contest": Effect(Outcome.CONTESTED, opens=True),
    "reopen": Effect(None, opens=True),
    "unmerge": Effect(None, opens=True),
    "accept": Effect(Outcome.ANSWERED, opens=False),
    "lapse": Effect(Outcome.LAPSED, opens=False),
    "expire": Effect(Outcome.EXPIRED, opens=False),
    "archive": Effect(Outcome.ARCHIVED, opens=False),
    "withdraw": Effect(Outcome.WITHDRAWN, opens=False),
}
ANSWERS = ("answer", "resolve")
PAUSES = ("ask", "resolve")
RESUMES = ("unask", "complete")
# Verbs that leave a mark on the open stint without ending it.
MARKS = (*ANSWERS, *PAUSES, *RESUMES, "start")


def follow(event: Event, complaint: Complaint, by: Actor) -> None:
    """End, open or mark the stint as the event asks; runs in the event's transaction."""
    effect = EFFECTS.get(event.verb)
    if effect is None and event.verb not in MARKS:
        return
    open_stint = None
    if event.verb != "submit":
        open_stint = next(iter(_OPEN(case=complaint.pk)), None)
    if open_stint is not None:
        # A table of the past says that there was an answer, not when.
        if event.verb in ANSWERS and open_stint.first_answer_at is None and "told_as" not in event.particulars:
            open_stint.first_answer_at = event.at
        if event.verb in PAUSES:
            _pause(open_stint, complaint, event)
        elif event.verb in RESUMES:
            _resume(open_stint, complaint, event)
        if event.verb == "start" and event.actor_id:
            open_stint.officer_id = event.actor_id
        if effect is not None and effect.ends is not None:
            succeeded = event.verb == "move" and event.particulars.get("cause") == "SUCCEEDED"
            open_stint.outcome = Outcome.SUCCEEDED if succeeded else effect.ends
            open_stint.ended_at = event.at
            if event.verb == "hand_back":
                open_stint.ground = event.particulars["ground"]
                open_stint.proposed_id = event.particulars["proposed"]
        open_stint.save()
    if effect is not None and effect.opens:
        if event.verb == "unmerge":
            # No new round: who was bound in it still is.
            open_stint = Disposition.objects.filter(complaint=complaint).order_by("-pk").first()
        _open(event, complaint, open_stint)


_OPEN: Compiled[Disposition] = Compiled(
    lambda: Disposition.objects.open().filter(complaint_id=Blank("case", models.BigIntegerField()))
)


def refusals(complaint: Complaint) -> list[Disposition]:
    """Stints of this round that ended in a refusal (NOT_OURS, and not a unit's to the office that passed it on)."""
    return list(
        Disposition.objects.filter(
            complaint=complaint, round=complaint.round, outcome=Outcome.HANDED_BACK, ground=Ground.NOT_OURS
        )
        .exclude(verb="pass_on")
        .select_related("agency")
        .order_by("pk")
    )


def due_of(complaint: Complaint, stint: Disposition) -> datetime.date | None:
    """While submitted the VERIFY clock's date; from `forwarded` the RESPOND budget from the stint's own first day: the
    office's, whatever a programme promises the citizen, so that offices can be compared (ADR 0040).

    None while the citizen is waited for.
    """
    if complaint.status in (Status.WAITING, Status.ANSWERED):
        return None
    if complaint.status == Status.SUBMITTED:
        return (
            Clock.objects.unstopped()
            .filter(complaint=complaint, kind=ClockKind.VERIFY)
            .values_list("due_on", flat=True)
            .first()
        )
    standard = ServiceStandard.objects.in_force(
        complaint.kind, complaint.supervised, ClockKind.RESPOND, stint.agency, stint.received_on
    )
    holidays = Holiday.objects.kept_in(complaint.place).filter(date__gte=stint.received_on).days()
    pauses = list(complaint.pauses.values_list("started_on", "ended_on"))
    return calendar.due_on(stint.received_on, standard.working_days, holidays, pauses)


def _open(event: Event, complaint: Complaint, before: Disposition | None) -> None:
    received_on = complaint.today(event.at)
    first = event.verb == "submit"
    stint = Disposition(
        complaint=complaint,
        agency=complaint.handler,
        from_agency_id=None if first else event.handler_from_id,
        # Who typed a report in has sent it nowhere.
        by_id=event.actor_id if event.side == "OFFICER" and not first else None,
        verb=event.verb,
        reason=event.particulars.get("reason", ""),
        round=complaint.round,
        received_at=event.at,
        received_on=received_on,
        # A stint of the round keeps being bound; the second refusal binds the next.
        bound=bool(event.particulars.get("bound"))
        or (before is not None and before.bound and before.round == complaint.round),
        weighed_at=None if first else event.at,
    )
    shown = event.particulars.get("clocks", {})
    if first:
        stint.due_on = complaint.due_on
    elif shown.get(ClockKind.RESPOND) and event.verb != "unmerge" and not complaint.is_tightened(ClockKind.RESPOND):
        stint.due_on = datetime.date.fromisoformat(shown[ClockKind.RESPOND])
    else:
        stint.due_on = due_of(complaint, stint)
    write(stint)


def _pause(stint: Disposition, complaint: Complaint, event: Event) -> None:
    today = complaint.today(event.at)
    if stint.due_on is not None and stint.due_on >= today:
        stint.due_on = None


def _resume(stint: Disposition, complaint: Complaint, event: Event) -> None:
    if stint.due_on is None:
        stint.due_on = due_of(complaint, stint)
    pause = complaint.pauses.filter(ended_on__isnull=False).order_by("-pk").first()
    if pause is not None and pause.ended_on is not None:
        first = max(pause.started_on, stint.received_on)
        holidays = Holiday.objects.kept_in(complaint.place).filter(date__gte=first).days()
        day, counted = first, 0
        while day < pause.ended_on:
            counted += calendar.is_working_day(day, holidays)
            day += datetime.timedelta(days=1)
        stint.paused_days += counted

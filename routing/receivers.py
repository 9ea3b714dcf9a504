"""What routing does when the case or the map announces something, in the same transaction."""

from __future__ import annotations

import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from agencies.actor import Actor
from agencies.models import Agency, Membership, Region
from agencies.signals import agency_ended, agency_moved, agency_succeeded, calendar_changed, membership_ended
from complaints.because import because
from complaints.models import Attachment, Complaint, Event, ServiceStandard
from complaints.signals import event_recorded, misses_noted, officer_wrote, standard_set, steps_noted
from lapor.kit.nudge import nudge
from routing import (
    answered_by_letter,
    call_ups,
    dispatch,
    ground,
    groups,
    helping,
    redate,
    rulebook,
    stints,
    unanswered,
)
from routing.delivery import outbox
from routing.measures import ledger


@receiver(event_recorded, dispatch_uid="routing.follow")
def follow(sender: object, event: Event, complaint: Complaint, by: Actor, **more: Any) -> None:
    """Stints and the register of the unanswered follow, agencies' systems are told; then whatever the event makes
    impossible is put right."""
    stints.follow(event, complaint, by)
    unanswered.follow(event, complaint)
    call_ups.follow(event, complaint)
    for delivery in outbox.fill(event, complaint):
        nudge("routing.tasks.deliver_webhook", delivery)
    if event.verb == "submit":
        nudge("routing.tasks.forward_by_itself", complaint.pk)
    elif event.verb in ("reopen", "unmerge"):
        dispatch.move_out(complaint, cause="LANDING", why=because("landing"), now=event.at)
    elif event.verb == "exclude":
        dispatch.follow_exclusion(complaint, now=event.at)
    if event.verb in groups.LEAD_GONE:
        groups.follow_lead(complaint, event)
    helping.follow(event, complaint)


@receiver(misses_noted, dispatch_uid="routing.follow_misses")
def follow_misses(sender: object, events: list[int], **more: Any) -> None:
    """The same for many promises missed: no turn begins or ends by it."""
    unanswered.note_together(events)
    if outbox.fill_together(events):
        nudge("routing.tasks.deliver_due")


@receiver(steps_noted, dispatch_uid="routing.follow_steps")
def follow_steps(sender: object, events: list[Event], **more: Any) -> None:
    """Reminders and the ladder change no turn and no promise: agencies' systems are told."""
    if outbox.fill_together([event.pk for event in events]):
        nudge("routing.tasks.deliver_due")


@receiver(agency_ended, dispatch_uid="routing.succession")
def succession(sender: object, agency: Agency, by: Actor, day: datetime.date, **more: Any) -> None:
    """On the day an agency ends its open cases go to the successor."""
    if day <= dispatch.today_at(agency):
        ground.begin_to_clear(agency, timezone.now())


@receiver(agency_succeeded, dispatch_uid="routing.rules_succeed")
def rules_succeed(sender: object, agency: Agency, by: Actor, day: datetime.date, **more: Any) -> None:
    """Its rules, and those that send to it, go on at whoever does its work now."""
    rulebook.succeed(agency, by=by, day=day)


@receiver(agency_moved, dispatch_uid="routing.moved")
def moved(sender: object, agency: Agency, by: Actor, **more: Any) -> None:
    """It came below an office from which some of its cases are kept."""
    ground.follow_move(agency, timezone.now())


@receiver(membership_ended, dispatch_uid="routing.unstaffed")
def unstaffed(sender: object, membership: Membership, by: Actor, day: datetime.date, **more: Any) -> None:
    """When an office's last officer leaves, its open cases go to the nearest staffed office above (I11)."""
    if day <= dispatch.today_at(membership.agency):
        ground.begin_to_clear(membership.agency, timezone.now())


@receiver(calendar_changed, dispatch_uid="routing.redate")
def redate_clocks(sender: object, years: set[int], region: Region | None, **more: Any) -> None:
    """Promises that span a changed year are dated anew in the transaction of the change, figures by the worker."""
    redate.redate(years, region)
    helping.redate(years)
    ledger.make_anew()


@receiver(standard_set, dispatch_uid="routing.judge_anew")
def judge_anew(sender: object, standard: ServiceStandard, **more: Any) -> None:
    """Turns that began since are judged by what was promised then."""
    ledger.judge_anew(standard, timezone.localdate())


@receiver(officer_wrote, dispatch_uid="routing.letters")
def answer_by_letter(
    sender: object,
    complaint: Complaint,
    membership: Membership,
    version: int,
    body: str,
    files: list[Attachment],
    now: datetime.datetime,
    **more: Any,
) -> Event | None:
    """An officer answered a letter instead of opening the desk."""
    return answered_by_letter.answer(complaint, membership, version=version, body=body, files=files, now=now)

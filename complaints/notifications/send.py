"""Who hears of which event, on which medium. Writes outbox rows in the event's transaction; nothing is sent here."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from celery import current_app
from django.utils import timezone

from agencies.actor import Side
from agencies.models import Membership, Role
from complaints.models import ClockKind, Complaint, Event, Notification, Reporter
from lapor.kit.nudge import nudge

# What the reporter hears of, and in which letter. Their own acts are not told back to them.
TO_REPORTER = {
    "submit": "submitted",
    "forward": "forwarded",
    "move": "moved",
    "pass_on": "moved",
    "hand_back": "handed_back",
    "start": "started",
    "ask": "asked",
    "unask": "unasked",
    "answer": "answered",
    "resolve": "resolved",
    "lapse": "lapsed",
    "expire": "expired",
    "archive": "archived",
    "reopen": "reopened",
    "reclassify": "redated",
    "recompute": "redated",
    "overdue": "late",
    "overdue_withdrawn": "corrected",
    "remind": "reminder",
    "escalate": "ombudsman",
    "reveal": "revealed",
}
# What the office hears of at once. New cases come in the morning letter, lateness by the ladder: both from above.
TO_OFFICE = {
    "move": "officer_moved",
    "pass_on": "officer_moved",
    "hand_back": "officer_moved",
    "reopen": "officer_moved",
    "contest": "officer_contested",
    "complete": "officer_replied",
    "reply": "officer_replied",
    "remind": "officer_due_soon",
    "nudge": "officer_nudged",
}
# What those hear of whose case was merged into this one (case.md section 5, merge).
TO_MERGED = frozenset({"forward", "move", "start", "answer", "resolve", "lapse", "overdue"})
Medium = Notification.Medium

# The last rung of the ladder, where the reporter hears of the Ombudsman (case.md section 4).
LAST_RUNG = 3


def notify(event: Event, complaint: Complaint) -> list[int]:
    """The outbox rows of one event; their ids, each already nudged for after the commit.

    Imported history is silent, and so is a reporter without an address.
    """
    if complaint.silent:
        return []
    made: list[int] = []
    letter = _for_reporter(event)
    if letter:
        for medium in ways_to(complaint):
            row = Notification.objects.create(
                event=event, medium=medium, letter=letter, next_try=event.recorded_at, created_at=event.recorded_at
            )
            made.append(row.pk)
            _wake(row.pk)
    if letter and event.verb in TO_MERGED:
        made += _notify_merged(event, complaint, letter)
    if event.verb == "reveal" and event.particulars.get("step") == "asked":
        nationals = Membership.objects.current().filter(role=Role.NATIONAL).exclude(user=event.actor_id)
        made += notify_officers(event, nationals, "officer_reveal")
    letter = _for_office(event)
    if letter:
        made += notify_officers(event, officers_of(complaint, but=event.actor_id), letter)
    return made


def notify_officers(
    event: Event, memberships: Iterable[Membership], letter: str, *, not_before: datetime.datetime | None = None
) -> list[int]:
    """One letter to each of these officers about this event; a second call adds nothing. Returns new ids.

    For the ladder and the morning letter above: `officer_late`, `officer_new`. `not_before` keeps it until then.
    """
    if event.complaint.silent:
        return []
    users = {membership.user_id for membership in memberships}
    users -= set(
        Notification.objects.filter(event=event, letter=letter, user__in=users).values_list("user_id", flat=True)
    )
    first_try = not_before or event.recorded_at
    rows = Notification.objects.bulk_create(
        [
            Notification(event=event, user_id=user, letter=letter, next_try=first_try, created_at=first_try)
            for user in sorted(users)
        ]
    )
    if first_try <= timezone.now():
        for row in rows:
            _wake(row.pk)
    return [row.pk for row in rows]


def _notify_merged(event: Event, lead: Complaint, letter: str) -> list[int]:
    """The lead's letter for the reporter of every case merged into it who can be reached."""
    reporters = Reporter.objects.filter(complaint__duplicate_of=lead, complaint__silent=False, erased_at=None)
    at = event.recorded_at
    rows = Notification.objects.bulk_create(
        [
            Notification(event=event, reporter=reporter, medium=medium, letter=letter, next_try=at, created_at=at)
            for reporter in reporters.order_by("pk")
            for medium in ways_of(reporter)
            if medium != Medium.EMAIL or reporter.email_confirmed_at is not None
        ]
    )
    for row in rows:
        _wake(row.pk)
    return [row.pk for row in rows]


def officers_of(complaint: Complaint, *, but: int | None = None) -> list[Membership]:
    """Who answers for the office that has the case now and may see it; at the root NATIONAL."""
    handler = complaint.handler
    roles = [Role.NATIONAL] if handler.parent_id is None else [Role.LIAISON, Role.HEAD, Role.COORDINATOR]
    members = Membership.objects.current().filter(agency=handler, role__in=roles).exclude(user=but)
    if complaint.about_conduct:
        members = members.exclude(user__in=complaint.not_seen_by.all())
    return list(members)


def _for_reporter(event: Event) -> str:
    if event.side == Side.REPORTER.value and event.verb != "submit":
        return ""
    particulars = event.particulars
    match event.verb:
        case "reclassify" if "clocks" not in particulars:
            return ""
        case "recompute" if not particulars.get("moved"):
            return ""
        case "remind" if particulars.get("kind") != ClockKind.REPORTER:
            return ""
        case "escalate" if particulars.get("level") != LAST_RUNG:
            return ""
        case "reveal" if particulars.get("step") == "asked":
            return ""  # told when it is really opened
        case "overdue" if particulars.get("kind") == ClockKind.REPORTER:
            return ""
    return TO_REPORTER.get(event.verb, "")


def _for_office(event: Event) -> str:
    if event.verb == "remind" and event.particulars.get("kind") == ClockKind.REPORTER:
        return ""
    return TO_OFFICE.get(event.verb, "")


def ways_to(complaint: Complaint) -> list[str]:
    """The media by which its reporter can be told."""
    try:
        return ways_of(complaint.reporter)
    except Reporter.DoesNotExist:
        return []


def ways_of(reporter: Reporter) -> list[str]:
    """By email where there is an address, and by the door they came. Whether an address is confirmed is asked when the
    letter goes out."""
    if reporter.erased_at is not None:
        return []
    ways = [Medium.EMAIL.value] if reporter.email_fingerprint and reporter.unreachable_since is None else []
    return ways + ([reporter.door] if reporter.door and reporter.door_closed_at is None else [])


def _wake(pk: int) -> None:
    """By its name: the tasks stand above this package."""
    nudge(current_app.tasks["complaints.tasks.send_notification"], pk)

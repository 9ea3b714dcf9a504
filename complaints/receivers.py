"""What the case itself does when something happened to it, in the same transaction: masked copy, outbox, files."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from agencies.actor import Actor
from agencies.models import Membership, User
from agencies.signals import calendar_changed, membership_begun
from complaints import appearances, disclosures, privacy, publishing
from complaints.models import Arrival, Attachment, Complaint, Event, RemoteFile
from complaints.notifications import delivery, devices, send
from complaints.signals import arrival_kept, event_recorded, letter_receipt, misses_noted, steps_noted
from lapor.kit.nudge import nudge

# Acts that change nothing the public reads.
_UNSEEN = frozenset(
    {
        "submit",
        "place",
        "note",
        "nudge",
        "summon",
        "account_due",
        "propose",
        "remind",
        "reveal",
        "escalate",
        "undeliverable",
        "overdue",
        "invite",
        "share",
        "contribute",
        "decline",
        "uninvite",
        "reinvite",
        "help_due",
        "offer_lane",
        "locate",
        "refer",
        "unrefer",
        "examine",
        "recommend",
        "heed",
        "weigh",
    }
)


@receiver(event_recorded, dispatch_uid="complaints.publication")
def keep_publication(sender: object, event: Event, complaint: Complaint, by: Actor, **more: Any) -> None:
    """Publish where the act's page showed the masked text, correct it where it was redacted, else bring it up to date;
    a case that may not be public loses its copy here."""
    text, complaint.public_text = complaint.public_text, None
    copy = None
    if event.particulars.get("publish") and text is not None:
        copy = publishing.publish(
            complaint, title=text.title, body=text.body, hide=privacy.names_to_hide(complaint), now=event.recorded_at
        )
    elif event.verb not in _UNSEEN and publishing.has_copy(complaint):
        copy = publishing.publish(
            complaint,
            title=text.title if text else None,
            body=text.body if text else None,
            hide=privacy.names_to_hide(complaint),
            now=event.recorded_at,
        )
    if copy is not None:
        appearances.note_move(copy, event)


@receiver(event_recorded, dispatch_uid="complaints.outbox")
def fill_outbox(sender: object, event: Event, complaint: Complaint, by: Actor, **more: Any) -> None:
    """Rows for the letters of this event; they wait for the commit."""
    send.notify(event, complaint)
    if event.verb in ("refer", "unrefer", "recommend", "heed"):
        send.tell_of_referral(event, complaint)


@receiver(misses_noted, dispatch_uid="complaints.late_letters")
def fill_outbox_of_misses(sender: object, events: list[int], now: datetime.datetime, **more: Any) -> None:
    """The same for many promises missed. Nothing of it changes what the public reads."""
    send.notify_late(events, now)


@receiver(steps_noted, dispatch_uid="complaints.letters_of_steps")
def fill_outbox_of_steps(sender: object, events: list[Event], now: datetime.datetime, **more: Any) -> None:
    """The same for reminders and steps of the ladder."""
    send.notify_together(events, now)


@receiver(membership_begun, dispatch_uid="complaints.appointed")
def tell_appointed(sender: object, membership: Membership, by: Actor, **more: Any) -> None:
    """Whoever a person appointed learns it by letter; what the system lays out (a demonstration) sends none."""
    if not by.is_system:
        send.tell_appointed(membership, timezone.now())


@receiver(calendar_changed, dispatch_uid="complaints.redate_disclosures")
def redate_disclosures(sender: object, **more: Any) -> None:
    """What was promised in the lane is counted like every other promise."""
    disclosures.redate()


@receiver(pre_delete, sender=User, dispatch_uid="complaints.account")
def let_go_of_reports(sender: object, instance: User, **more: Any) -> None:
    """No foreign key does it: nothing but the fingerprint leads from an account to its reports."""
    privacy.let_go_of(instance.fingerprint, timezone.now())


@receiver(post_save, sender=Attachment, dispatch_uid="complaints.check")
def have_file_checked(sender: object, instance: Attachment, created: bool, **more: Any) -> None:
    """Nobody opens a file before a worker did."""
    if created:
        nudge("complaints.tasks.check_attachment", instance.pk)


@receiver(post_save, sender=RemoteFile, dispatch_uid="complaints.fetch")
def have_file_fetched(sender: object, instance: RemoteFile, created: bool, **more: Any) -> None:
    if created:
        nudge("complaints.tasks.receive_file", instance.pk)


@receiver(arrival_kept, dispatch_uid="complaints.understand")
def have_arrival_understood(sender: object, arrival: Arrival, **more: Any) -> None:
    """Whoever sent it has its answer already; a worker reads it now."""
    nudge("complaints.tasks.receive_arrival", arrival.pk)


@receiver(user_logged_out, dispatch_uid="complaints.stop_calling")
def stop_calling(sender: object, request: HttpRequest | None, **more: Any) -> None:
    """Whoever signs out leaves the computer to somebody else: it is not called for them any more."""
    device = devices.of_browser(request) if request is not None else None
    if device is not None:
        device.end()


@receiver(letter_receipt, dispatch_uid="complaints.receipt")
def note_receipt(
    sender: object,
    medium: str,
    reference: str,
    delivered: bool,
    answer: str,
    at: datetime.datetime,
    lasting: bool = False,
    **more: Any,
) -> None:
    """The peer's last word on a letter."""
    delivery.take_receipt(medium, reference, delivered=delivered, answer=answer, lasting=lasting, now=at)

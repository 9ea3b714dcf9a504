"""What reporter and officers say to each other, and the files that go with it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User

from .draft import Draft
from .event import Audience


class Message(models.Model):
    """Never edited; withdrawn by a later act, with an event."""

    class Side(models.TextChoices):
        REPORTER = "REPORTER", _("pelapor")
        AGENCY = "AGENCY", _("kantor")
        DESK = "DESK", _("meja")

    class State(models.TextChoices):
        SENT = "SENT", _("terkirim")
        # Waits for the head's approval; neither the reporter nor the public sees it.
        PENDING = "PENDING", _("menunggu persetujuan")
        WITHDRAWN = "WITHDRAWN", _("ditarik")

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="messages")
    side = models.CharField(max_length=8, choices=Side.choices)
    # The act it came with: answer, resolve, ask, note, complete, contest, reply …
    verb = models.CharField(max_length=20)
    body = models.TextField()
    # resolve: {"outcome": DONE|SCHEDULED|REFUSED, "done_on", "unit", "promised_on"} as ISO dates and text.
    facts = models.JSONField(default=dict, blank=True)
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.PARTIES)
    state = models.CharField(max_length=9, choices=State.choices, default=State.SENT)
    # An officer; the reporter's messages have none.
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=models.Q(state="PENDING"), name="message_one_pending_per_complaint"
            ),
            models.CheckConstraint(
                condition=~models.Q(side="REPORTER") | models.Q(author__isnull=True),
                name="message_reporter_is_not_named",
            ),
        ]
        indexes = [
            # The count of what waits for an office's approval.
            models.Index(fields=["agency", "complaint"], condition=models.Q(state="PENDING"), name="message_pending"),
            # Final answers an office gave, by their day: drawn by lot, and compared with each other.
            models.Index(
                fields=["agency", "written_at"],
                condition=models.Q(verb="resolve", state="SENT"),
                name="message_final_of_office",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"


def attachment_path(attachment: Attachment, filename: str) -> str:
    """A name of our own: what the sender called it never reaches the file system."""
    import uuid

    return f"lampiran/{timezone.now():%Y/%m}/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """A file. Re-encoded and checked by a worker, served only when CLEAN, guarded like its case."""

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", _("sedang diperiksa")
        CLEAN = "CLEAN", _("aman")
        REFUSED = "REFUSED", _("ditolak")

    complaint = models.ForeignKey(
        "complaints.Complaint", models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, blank=True, related_name="attachments")
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="attachments")
    # Of a disclosure (WBS), and then of nothing else: no page of a case finds it.
    disclosure = models.ForeignKey(
        "complaints.Disclosure", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Of a disclosure the message of its talk; None: it came with the disclosure itself.
    disclosure_word = models.ForeignKey(
        "complaints.DisclosureWord", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    file = models.FileField(upload_to=attachment_path)
    # What the sender called it, for showing only.
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField(help_text="bytes")
    digest = models.CharField(max_length=64, blank=True)
    sniffed_type = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RECEIVED)
    reason = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    particulars: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(disclosure__isnull=True)
                | models.Q(complaint__isnull=True, draft__isnull=True, message__isnull=True),
                name="attachment_of_a_disclosure_alone",
            )
        ]
        indexes = [
            # Read by the sweep that finds files no worker has looked at.
            models.Index(fields=["received_at"], condition=models.Q(state="RECEIVED"), name="attachment_unchecked"),
            models.Index(
                fields=["disclosure"], condition=models.Q(disclosure__isnull=False), name="attachment_disclosed"
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""Event: what happened to a case, written once at the moment it was true. Append-only by trigger."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, ApiClient, Role, User
from lapor.kit.append_only import append_only
from lapor.kit.standing import pointing


class Audience(models.TextChoices):
    """Who may read an event or a message. Each is contained in the next: OFFICERS, PARTIES, PUBLIC."""

    OFFICERS = "OFFICERS", _("petugas")
    PARTIES = "PARTIES", _("pelapor dan petugas")
    PUBLIC = "PUBLIC", _("semua orang")


class Event(models.Model):
    """Every change of a case has exactly one. `at` is when it was true, `recorded_at` when it was written.

    `actor` is an officer; of the reporter's acts `side` alone says whose they were. `particulars` holds what the verb
    adds: reason, ground, message id, due dates, proposed office … never a name, a contact or a text of the reporter.
    """

    # That it is there, and the offices below, the trigger `event_points` sees to.
    complaint = models.ForeignKey(
        "complaints.Complaint", models.PROTECT, db_index=False, db_constraint=False, related_name="events"
    )
    verb = models.CharField(max_length=20)
    side = models.CharField(max_length=8)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    # The machine that did it, or carried a reporter's words. Never looked for, only shown.
    client = models.ForeignKey(ApiClient, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    acting_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, db_index=False, db_constraint=False, related_name="+"
    )
    acting_role = models.CharField(max_length=12, choices=Role.choices, blank=True)
    at = models.DateTimeField(default=timezone.now)
    recorded_at = models.DateTimeField(default=timezone.now)
    round = models.PositiveSmallIntegerField(default=1)
    status_from = models.CharField(max_length=12, blank=True)
    status_to = models.CharField(max_length=12, blank=True)
    # Of a case already found; by office the stints are read.
    handler_from = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, db_index=False, db_constraint=False, related_name="+"
    )
    handler_to = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, db_index=False, db_constraint=False, related_name="+"
    )
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.PARTIES)
    particulars = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["complaint", "id"], name="event_of_complaint"),
            # Asked when an account is deleted. What nobody in person did stands in it with nothing.
            models.Index(fields=["actor"], condition=models.Q(actor__isnull=False), name="event_of_actor"),
            # What everybody may learn, in the order it was written: read by Open311's updates.
            models.Index(
                fields=["recorded_at", "id"], condition=~models.Q(audience="OFFICERS"), name="event_told_since"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(side="REPORTER") | models.Q(actor__isnull=True), name="event_reporter_is_not_named"
            )
        ]
        triggers = [
            *append_only("event"),
            pointing(
                "event_points",
                ("complaints_complaint", "complaint_id"),
                ("agencies_agency", "handler_to_id"),
                ("agencies_agency", "handler_from_id"),
                ("agencies_agency", "acting_agency_id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d}"

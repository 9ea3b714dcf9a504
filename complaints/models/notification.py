"""Notification: the outbox of letters. One per event, recipient and medium; a lost nudge is found by the sweep."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import User

from .event import Event
from .reporter import Reporter


class Notification(models.Model):
    class Medium(models.TextChoices):
        EMAIL = "EMAIL", _("surel")
        SMS = "SMS", _("SMS")

    class State(models.TextChoices):
        PENDING = "PENDING", _("menunggu")
        SENT = "SENT", _("terkirim")
        # Given up after the last try, loudly: it shows on the desk of the national admin.
        FAILED = "FAILED", _("gagal")
        # Not to be sent: imported history, an unconfirmed contact that had its one letter, an erased reporter.
        SILENCED = "SILENCED", _("tidak dikirim")

    event = models.ForeignKey(Event, models.PROTECT, related_name="notifications")
    # None: the reporter of the event's case; the address is looked up when it is sent, never copied here.
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Set: the reporter of a case merged into the event's one, who gets the lead's letters without its text.
    reporter = models.ForeignKey(Reporter, models.PROTECT, null=True, blank=True, related_name="+")
    medium = models.CharField(max_length=5, choices=Medium.choices, default=Medium.EMAIL)
    letter = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    # When it may next be tried; a sender that takes it moves this ahead (its lease) before it sends.
    next_try = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "user", "reporter", "medium", "letter"],
                nulls_distinct=False,
                name="notification_once",
            )
        ]
        indexes = [
            # Read by the sender: what waits, oldest first.
            models.Index(fields=["next_try"], condition=Q(state="PENDING"), name="notification_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.state}"


class DeliveryAttempt(models.Model):
    """One try to send one letter, and what the other side said."""

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="attempts")
    at = models.DateTimeField(default=timezone.now)
    succeeded = models.BooleanField()
    # The peer's answer without the address; at most 300 characters.
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.succeeded}"

"""Notification: the outbox of letters. One per event, recipient and medium; a lost nudge is found by the sweep.

A reply to a message that was about no event (help, "which report do you mean?") stands in the same outbox, with the
arrival it answers in place of the event; so does the letter to somebody newly appointed, with their membership, and the
one that asks whoever wants to follow a case whether the address is theirs. Letters of alerts stand there with theirs.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, User
from lapor.kit.standing import pointing, written_once

from .alert import Alert
from .arrival import Arrival
from .event import Event
from .reporter import Reporter
from .supporter import Supporter


class Notification(models.Model):
    class Medium(models.TextChoices):
        """Those that need no channel of their own; every other is the medium of a channel's door (its registry)."""

        EMAIL = "EMAIL", _("email")
        PUSH = "PUSH", _("pemberitahuan di gawai")

    class State(models.TextChoices):
        PENDING = "PENDING", _("menunggu")
        SENT = "SENT", _("terkirim")
        # Given up after the last try, loudly: it shows on the desk of the national admin.
        FAILED = "FAILED", _("gagal")
        # Not to be sent: imported history, an unconfirmed contact that had its one letter, an erased reporter.
        SILENCED = "SILENCED", _("tidak dikirim")

    # That it is there the trigger `notification_points` sees to.
    event = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        related_name="notifications",
    )
    # Set in place of the event: the message this is the reply to, and the reply itself, sealed.
    arrival = models.ForeignKey(Arrival, models.PROTECT, null=True, blank=True, db_index=False, related_name="replies")
    words_sealed = models.TextField(blank=True)
    # Set in place of the event: the appointment this tells of, to its own user.
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    # None: the reporter of the event's case; the address is looked up when it is sent, never copied here.
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    # Set: the reporter of a case merged into the event's one, who gets the lead's letters without its text.
    reporter = models.ForeignKey(Reporter, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    # Set: whoever follows the event's case or one merged into it; without an event the letter that asks them first.
    supporter = models.ForeignKey(Supporter, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    # Set in place of the event: whose wish for news this serves. They go with it.
    alert = models.ForeignKey(Alert, models.CASCADE, null=True, blank=True, db_index=False, related_name="+")
    medium = models.CharField(max_length=12, default=Medium.EMAIL)
    letter = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    # When it may next be tried; a sender that takes it moves this ahead (its lease) before it sends.
    next_try = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    # When a receipt of the peer said that it arrived; None: no receipt yet, or a medium without any. A receipt that
    # says it did not makes it FAILED.
    delivered_at = models.DateTimeField(null=True, blank=True)
    # Ours, the same at every try: a Message-ID, a client reference.
    message_id = models.CharField(max_length=120, blank=True)
    # The peer's own name for it, where it gives one: what its delivery receipts speak of.
    peer_id = models.CharField(max_length=120, blank=True)
    # What the peer counts it as: one letter, or the parts of an SMS. The monthly bill adds these up.
    units = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "arrival", "membership", "user", "reporter", "supporter", "alert", "medium", "letter"],
                nulls_distinct=False,
                name="notification_once",
            ),
            models.CheckConstraint(
                condition=Q(event__isnull=False, arrival__isnull=True, membership__isnull=True, alert__isnull=True)
                | Q(event__isnull=True, arrival__isnull=False, membership__isnull=True, supporter__isnull=True)
                & Q(alert__isnull=True)
                | Q(event__isnull=True, arrival__isnull=True, membership__isnull=False, supporter__isnull=True)
                & Q(alert__isnull=True)
                | Q(event__isnull=True, arrival__isnull=True, membership__isnull=True, supporter__isnull=False)
                & Q(alert__isnull=True)
                | Q(event__isnull=True, arrival__isnull=True, membership__isnull=True, supporter__isnull=True)
                & Q(alert__isnull=False, user__isnull=True, reporter__isnull=True),
                name="notification_of_one_thing",
            ),
        ]
        indexes = [
            # Read by the sender: what waits, oldest first.
            models.Index(fields=["next_try"], condition=Q(state="PENDING"), name="notification_waiting"),
            # The month's bill.
            models.Index(fields=["sent_at"], condition=Q(state="SENT"), name="notification_sent"),
            # What was given up, for the page of the national desk.
            models.Index(fields=["-created_at"], condition=Q(state="FAILED"), name="notification_failed"),
            # A receipt of the peer finds its letter, by the name the peer gave it or by ours.
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="notification_by_name"),
            models.Index(fields=["peer_id"], condition=~Q(peer_id=""), name="notification_of_peer"),
            # An officer's other letters, and whether an account may be deleted. Those of an event are found by
            # `notification_once`, which begins with it.
            models.Index(fields=["user"], condition=Q(user__isnull=False), name="notification_of_user"),
            # What an alert has had: it goes with the alert, and before that once it is old.
            models.Index(fields=["alert"], condition=Q(alert__isnull=False), name="notification_of_alert"),
            models.Index(
                fields=["created_at"],
                condition=Q(alert__isnull=False, state__in=["SENT", "SILENCED"]),
                name="notification_alert_done",
            ),
        ]
        triggers = [
            pointing("notification_points", ("complaints_event", "event_id")),
            written_once("notification_stays_with_event", "event_id"),
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


class Peer(models.Model):
    """How the other side of one medium does: a circuit breaker that all senders share.

    After a few silences in a row it rests, longer each time; then one letter is tried, and its answer decides. A slow
    one is written to by a single sender, so that it holds up no other medium.
    """

    medium = models.CharField(max_length=12, primary_key=True)
    silences = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True, blank=True)
    is_slow = models.BooleanField(default=False)
    # What it said last, without an address.
    answer = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.medium


class Tariff(models.Model):
    """What one unit of a medium costs, in rupiah, from a day on: the monthly figures multiply by it."""

    medium = models.CharField(max_length=12)
    starts_on = models.DateField()
    rupiah = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        ordering = ["medium", "starts_on"]
        constraints = [models.UniqueConstraint(fields=["medium", "starts_on"], name="tariff_once_a_day")]

    def __str__(self) -> str:
        return f"{self.medium} {self.rupiah}"

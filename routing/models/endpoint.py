"""Endpoint: how an agency's own system hears of its cases. Delivery: one event on its way, the outbox of machines.

A webhook is told (routing.delivery.sending); a feed is asked (routing.delivery.feed). Both get their rows in the
transaction of the event, so that nothing is told that did not happen and nothing that happened is left out.
"""

from __future__ import annotations

import datetime
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import ApiClient, Permission, User
from complaints.models import Complaint, Event
from lapor.kit.compiled import Blank


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def listening(self, day: datetime.date | Blank) -> EndpointQuerySet:
        """Endpoints whose client may read its office's queue, on this day."""
        lasting = Q(client__ends_on__isnull=True) | Q(client__ends_on__gt=day)
        return self.filter(
            lasting,
            ended_at__isnull=True,
            client__permissions__contains=[Permission.QUEUE],
        )

    def webhooks(self) -> EndpointQuerySet:
        return self.filter(kind=Endpoint.Kind.WEBHOOK)


class Endpoint(models.Model):
    class Kind(models.TextChoices):
        WEBHOOK = "WEBHOOK", _("webhook")
        FEED = "FEED", _("antrean")

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    url = models.CharField(max_length=500, blank=True)
    # Sealed. After a change both sign for a while, so that the other side may take its time.
    secret_sealed = models.TextField(blank=True)
    old_secret_sealed = models.TextField(blank=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # --- how the other side does: a circuit breaker of its own, so that a silent one holds up nobody else
    silences = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True, blank=True)
    # It said that it wants no more (410); a person lets it go on.
    stopped_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    # --- of a feed
    # From here on it misses nothing (feed.open_feed); None: not yet sure.
    opened_at = models.DateTimeField(null=True, blank=True)
    # The last position given to an entry, and the last one that has been forgotten.
    numbered = models.BigIntegerField(default=0)
    forgotten = models.BigIntegerField(default=0)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(kind="FEED"), name="endpoint_one_feed_per_client"),
            models.CheckConstraint(condition=~Q(kind="WEBHOOK") | ~Q(url=""), name="endpoint_webhook_has_an_address"),
        ]

    def __str__(self) -> str:
        return self.url or f"{self.get_kind_display()} {self.client_id}"


class Delivery(models.Model):
    class State(models.TextChoices):
        PENDING = "PENDING", _("menunggu")
        SENT = "SENT", _("terkirim")
        # Given up after 72 hours: a dead letter until somebody sends it again.
        FAILED = "FAILED", _("gagal")
        # Of a feed: it waits to be asked for.
        LISTED = "LISTED", _("di antrean")

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, db_index=False, related_name="deliveries")
    event = models.ForeignKey(Event, models.PROTECT, db_index=False, related_name="+")
    complaint = models.ForeignKey(Complaint, models.PROTECT, db_index=False, related_name="+")
    # The office had the case after this event; False: it went elsewhere.
    held = models.BooleanField(default=True)
    # The same at every try: the receiver knows a repetition by it.
    message_id = models.UUIDField(default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=7, choices=State.choices)
    tries = models.PositiveSmallIntegerField(default=0)
    # When it may next be tried; a sender that takes it moves this ahead (its lease) before it sends.
    next_try = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Its place in a feed, given when the feed is read and so never before it was committed.
    position = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="delivery_once"),
            models.UniqueConstraint(fields=["endpoint", "position"], name="delivery_position_once"),
        ]
        indexes = [
            # Read by the sender: what waits, oldest first.
            models.Index(fields=["next_try"], condition=Q(state="PENDING"), name="delivery_waiting"),
            # Numbered when the feed is read.
            models.Index(
                fields=["endpoint", "event"], condition=Q(state="LISTED", position__isnull=True), name="delivery_new"
            ),
            # The page of what was given up, and the sweep that forgets.
            models.Index(fields=["endpoint", "state", "-created_at"], name="delivery_of_endpoint"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.state}"


class DeliveryTry(models.Model):
    """One try, and what the other side said: a status, or why there was none; at most 300 characters."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.status}"

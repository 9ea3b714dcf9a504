"""Arrival: an inbound message as received. Kept first, understood after; a retry is the same arrival."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Arrival(models.Model):
    class Outcome(models.TextChoices):
        OPENED = "OPENED"
        APPENDED = "APPENDED"
        HELD = "HELD"
        REFUSED = "REFUSED"

    channel = models.CharField(max_length=12)
    # The sender's own id of it: Message-ID, gateway id, a draft's token, "file.csv#17".
    external_id = models.CharField(max_length=200)
    # Sealed (lapor.kit.sealing); blank where the channel keeps nothing beyond the case, as the web.
    raw_sealed = models.TextField(blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    complaint = models.ForeignKey(
        "complaints.Complaint", models.PROTECT, null=True, blank=True, related_name="arrivals"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "external_id"], name="arrival_once")]
        indexes = [
            # Read by the sweep that understands what was kept.
            models.Index(fields=["received_at"], condition=models.Q(outcome=""), name="arrival_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.external_id}"

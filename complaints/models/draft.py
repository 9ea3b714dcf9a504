"""Draft: what a reporter has typed and uploaded so far, kept for them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from agencies.models import User


class Draft(models.Model):
    """Becomes one complaint or expires. Its token is the idempotency key of the web (Arrival.external_id)."""

    token = models.UUIDField(default=uuid.uuid4, unique=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    # The step the reporter was last at: "lokasi", "masalah", "periksa".
    step = models.CharField(max_length=10, default="lokasi")
    # JSON of what was typed, sealed (lapor.kit.sealing): it may hold a name and a contact.
    fields_sealed = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    complaint = models.OneToOneField(
        "complaints.Complaint", models.PROTECT, null=True, blank=True, related_name="draft"
    )

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="draft_expiry")]

    def __str__(self) -> str:
        return f"draf {self.pk}"

"""DeskVisit: the last authenticated desk page of an office's officer. An office without one is silent."""

from __future__ import annotations

from django.db import models

from agencies.models import Membership


class DeskVisit(models.Model):
    membership = models.OneToOneField(Membership, models.CASCADE, related_name="desk_visit")
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.membership_id} {self.last_at:%Y-%m-%d}"

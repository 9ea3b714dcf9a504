"""ShortLink: the link of an SMS, kept as a hash. It opens one report for whoever wrote it, and ends."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from .reporter import Reporter


class ShortLink(models.Model):
    # Keyed hash of the code (complaints.number.hash_code); the code itself stands in the message alone.
    code_hash = models.CharField(max_length=64, unique=True)
    reporter = models.ForeignKey(Reporter, models.CASCADE, related_name="short_links")
    # A piece of the fingerprint of the door it was sent to: another number or account, and it opens nothing.
    mark = models.CharField(max_length=12)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"short link {self.pk}"

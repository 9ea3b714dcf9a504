"""Replay: what a machine was answered to a request it may send again, because the line broke before the answer came."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils import timezone

LIFETIME = datetime.timedelta(days=7)


class ReplayQuerySet(models.QuerySet["Replay"]):
    def forget(self, now: datetime.datetime, limit: int = 5_000) -> int:
        """Delete what is older than a week; how many. The reports made stay, and so do their arrivals."""
        old = self.filter(created_at__lt=now - LIFETIME).order_by("created_at").values("pk")[:limit]
        return self.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]


class Replay(models.Model):
    """One answered request, by the keyed hash of its Idempotency-Key, of who asked and of what.

    The answer may hold the key of a report, so it is sealed, and forgotten after a week.
    """

    key_digest = models.CharField(max_length=64, unique=True)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer_sealed = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = ReplayQuerySet.as_manager()

    def __str__(self) -> str:
        return f"replay {self.pk}"

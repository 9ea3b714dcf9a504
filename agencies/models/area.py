"""Area: a region that an office serves, where it serves others than its own place (a branch, a cabang dinas, a UPT)."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .agency import Agency
from .region import Region


class AreaQuerySet(models.QuerySet["Area"]):
    def active_on(self, day: datetime.date) -> AreaQuerySet:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


class Area(models.Model):
    """An office without a row serves the place of its `region`, or wherever the office above it does."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="areas")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    starts_on = models.DateField(default=timezone.localdate)
    # First day on which it no longer serves it; None: it goes on.
    ends_on = models.DateField(null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["region"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "region"], condition=Q(ends_on__isnull=True), name="area_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="area_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.region_id}"

"""Holiday: a day on which the offices of a place, or of the country, are shut."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .region import Region


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def kept_in(self, region: Region | None) -> HolidayQuerySet:
        """National holidays, and those of the region and of every region around it."""
        if region is None:
            return self.filter(region__isnull=True)
        return self.filter(Q(region__isnull=True) | Q(region_id__in=region.codes_above))

    def days(self) -> frozenset[datetime.date]:
        return frozenset(self.values_list("date", flat=True))


class Holiday(models.Model):
    class Kind(models.TextChoices):
        LIBUR = "LIBUR", _("hari libur")
        CUTI_BERSAMA = "CUTI_BERSAMA", _("cuti bersama")

    date = models.DateField()
    name = models.CharField(max_length=120)
    # None: the whole country.
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.LIBUR)
    # Not yet fixed by the joint decree (SKB 3 Menteri): promises that span it are provisional.
    estimated = models.BooleanField(default=False)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["date", "region"], nulls_distinct=False, name="holiday_once_per_region")
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}"

"""How far each priority programme is, kept ready: its pages may not read every case of it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from agencies.models import Agency, Programme


class ProgrammeSum(models.Model):
    """The cases of one programme in one province, under one agency directly below the root. Written and read by
    `routing.programme_sums` alone, all rows in one transaction; where there is none there is no row.

    `province`: the first digits of a region's code, blank: no place is known. `counts`: as `programme_sums.STANDING`,
    then for each week as `programme_sums.WEEKLY`, oldest first.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    # The agency directly below the root that the case's office lies under; the root itself for its own.
    top = models.ForeignKey(Agency, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    province = models.CharField(max_length=2, blank=True)
    counts = ArrayField(models.IntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "top", "province"], name="programme_sum_once")]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.top_id} {self.province}"

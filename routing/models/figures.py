"""Figures kept ready: what a page that everybody opens may not count anew each time."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from agencies.models import Agency

# Buckets of `OfficeMonth.days`: 0 … 60 working days; what took longer lies in the last.
LONGEST = 60


class OfficeMonth(models.Model):
    """One office and one month, secret cases apart so that no small number of them is ever told.

    Counted at the office that answered, else the one that had the case on the due day, else the one that has it.
    `in_time`, `late`, `overdue`, `pending`: first answers promised (RESPOND, round 1) in this month that were given in
    time, given late, are late now, or still have time. `days[n]`: how many were given after n working days.
    `accepted` … `expired`: cases that ended in this month. A case that is merged counts as `merged` alone and in no
    promise: its lead's answer is one piece of work.
    """

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+")
    month = models.DateField()
    secret = models.BooleanField()
    in_time = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    overdue = models.PositiveIntegerField(default=0)
    pending = models.PositiveIntegerField(default=0)
    days = ArrayField(models.PositiveIntegerField(), default=list)
    accepted = models.PositiveIntegerField(default=0)
    lapsed = models.PositiveIntegerField(default=0)
    archived = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0, db_default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    expired = models.PositiveIntegerField(default=0)
    # Ratings of the cases accepted in this month: how many, and their sums.
    rated = models.PositiveIntegerField(default=0)
    rating_answer = models.PositiveIntegerField(default=0)
    rating_result = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "agency", "secret"], name="office_month_once")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.month:%Y-%m}"


class Headline(models.Model):
    """What the home page says of the whole country, and when it was true. One row a name, written by the worker."""

    name = models.CharField(max_length=20, unique=True)
    made_at = models.DateTimeField()
    figures: models.JSONField[Any, Any] = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} {self.made_at:%Y-%m-%d %H:%M}"

"""Prefix: the word before an SMS that stands for an office, as "INHU" for Indragiri Hulu."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .agency import Agency
from .people import User


class PrefixQuerySet(models.QuerySet["Prefix"]):
    def active_on(self, day: datetime.date) -> PrefixQuerySet:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


class Prefix(models.Model):
    """`text` as people see it ("KAB. NGANJUK"), `normal` as it is compared ("kabnganjuk", agencies.prefix_book).

    It ends on the day somebody ends it, so that at any time one office owns what is read as the same.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="prefixes")
    text = models.CharField(max_length=40)
    normal = models.CharField(max_length=40)
    starts_on = models.DateField(default=timezone.localdate)
    # First day on which it stands for nobody; None: it goes on.
    ends_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = PrefixQuerySet.as_manager()

    class Meta:
        ordering = ["text"]
        constraints = [
            models.UniqueConstraint(fields=["normal"], condition=Q(ends_on__isnull=True), name="prefix_one_owner"),
            models.CheckConstraint(condition=~Q(normal=""), name="prefix_says_something"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="prefix_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.text

"""Leave: days on which an officer is away, and who stands in."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .people import Membership, User


class LeaveQuerySet(models.QuerySet["Leave"]):
    def on(self, day: datetime.date) -> LeaveQuerySet:
        """Leaves that hold on this day."""
        return self.filter(starts_on__lte=day, ends_on__gt=day)

    def from_on(self, day: datetime.date) -> LeaveQuerySet:
        """Those that hold on this day or begin later."""
        return self.filter(ends_on__gt=day)


class Leave(models.Model):
    """Of one membership (LIAISON, HEAD, COORDINATOR). The deputy holds its rights only through `lent`, a membership of
    their own with these very days: without it nobody stands in (docs/keputusan/0030)."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="leaves")
    starts_on = models.DateField()
    # First day back at work; moved ahead when the leave is cut short.
    ends_on = models.DateField()
    # Who is to stand in; None: nobody was named.
    deputy = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # The deputy's membership; None: nobody stands in yet.
    lent = models.OneToOneField(Membership, models.PROTECT, null=True, blank=True, related_name="lent_by")
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    # When it was told that nobody will be at the office; None: not yet, or no need.
    warned_at = models.DateTimeField(null=True, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="leave_ends_after_start"),
        ]
        indexes = [models.Index(fields=["ends_on"], name="leave_until")]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.starts_on} – {self.ends_on}"

    @property
    def last_day(self) -> datetime.date:
        return self.ends_on - datetime.timedelta(days=1)

    @property
    def waits(self) -> bool:
        """A deputy was named and somebody above has to agree."""
        return self.deputy_id is not None and self.lent_id is None

    def is_on(self, day: datetime.date) -> bool:
        return self.starts_on <= day < self.ends_on

    def is_over(self, day: datetime.date) -> bool:
        return self.ends_on <= day

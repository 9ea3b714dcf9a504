"""CallUp: an office was asked how one case stands, and by which day it says so."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from agencies.models import Agency
from complaints.models import Complaint, Event


class CallUpQuerySet(models.QuerySet["CallUp"]):
    def open(self) -> CallUpQuerySet:
        """The account has not been given."""
        return self.filter(ended_at__isnull=True)


class CallUp(models.Model):
    """Follows the events (`routing.call_ups`): at most one open a case, at the office that has it. `ended_at`: the
    office gave its account, or there is nothing left to account for."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="call_ups", db_index=False)
    # The `summon`, which knows who asked and what for.
    asked = models.OneToOneField(Event, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    due_on = models.DateField()
    # The office was reminded after the day.
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CallUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["complaint"], condition=Q(ended_at__isnull=True), name="call_up_one_open")
        ]
        indexes = [
            # The desk's list of an office, in the order it is counted in.
            models.Index(fields=["agency", "complaint"], condition=Q(ended_at__isnull=True), name="call_up_open"),
            models.Index(
                fields=["due_on"], condition=Q(ended_at__isnull=True, reminded_at__isnull=True), name="call_up_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.due_on}"

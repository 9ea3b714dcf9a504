"""Contribution: what another office is asked to do for a case, and by when. The one that has the case answers alone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User

from .message import Attachment, Message


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def open(self) -> ContributionQuerySet:
        return self.filter(state=Contribution.State.OPEN)

    def told_to_all(self) -> ContributionQuerySet:
        """Those of which the reporter and everybody may read: who works on what, or has done it."""
        return self.exclude(shown="").filter(state__in=[Contribution.State.OPEN, Contribution.State.DONE])


class Contribution(models.Model):
    """A task with a date of its own: no promise to the citizen hangs on it, and none waits for it.

    Written by invite, share, contribute, decline, uninvite and reinvite alone, each with its event. It belongs
    to the case and goes with it from office to office. An open one lets its office read the story masked, without name
    and contact; never of a case that is guarded (`Complaint.is_guarded`).
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("sedang dikerjakan")
        DONE = "DONE", _("selesai")
        REFUSED = "REFUSED", _("tidak bisa membantu")
        WITHDRAWN = "WITHDRAWN", _("dibatalkan")

    class Told(models.IntegerChoices):
        """The last step of its own ladder; each is taken once."""

        NOBODY = 0, _("belum ada")
        SOON = 1, _("kantor yang membantu, sehari sebelumnya")
        LATE = 2, _("kantor yang membantu dan pemegang laporan")
        COORDINATOR = 3, _("koordinator kantor yang membantu")

    # Found by the keys below.
    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, db_index=False, related_name="contributions")
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    # For the office asked, and whoever reads the case whole.
    task = models.TextField()
    # The same in a few words for the reporter and everybody; blank: they read nothing of it.
    shown = models.CharField(max_length=120, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    # Who had the case then.
    asked_from = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    # Day zero at the place of the report, and how many working days it was given.
    asked_on = models.DateField()
    budget = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Of the files that came with the report those the lead lets it see while the task is open.
    files = models.ManyToManyField(Attachment, related_name="+", blank=True)
    # What came of it.
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    # Why it was refused or withdrawn.
    reason = models.TextField(blank=True)
    told = models.PositiveSmallIntegerField(choices=Told.choices, default=Told.NOBODY)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "agency"], condition=Q(state="OPEN"), name="contribution_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", ended_at__isnull=True) | ~Q(state="OPEN") & Q(ended_at__isnull=False),
                name="contribution_open_or_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["complaint", "id"], name="contribution_of_complaint"),
            # The desk's queue and its count; what an office leaves behind.
            models.Index(fields=["agency", "due_on", "id"], condition=Q(state="OPEN"), name="contribution_desk"),
            # What was asked of an office once.
            models.Index(fields=["agency", "-ended_at"], condition=~Q(state="OPEN"), name="contribution_ended"),
            # The sweep: what is due.
            models.Index(fields=["due_on", "id"], condition=Q(state="OPEN"), name="contribution_due"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.agency_id} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

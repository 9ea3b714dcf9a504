"""Reorganisation: offices that will begin, change and end on a day, planned before it; and who inherits what."""

from __future__ import annotations

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .agency import Agency
from .agency import Kind as AgencyKind
from .people import User
from .region import Region


class ReorganisationQuerySet(models.QuerySet["Reorganisation"]):
    def due_on(self, day: datetime.date) -> ReorganisationQuerySet:
        """Planned, and the day has come."""
        return self.filter(state=Reorganisation.State.PLANNED, day__lte=day)


class Reorganisation(models.Model):
    """A plan of the node's coordinator (or of the centre). Before its day nothing moves, and all of it may change."""

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("direncanakan")
        DONE = "DONE", _("sudah dijalankan")
        CANCELLED = "CANCELLED", _("dibatalkan")

    # In whose subtree it happens.
    node = models.ForeignKey(Agency, models.PROTECT, related_name="reorganisations")
    name = models.CharField(max_length=120)
    day = models.DateField()
    legal_basis = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One line of a plan. They are taken in the order of their kinds: what is founded can inherit on the same day."""

    class Kind(models.TextChoices):
        FOUND = "FOUND", _("kantor baru")
        RENAME = "RENAME", _("ganti nama")
        MOVE = "MOVE", _("pindah induk")
        GIVE = "GIVE", _("serahkan sebagian")
        END = "END", _("berakhir")

    class State(models.TextChoices):
        WAITING = "WAITING", _("menunggu harinya")
        DONE = "DONE", _("selesai")
        FAILED = "FAILED", _("tidak bisa dijalankan")

    plan = models.ForeignKey(Reorganisation, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    # Which office it is about; None: one is founded, and stands in `made` afterwards.
    office = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    # Successor, receiver or new parent: an office that is there, or one that this plan founds.
    to = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    to_new = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="awaited_by")
    name = models.CharField(max_length=200, blank=True)
    short_name = models.CharField(max_length=80, blank=True)
    office_kind = models.CharField(max_length=12, choices=AgencyKind.choices, blank=True)
    # What is given away: these fields, of these places; no field: all it has; no place: everywhere.
    bidang = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    places = ArrayField(models.CharField(max_length=13), default=list, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    # Why it could not be done, or what it did.
    said = models.TextField(blank=True)
    made = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.office_id or self.name}"


class Share(models.Model):
    """Of the work of an office that ended: this field, of this place, went there. What no share names went to
    `succeeded_by`. Kept for ever: what comes back to the office later goes the same way."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="shares")
    bidang = models.CharField(max_length=40, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    heir = models.ForeignKey(Agency, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "bidang", "region"], nulls_distinct=False, name="share_once"),
            models.CheckConstraint(condition=~Q(agency=models.F("heir")), name="share_goes_elsewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.bidang} {self.region_id} → {self.heir_id}"

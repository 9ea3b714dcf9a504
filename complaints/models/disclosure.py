"""Disclosure: what somebody tells of a wrong inside an office (whistleblowing, WBS), in a lane of its own.

It is no Complaint and has no row in any table that is counted, listed, published, exported, learnt from or sent on
(docs/keputusan/0035). What was written is sealed like a name. `complaints.disclosures` alone writes and opens it.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.actor import Actor
from agencies.models import Agency, Region, TeamMember, User
from complaints.number import shown_number
from lapor.kit.append_only import append_only

from .visibility import offices_over


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def open(self) -> DisclosureQuerySet:
        return self.filter(state__in=Disclosure.OPEN)

    def readable_by(self, actor: Actor) -> DisclosureQuerySet:
        """What this member of a team may open: of the team they act for, and neither about an office they sit in nor
        naming them. Nobody else, whatever the role, and no machine."""
        if actor.user is None or actor.membership is None or actor.agency is None:
            return self.none()
        if not TeamMember.objects.current().filter(user=actor.user, agency=actor.agency).exists():
            return self.none()
        found = self.filter(team=actor.agency).exclude(not_for_id__in=sorted(offices_over(actor)))
        return found.exclude(pk__in=KeptFrom.objects.filter(user=actor.user).values("disclosure"))


class Disclosure(models.Model):
    class State(models.TextChoices):
        RECEIVED = "RECEIVED", _("Diterima")
        EXAMINED = "EXAMINED", _("Sedang diperiksa")
        ENDED = "ENDED", _("Selesai diperiksa")
        WITHDRAWN = "WITHDRAWN", _("Dicabut")

    class Finding(models.TextChoices):
        PROVEN = "PROVEN", _("Terbukti")
        NOT_PROVEN = "NOT_PROVEN", _("Tidak terbukti")
        PASSED = "PASSED", _("Diteruskan ke penegak hukum")
        OUTSIDE = "OUTSIDE", _("Bukan pelanggaran yang diperiksa di sini")

    OPEN = (State.RECEIVED, State.EXAMINED)

    number = models.CharField(max_length=11, unique=True)
    key_hash = models.CharField(max_length=64)
    # Of the draft it came from: the same one twice is the same disclosure.
    token = models.UUIDField(unique=True, default=uuid.uuid4)
    # Title, story, landmark and day, as JSON.
    words_sealed = models.TextField()
    # Name and contact as JSON, where they were given; "": they were not, or have been forgotten.
    identity_sealed = models.TextField(blank=True)
    place = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # The office it is about: nobody who sits there or below reads it.
    not_for = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    # Whose team has it.
    team = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.RECEIVED)
    finding = models.CharField(max_length=10, choices=Finding.choices, blank=True)
    version = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    # What was promised: the team's first word, and the end of its examination.
    first_due_on = models.DateField()
    end_due_on = models.DateField()
    # From which day, and how many working days; a calendar that changes moves both. None: from before this was kept.
    counted_from = models.DateField(null=True, blank=True)
    first_days = models.PositiveSmallIntegerField(default=0)
    end_days = models.PositiveSmallIntegerField(default=0)
    first_word_at = models.DateTimeField(null=True, blank=True)
    # Since when the reporter is waited for; None: it is the team's turn.
    asked_on = models.DateField(null=True, blank=True)
    # The date of whoever's turn it is; None: it has ended.
    due_on = models.DateField(null=True, blank=True)
    # The date that was noted as missed, so that each is noted once.
    missed_on = models.DateField(null=True, blank=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state__in=("RECEIVED", "EXAMINED")), name="disclosure_due")
        ]
        constraints = [
            # Nobody's turn is without a date.
            models.CheckConstraint(
                condition=~Q(state__in=("RECEIVED", "EXAMINED")) | Q(due_on__isnull=False), name="disclosure_is_timed"
            )
        ]

    def __str__(self) -> str:
        return f"pengungkapan {self.pk}"

    @property
    def shown_number(self) -> str:
        return shown_number(self.number)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def zone(self) -> str:
        return self.place.zone if self.place else "Asia/Jakarta"


class KeptFrom(models.Model):
    """A member of a team whom the disclosure names: to them it does not exist."""

    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="kept_from")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["disclosure", "user"], name="kept_from_once")]

    def __str__(self) -> str:
        return f"{self.disclosure_id}"


class DisclosureWord(models.Model):
    """One message of the talk between the reporter and the team. Append-only."""

    class Side(models.TextChoices):
        REPORTER = "REPORTER", _("pelapor")
        TEAM = "TEAM", _("tim")

    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="words")
    side = models.CharField(max_length=8, choices=Side.choices)
    words_sealed = models.TextField()
    # A member; of the reporter's there is none.
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    team = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # It asks something: the reporter's turn.
    asks = models.BooleanField(default=False)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(side="REPORTER") | Q(author__isnull=True), name="disclosure_reporter_is_not_named"
            )
        ]
        triggers = append_only("disclosure_word")

    def __str__(self) -> str:
        return f"{self.side} {self.pk}"


class DisclosureEvent(models.Model):
    """What happened to it, once. Append-only; no word of anybody stands in it."""

    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="events")
    verb = models.CharField(max_length=20)
    side = models.CharField(max_length=8)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    team = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    particulars = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        triggers = append_only("disclosure_event")

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d}"


class IdentityLook(models.Model):
    """A member asks to see who it was; another one grants it within a day."""

    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="identity_looks")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    reason_sealed = models.TextField()
    asked_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")), name="identity_look_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="identity_look_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

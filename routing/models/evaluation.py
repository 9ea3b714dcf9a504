"""The yearly evaluation: the dated method, a year's cycle, each district in it, its evidence, the points it was given,
what it objected. What is published is frozen by the database itself; a correction is another edition."""

from __future__ import annotations

import datetime
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Decree, User
from complaints.models import Attachment
from lapor.kit.append_only import append_only

_FROZEN = "RAISE EXCEPTION '% is published and frozen', TG_TABLE_NAME;"


def _frozen_with(name: str, cycle: str) -> list[pgtrigger.Trigger]:
    """Nothing is written to a row whose cycle is published; `cycle`: SQL of its id, by OLD or NEW."""
    return [
        pgtrigger.Trigger(
            name=f"{name}_{word.lower()}",
            when=pgtrigger.Before,
            operation=operation,
            func=f"IF EXISTS (SELECT FROM routing_cycle WHERE id = {cycle.format(row=row)} "
            f"AND published_at IS NOT NULL) THEN {_FROZEN} END IF; RETURN {goes_on};",
        )
        for word, operation, row, goes_on in (
            ("insert_frozen", pgtrigger.Insert, "NEW", "NEW"),
            ("update_frozen", pgtrigger.Update, "NEW", "NEW"),
            ("moved_frozen", pgtrigger.Update, "OLD", "NEW"),
            ("delete_frozen", pgtrigger.Delete, "OLD", "OLD"),
        )
    ]


class MethodQuerySet(models.QuerySet["Method"]):
    def of_year(self, year: int) -> Method:
        """The one in force for that year: the newest version that begins by then. Raises Method.DoesNotExist."""
        return self.filter(from_year__lte=year).latest("number")

    def number_of(self, year: int) -> int | None:
        """What a page of that year names: the version its newest edition was prepared with, else the one in force;
        None: there is none. Two statements at most."""
        prepared = Cycle.objects.filter(year=year).order_by("-edition").values_list("method__number", flat=True).first()
        return prepared or self.filter(from_year__lte=year).aggregate(most=models.Max("number"))["most"]


class Method(models.Model):
    """Weights, indicators, size groups, bands and rubric, with their legal basis. Another version, never a change:
    the higher number is in force from its first year on."""

    number = models.PositiveIntegerField(unique=True)
    from_year = models.PositiveSmallIntegerField()
    legal_basis = models.CharField(max_length=500)
    # What is different, and why.
    reason = models.CharField(max_length=500)
    # routing.evaluation.method.Body
    body: models.JSONField[Any, Any] = models.JSONField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=timezone.now)

    objects = MethodQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        triggers = append_only("method")

    def __str__(self) -> str:
        return str(self.number)


class CycleQuerySet(models.QuerySet["Cycle"]):
    def published(self) -> CycleQuerySet:
        return self.filter(published_at__isnull=False)

    def standing(self) -> CycleQuerySet:
        """Published, and not corrected by a later published edition."""
        later = Cycle.objects.filter(corrects=models.OuterRef("pk"), published_at__isnull=False)
        return self.published().filter(~models.Exists(later))

    def running(self) -> CycleQuerySet:
        return self.filter(published_at__isnull=True)


class Cycle(models.Model):
    """One edition of one year's evaluation. Counted are the events recorded before `cut_at`; every turn has its date,
    the centre's too."""

    class Stage(models.TextChoices):
        COLLECT = "COLLECT", _("angka dikumpulkan")
        READY = "READY", _("siap dibuka")
        CHECK = "CHECK", _("diperiksa daerah")
        SCORE = "SCORE", _("bukti dinilai")
        OBJECT = "OBJECT", _("masa keberatan")
        DECIDE = "DECIDE", _("keberatan diputus")
        FREEZE = "FREEZE", _("angka dihitung ulang untuk terbit")
        PUBLISHED = "PUBLISHED", _("terbit")

    year = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField(default=1)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    # Why there is another edition.
    reason = models.CharField(max_length=500, blank=True)
    method = models.ForeignKey(Method, models.PROTECT, related_name="+", db_index=False)
    stage = models.CharField(max_length=9, choices=Stage.choices, default=Stage.COLLECT)
    cut_at = models.DateTimeField()
    # Last day of each turn.
    opens_by = models.DateField()
    check_by = models.DateField()
    score_by = models.DateField()
    object_by = models.DateField()
    publish_by = models.DateField()
    # Holidays and promises as they were when it was collected (routing.measures.ledger.Law).
    law: models.JSONField[Any, Any] = models.JSONField(default=dict)
    collected_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=timezone.now)
    # What differed when it should have been published: lines of agency, number, then, now.
    differs: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    published_at = models.DateTimeField(null=True, blank=True)
    # SHA-256 of all that is published.
    digest = models.CharField(max_length=64, blank=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["year", "edition"], name="cycle_edition_once"),
            models.UniqueConstraint(fields=["year"], condition=Q(published_at__isnull=True), name="cycle_one_runs"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="cycle_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="cycle_no_truncate",
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                operation=pgtrigger.Truncate,
                func=_FROZEN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{self.edition}"

    @property
    def first(self) -> datetime.date:
        return datetime.date(self.year, 1, 1)

    @property
    def last(self) -> datetime.date:
        return datetime.date(self.year, 12, 31)

    @property
    def due(self) -> datetime.date | None:
        """Last day of the turn it is now; None: it is published."""
        stages = self.Stage
        return {
            stages.COLLECT.value: self.opens_by,
            stages.READY.value: self.opens_by,
            stages.CHECK.value: self.check_by,
            stages.SCORE.value: self.score_by,
            stages.OBJECT.value: self.object_by,
            stages.DECIDE.value: self.publish_by,
            stages.FREEZE.value: self.publish_by,
        }.get(self.stage)

    def is_late(self, today: datetime.date) -> bool:
        return self.due is not None and today > self.due


class Recount(models.Model):
    """A counting of a cycle's year that goes on: how far, and what was counted so far. Gone when it is done."""

    class Purpose(models.TextChoices):
        COLLECT = "COLLECT", _("dikumpulkan")
        PUBLISH = "PUBLISH", _("dihitung ulang untuk terbit")

    cycle = models.OneToOneField(Cycle, models.CASCADE, primary_key=True)
    purpose = models.CharField(max_length=7, choices=Purpose.choices)
    # Last case that is counted; none yet: 0.
    after = models.BigIntegerField(default=0)
    counted: models.JSONField[Any, Any] = models.JSONField(default=dict)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.purpose} {self.after}"


class Evaluation(models.Model):
    """One district's year in one cycle. `numbers` and `offices` are counted from events and never typed; `result` is
    made of them, of the evidence's points and of the method."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="evaluations")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="evaluations")
    # As it is called in this edition.
    name = models.CharField(max_length=200)
    # routing.evaluation.numbers
    numbers: models.JSONField[Any, Any] = models.JSONField(default=dict)
    offices: models.JSONField[Any, Any] = models.JSONField(default=list)
    # Who works there, on the day it was collected: this no event tells.
    people: models.JSONField[Any, Any] = models.JSONField(default=dict)
    # Of `received` without what was brought along; decides the size group.
    cases = models.PositiveIntegerField(default=0)
    # Code of the size group; blank: too few cases to be compared.
    size = models.CharField(max_length=4, blank=True)
    result: models.JSONField[Any, Any] = models.JSONField(default=dict)
    index = models.FloatField(null=True, blank=True)
    # The district said that it looked at its figures, and what it says to them.
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    comment = models.TextField(blank=True)
    # Its head read this and puts their name to it; what the district changes afterwards takes it away.
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["cycle", "agency"], name="evaluation_once")]
        triggers = [
            *_frozen_with("evaluation", "{row}.cycle_id"),
            pgtrigger.Trigger(
                name="evaluation_no_truncate",
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                operation=pgtrigger.Truncate,
                func=_FROZEN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.name}"


_OF_EVALUATION = "(SELECT cycle_id FROM routing_evaluation WHERE id = {row}.evaluation_id)"


class Evidence(models.Model):
    """What a district shows beside its figures. Withdrawn, never deleted."""

    class Kind(models.TextChoices):
        DECREE = "SK", _("surat keputusan tim pengelola")
        COMMITMENT = "KOMITMEN", _("komitmen bersama kepala perangkat daerah")
        PLAN = "RENCANA", _("rencana aksi")
        OUTREACH = "SOSIALISASI", _("sosialisasi kepada warga")

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    title = models.CharField(max_length=200)
    # When it was signed or held.
    day = models.DateField()
    about = models.TextField(blank=True)
    # Heads who signed, schools or villages reached.
    count = models.PositiveIntegerField(null=True, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    # Everybody may open the file, once the year is published.
    open = models.BooleanField(default=False, db_default=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "day", "pk"]
        triggers = _frozen_with("evidence", _OF_EVALUATION)

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"


class Points(models.Model):
    """What an evaluator gave the evidence of one kind, by the rubric; the newest counts, the older ones stay."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="points")
    kind = models.CharField(max_length=11, choices=Evidence.Kind.choices)
    points = models.PositiveSmallIntegerField()
    why = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        triggers = [*append_only("points"), *_frozen_with("points", _OF_EVALUATION)[:1]]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.kind} {self.points}"


class Objection(models.Model):
    """What a district does not agree with, and what was decided."""

    class Decision(models.TextChoices):
        ACCEPTED = "ACCEPTED", _("diterima")
        PARTLY = "PARTLY", _("diterima sebagian")
        REFUSED = "REFUSED", _("ditolak")

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="objections")
    # Code of an indicator or a kind of evidence; blank: something else.
    about = models.CharField(max_length=40, blank=True)
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    decided_why = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        triggers = _frozen_with("objection", _OF_EVALUATION)

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.about}"

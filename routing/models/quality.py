"""Answer quality (ADR 0043): a sample of final answers that anybody can draw again, and what its readers say."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from complaints.models import Kind, Message
from lapor.kit.append_only import append_only


class Sample(models.Model):
    """The final answers of one pemda, ministry or other office directly below the root, in one period, and those of
    them that were drawn (`routing.sampling`). Never changed.

    `frame` are the ids of all of them in the order of the draw; `strata` says in which order they stand: a list of
    [office, kind, outcome, how many]. `seed` comes from the frame itself, so that nobody chooses it.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    method = models.CharField(max_length=20)
    seed = models.CharField(max_length=64)
    frame_hash = models.CharField(max_length=64)
    frame_count = models.PositiveIntegerField()
    frame = ArrayField(models.BigIntegerField())
    strata: models.JSONField[Any, Any] = models.JSONField(default=list)
    # Final answers for their reporter alone, which no reader may see: counted, never drawn.
    left_out = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField()
    # None: drawn for all offices at once, by a command.
    drawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    drawn_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-last", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "first", "last"], name="sample_once_a_period"),
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="sample_ends_after_start"),
        ]
        indexes = [models.Index(fields=["-last", "id"], name="sample_newest")]
        triggers = append_only("sample")

    def __str__(self) -> str:
        return f"{self.agency_id} {self.first} – {self.last}"


class SampledAnswer(models.Model):
    """One drawn answer. `seen` is what a machine noticed (`routing.answer_flags`): help for its readers, no mark."""

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="answers")
    # In the order of the draw, from 1.
    number = models.PositiveIntegerField()
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    office = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    outcome = models.CharField(max_length=12)
    seen: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        ordering = ["sample", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "number"], name="sampled_answer_number_once"),
            models.UniqueConstraint(fields=["sample", "message"], name="sampled_answer_once"),
        ]
        triggers = append_only("sampled_answer")

    def __str__(self) -> str:
        return f"{self.sample_id}/{self.number}"


class ReadingTurnQuerySet(models.QuerySet["ReadingTurn"]):
    def open(self) -> ReadingTurnQuerySet:
        return self.filter(ended_at__isnull=True)


class ReadingTurn(models.Model):
    """Whose turn it is to read an answer, and until when. `seat` 1 and 2 read without each other; 3 reads where they
    lie more than one step apart."""

    class Ended(models.TextChoices):
        READ = "READ", _("dibaca")
        SILENT = "SILENT", _("lewat waktunya, diteruskan")
        GIVEN_BACK = "GIVEN_BACK", _("diserahkan ke pembaca lain")
        # The case was made secret, or the reader now sits where the answer came from.
        VOID = "VOID", _("tidak boleh dibaca lagi")

    answer = models.ForeignKey(SampledAnswer, models.PROTECT, related_name="turns")
    seat = models.PositiveSmallIntegerField()
    reader = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=10, choices=Ended.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = ReadingTurnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "seat"], condition=Q(ended_at__isnull=True), name="reading_turn_one_open_per_seat"
            ),
            models.UniqueConstraint(
                fields=["answer", "reader"], condition=Q(ended_at__isnull=True), name="reading_turn_one_open_per_reader"
            ),
            models.CheckConstraint(condition=Q(seat__range=(1, 3)), name="reading_turn_seat_1_to_3"),
        ]
        indexes = [
            models.Index(
                fields=["reader", "due_on", "id"], condition=Q(ended_at__isnull=True), name="reading_turn_of_reader"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.seat}"


class Reading(models.Model):
    """What one reader said of one answer: 0, 1 or 2 for each question of the rubric. Never changed."""

    answer = models.ForeignKey(SampledAnswer, models.PROTECT, related_name="readings")
    seat = models.PositiveSmallIntegerField()
    reader = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    answers = models.PositiveSmallIntegerField()
    done = models.PositiveSmallIntegerField()
    proof = models.PositiveSmallIntegerField()
    plain = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["answer", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "seat"], name="reading_once_a_seat"),
            models.UniqueConstraint(fields=["answer", "reader"], name="reading_once_a_reader"),
            models.CheckConstraint(
                condition=Q(answers__lte=2, done__lte=2, proof__lte=2, plain__lte=2), name="reading_marks_0_to_2"
            ),
        ]
        triggers = append_only("reading")

    def __str__(self) -> str:
        return f"{self.answer_id} {self.seat}"

    @property
    def marks(self) -> tuple[int, int, int, int]:
        return self.answers, self.done, self.proof, self.plain


class AnswerScore(models.Model):
    """What the readers of an answer come to together, 0 to 100: written once, with the last reading it needs."""

    answer = models.OneToOneField(SampledAnswer, models.PROTECT, primary_key=True, related_name="score")
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="+")
    points = models.FloatField()
    scored_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = append_only("answer_score")

    def __str__(self) -> str:
        return f"{self.answer_id} {self.points}"

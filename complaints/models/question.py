"""What else is asked of whoever reports something of a category, and what they answered.

The types are those of Open311 GeoReport v2 (GET Service Definition), so that a question is asked alike by every client.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lapor.kit import wording

from .reference import Category

if TYPE_CHECKING:
    from .complaint import Complaint

LINE_LIMIT = 200
TEXT_LIMIT = 4000


class Datatype(models.TextChoices):
    STRING = "string", _("satu baris")
    NUMBER = "number", _("angka")
    DATETIME = "datetime", _("tanggal")
    TEXT = "text", _("beberapa baris")
    SINGLEVALUELIST = "singlevaluelist", _("pilih satu")
    MULTIVALUELIST = "multivaluelist", _("pilih beberapa")


LISTS = (Datatype.SINGLEVALUELIST, Datatype.MULTIVALUELIST)


class Unfit(Exception):
    """An answer that does not fit its question; the sentence is for whoever gave it."""


class CategoryQuestionQuerySet(models.QuerySet["CategoryQuestion"]):
    def current(self) -> CategoryQuestionQuerySet:
        return self.filter(ended_at__isnull=True)


class CategoryQuestion(models.Model):
    """One typed question of one category. Its code never means something else: a changed question is a new one."""

    category = models.ForeignKey(Category, models.PROTECT, related_name="questions")
    code = models.CharField(max_length=40, validators=[RegexValidator(r"\A[A-Za-z0-9_-]+\Z")])
    datatype = models.CharField(max_length=16, choices=Datatype.choices)
    required = models.BooleanField(default=False)
    # 1 is asked first.
    order = models.PositiveSmallIntegerField()
    # The question itself, and a hint how to answer it.
    description = models.CharField(max_length=200)
    hint = models.CharField(max_length=200, blank=True)
    # Of lists: {"key", "name"} in the order shown; else empty.
    values = models.JSONField(default=list, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = CategoryQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["category", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "code"], condition=Q(ended_at__isnull=True), name="question_code_once"
            ),
            models.UniqueConstraint(
                fields=["category", "order"], condition=Q(ended_at__isnull=True), name="question_order_once"
            ),
            models.CheckConstraint(condition=Q(order__gte=1), name="question_order_from_1"),
        ]

    def __str__(self) -> str:
        return self.description

    def clean(self) -> None:
        keys = [value.get("key") for value in self.values]
        if (self.datatype in LISTS) != bool(keys) or len(keys) != len(set(keys)) or not all(keys):
            raise ValidationError({"values": "a list has values with keys of their own, nothing else has any"})

    @property
    def is_list(self) -> bool:
        return self.datatype in LISTS

    def read(self, given: Sequence[str]) -> list[str]:
        """What is kept of what was given: one value, of a multivaluelist any number. [] where nothing was.

        Raises Unfit, also where an answer is required and missing.
        """
        said = [value.replace("\r\n", "\n").strip() for value in given]
        said = list(dict.fromkeys(value for value in said if value))
        if not said:
            if self.required:
                raise Unfit(_("“%(question)s” perlu dijawab") % {"question": self.description})
            return []
        if len(said) > 1 and self.datatype != Datatype.MULTIVALUELIST:
            raise Unfit(_("“%(question)s” punya satu jawaban saja") % {"question": self.description})
        return [self._read_one(value) for value in said]

    def _read_one(self, value: str) -> str:
        facts: dict[str, Any] = {"question": self.description, "limit": LINE_LIMIT}
        if self.is_list:
            if value not in self._names():
                raise Unfit(_("Untuk “%(question)s” pilih salah satu dari daftarnya") % facts)
            return value
        if self.datatype == Datatype.NUMBER:
            if not _is_number(value):
                raise Unfit(_("“%(question)s” dijawab dengan angka, misalnya 3 atau 2.5") % facts)
            return value
        if self.datatype == Datatype.DATETIME:
            if _moment(value) is None:
                raise Unfit(_("“%(question)s” dijawab dengan tanggal, misalnya 2026-05-29") % facts)
            return value
        if self.datatype == Datatype.STRING and ("\n" in value or "\r" in value):
            raise Unfit(_("“%(question)s” dijawab dalam satu baris") % facts)
        limit = facts["limit"] = LINE_LIMIT if self.datatype == Datatype.STRING else TEXT_LIMIT
        if len(value) > limit:
            raise Unfit(_("Jawaban “%(question)s” paling banyak %(limit)s huruf") % facts)
        return value

    def shown(self, values: Sequence[str], zone: str | None = None) -> str:
        """The answer as people read it. A value whose option is gone is shown as it was given."""
        if self.is_list:
            names = self._names()
            return ", ".join(names.get(value, value) for value in values)
        value = values[0] if values else ""
        if self.datatype == Datatype.DATETIME and (at := _moment(value)) is not None:
            if not isinstance(at, datetime.datetime):
                return wording.plain_day(at)
            if timezone.is_naive(at):
                at = at.replace(tzinfo=wording.zone_of(zone))
            return f"{wording.plain_day(at, zone)}, {wording.hour(at, zone)}"
        if self.datatype == Datatype.NUMBER and "e" not in value.lower():
            return value.replace(".", ",")
        return value

    def _names(self) -> dict[str, str]:
        return {value["key"]: value["name"] for value in self.values}


def _is_number(value: str) -> bool:
    try:
        return value.isascii() and len(value) <= 40 and "_" not in value and math.isfinite(float(value))
    except ValueError:
        return False


def _moment(value: str) -> datetime.date | datetime.datetime | None:
    """An ISO 8601 date, or date and time; None: neither."""
    try:
        if len(value) == len("2026-05-29"):
            return datetime.date.fromisoformat(value)
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return None


class Answer(models.Model):
    """What a reporter answered to one question of the case's category. Read by whoever may read the case's text."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="answers")
    question = models.ForeignKey(CategoryQuestion, models.PROTECT, related_name="+")
    # As given: keys of a list, one value of anything else.
    values = ArrayField(models.TextField())

    class Meta:
        ordering = ["complaint", "question__order"]
        constraints = [models.UniqueConstraint(fields=["complaint", "question"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.question.code} {self.pk}"


def answers_of(complaint: Complaint) -> list[tuple[str, str]]:
    """Question and answer as people read them, in order. One statement, none for a case without a category."""
    if complaint.category_id is None:
        return []
    rows = Answer.objects.filter(complaint=complaint).select_related("question")
    return [(row.question.description, row.question.shown(row.values, complaint.zone)) for row in rows]

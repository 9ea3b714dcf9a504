"""What the events tell, kept ready to be counted. Written by `routing.measures` alone, and rebuilt from the events by
one command; so nothing here is protected by a foreign key, and nothing here is the truth."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from agencies.models import Agency
from complaints.models import Category, Complaint


class Kept(models.IntegerChoices):
    """What became of a promise. OPEN: it still has time, was never given, or is not judged."""

    OPEN = 0
    IN_TIME = 1
    LATE = 2
    MISSED = 3


class CaseFigure(models.Model):
    """One case as its events tell it, at the office that has it or had it last, on the day it was received there
    where it belongs (the calendar of the place of the report).

    `verify`, `answer`, `settle` are the promises to the citizen of round 1; their days are working days without those
    on which the reporter was waited for. `withheld`: kept from an office or an officer, and so in no office's count.
    `told`: its state was brought along from elsewhere. `ended`: the verb that ended it, blank while it is open.
    """

    complaint = models.OneToOneField(
        Complaint, models.CASCADE, primary_key=True, db_constraint=False, related_name="figure"
    )
    agency = models.ForeignKey(Agency, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    # The agency directly below the root that it lies under; the root itself for its own.
    top = models.ForeignKey(Agency, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    day = models.DateField()
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=40)
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    secret = models.BooleanField()
    withheld = models.BooleanField()
    told = models.BooleanField()
    merged = models.BooleanField()
    forwarded = models.BooleanField()
    followed = models.BooleanField()
    verify = models.PositiveSmallIntegerField(choices=Kept.choices)
    verify_days = models.PositiveSmallIntegerField(null=True)
    answer = models.PositiveSmallIntegerField(choices=Kept.choices)
    answer_days = models.PositiveSmallIntegerField(null=True)
    settle = models.PositiveSmallIntegerField(choices=Kept.choices)
    settle_days = models.PositiveSmallIntegerField(null=True)
    ended = models.CharField(max_length=20)
    ground = models.CharField(max_length=20)
    contested = models.BooleanField()
    reopened = models.BooleanField()
    bounced = models.BooleanField()
    rating_answer = models.PositiveSmallIntegerField(null=True)
    rating_result = models.PositiveSmallIntegerField(null=True)
    past_due = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["agency", "day", "complaint"], name="case_figure_of_agency"),
            models.Index(fields=["top", "day", "complaint"], name="case_figure_of_top"),
            models.Index(fields=["category", "day", "complaint"], name="case_figure_of_category"),
            models.Index(fields=["day", "complaint"], name="case_figure_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.day}"


class TurnFigure(models.Model):
    """One turn of an office to answer a case, on the day it began. `kept`: answered within the working days of a first
    answer counted from the office's own first day; a turn that was given away later than that is late. `gone`: how the
    case went away, NOT_OURS or MOVED; blank: otherwise, or it is still there."""

    complaint = models.ForeignKey(
        Complaint, models.CASCADE, db_constraint=False, db_index=False, related_name="turn_figures"
    )
    number = models.PositiveSmallIntegerField()
    agency = models.ForeignKey(Agency, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    top = models.ForeignKey(Agency, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    day = models.DateField()
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=40)
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    secret = models.BooleanField()
    withheld = models.BooleanField()
    kept = models.PositiveSmallIntegerField(choices=Kept.choices)
    days = models.PositiveSmallIntegerField(null=True)
    gone = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "number"], name="turn_figure_once")]
        indexes = [
            models.Index(fields=["agency", "day"], name="turn_figure_of_agency"),
            models.Index(fields=["top", "day"], name="turn_figure_of_top"),
            models.Index(fields=["category", "day"], name="turn_figure_of_category"),
            models.Index(fields=["day"], name="turn_figure_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}/{self.number}"


class Tally(models.Model):
    """Sums of a day where there are too many cases to count them for a reader: of the country (`node` the root), and
    of each agency directly below it with all that lies under it (`cube` 0 alone).

    `cube` says which of kind (1), channel (2) and category (4) the row is of; the others are blank in it. `counts` has
    one number for each of `routing.measures.counting.CODES`, in that order.
    """

    node = models.ForeignKey(Agency, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    cube = models.PositiveSmallIntegerField()
    day = models.DateField()
    secret = models.BooleanField()
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=40)
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    counts = ArrayField(models.IntegerField())

    class Meta:
        indexes = [models.Index(fields=["node", "cube", "day"], name="tally_of_node")]

    def __str__(self) -> str:
        return f"{self.node_id} {self.day}"


class Spread(models.Model):
    """How many of a day's cases took how many working days, in the whole country; `cube` as in Tally, without
    categories. `what`: a place in `routing.measures.counting.SPREADS`."""

    cube = models.PositiveSmallIntegerField()
    day = models.DateField()
    secret = models.BooleanField()
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=40)
    what = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    count = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["cube", "day"], name="spread_of_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.what} {self.days}"


class Counted(models.Model):
    """How far the events are counted: one row. Every event of a transaction before `upto` is; `upto` None: never
    counted. `words`: which numbers the tallies hold, in which order."""

    upto = models.BigIntegerField(null=True)
    words = models.CharField(max_length=40, blank=True)
    # While all is made anew: the last case that is; -1: the cases are, their sums are not. None: it is not.
    remaking = models.BigIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    # What the last comparison with the events found different; empty: nothing.
    differs: models.JSONField[Any, Any] = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.upto}"

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


# What few cases are: a list of them is read by an index of its own, however many there are of the others.
_FEW: dict[str, models.Q] = {
    "told": models.Q(told=True),
    "merged": models.Q(merged=True),
    "contested": models.Q(contested=True),
    "reopened": models.Q(reopened=True),
    "bounced": models.Q(bounced=True),
    "past_due": models.Q(past_due=True),
    "unverified": models.Q(verify=Kept.MISSED),
    "unanswered": models.Q(answer=Kept.MISSED),
    "unsettled": models.Q(settle=Kept.MISSED),
}


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
            *(
                models.Index(fields=["day", "complaint"], condition=few, name=f"case_figure_{name}")
                for name, few in _FEW.items()
            ),
            models.Index(
                fields=["ended", "day", "complaint"],
                condition=models.Q(ended__in=["withdraw", "expire", "archive", "told"]),
                name="case_figure_ended",
            ),
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
            models.Index(fields=["gone", "day"], condition=~models.Q(gone=""), name="turn_figure_gone"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}/{self.number}"


class Sums(models.Model):
    """Sums where there are too many cases to count them for a reader: of the country (`node` the root), and of each
    agency directly below it with all that lies under it (`cube` 0 alone).

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
        abstract = True

    def __str__(self) -> str:
        return f"{self.node_id} {self.day}"


_SUMMED_BY = ["node", "cube", "day", "secret", "kind", "channel", "category"]


class Tally(Sums):
    """Of a day."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=_SUMMED_BY, nulls_distinct=False, name="tally_once")]


class MonthTally(Sums):
    """Of a month, under its first day: whoever asks for a year reads twelve of them."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=_SUMMED_BY, nulls_distinct=False, name="month_tally_once")]


class Days(models.Model):
    """How many cases took how many working days, in the whole country; `cube` as in Tally, without categories. `what`:
    a place in `routing.measures.counting.SPREADS`."""

    cube = models.PositiveSmallIntegerField()
    day = models.DateField()
    secret = models.BooleanField()
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=40)
    what = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    count = models.IntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.day} {self.what} {self.days}"


_SPREAD_BY = ["cube", "day", "secret", "kind", "channel", "what", "days"]


class Spread(Days):
    """Of a day's cases."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=_SPREAD_BY, name="spread_once")]


class MonthSpread(Days):
    """Of a month's, under its first day."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=_SPREAD_BY, name="month_spread_once")]


class Pile(models.Model):
    """Sums with what else a page tells of them, so that none counts cases: `days`: "2:14" → how many of
    `counting.SPREADS`, the third of them, took 14 working days. `split`: "channel:web" → how many were received, by
    kind, channel and category; empty in rows that are of one of each. Written and read by `routing.measures.piles`.
    """

    day = models.DateField()
    secret = models.BooleanField()
    counts = ArrayField(models.IntegerField())
    days: models.JSONField[Any, Any] = models.JSONField(default=dict)
    split: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk} {self.day}"


class OfficeSum(Pile):
    """What one office has or had last, and its own turns; of a month, under its first day."""

    agency = models.ForeignKey(Agency, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    top = models.ForeignKey(Agency, models.CASCADE, db_constraint=False, db_index=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "day", "secret", "top"], name="office_sum_once")]
        indexes = [models.Index(fields=["top", "day"], name="office_sum_of_top")]


class TopSum(Pile):
    """The same of everything that lies under an agency directly below the root."""

    top = models.ForeignKey(Agency, models.CASCADE, db_constraint=False, db_index=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["top", "day", "secret"], name="top_sum_once")]


class Alike(Pile):
    """Of the country, what is alike in all that can be asked for. `category` 0: of none."""

    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=40)
    category = models.PositiveIntegerField()

    class Meta:
        abstract = True


_ALIKE = ["category", "day", "secret", "kind", "channel"]


class Cell(Alike):
    """Of a day."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=_ALIKE, name="cell_once")]
        # The nightly check looks at days.
        indexes = [models.Index(fields=["day"], name="cell_of_day")]


class MonthCell(Alike):
    """Of a month, under its first day."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=_ALIKE, name="month_cell_once")]


class Split(models.Model):
    """What everybody may be told of one finished quarter of an agency directly below the root, or of the root itself:
    how many it received by category and channel (`routing.measures.splits`). Sums over agencies and quarters are sums
    of these rows alone, so that nothing can be found by subtracting one table from another.

    `by`: the bits of `sums.CHANNEL` and `sums.CATEGORY` it is split by, 0: all that is in the table. `category`: one of
    the first level, 0: of none. What may not be told has no row. Of a category alone: `counts`, each number of
    `counting.CODES` of those cases, and `days`, its working days as `routing.measures.piles` keep them.
    """

    node = models.ForeignKey(Agency, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    quarter = models.DateField()
    by = models.PositiveSmallIntegerField()
    category = models.PositiveIntegerField(default=0)
    channel = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField()
    counts = ArrayField(models.IntegerField(), null=True, blank=True)
    days = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarter", "node", "by", "category", "channel"], name="split_once")
        ]
        indexes = [
            models.Index(fields=["node", "quarter"], name="split_of_node"),
            # One category in all agencies.
            models.Index(fields=["category", "quarter"], condition=models.Q(by=4), name="split_of_category"),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.quarter} {self.by}"


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

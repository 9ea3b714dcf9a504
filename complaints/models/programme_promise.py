"""ProgrammePromise: the tighter days a priority programme promises, from a date on, and the law that says so."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Programme
from lapor.kit.compiled import Blank, Compiled

from .tag import Tag

# What an office promises a reporter once it has the case; of VERIFY no tag is known yet.
CLOCKS = (("RESPOND", _("jawaban pertama")), ("RESOLVE", _("jawaban akhir")))


class ProgrammePromiseQuerySet(models.QuerySet["ProgrammePromise"]):
    def on(self, day: datetime.date | Blank) -> ProgrammePromiseQuerySet:
        return self.filter(starts_on__lte=day)

    def tightest(self, complaint_id: int, clock: str, day: datetime.date) -> ProgrammePromise | None:
        """Of the programmes this case carries now: the fewest days in force. One statement."""
        return tightest(_CARRIED(case=complaint_id, clock=clock, day=day))


def _carried() -> ProgrammePromiseQuerySet:
    tags = Tag.objects.current().filter(complaint_id=Blank("case", models.BigIntegerField()))
    return (
        ProgrammePromise.objects.on(Blank("day", models.DateField()))
        .filter(clock=Blank("clock", models.CharField()), programme__in=tags.values("programme"))
        .select_related("programme")
        .order_by("programme_id", "-starts_on")
    )


# Asked at every promise that begins.
_CARRIED: Compiled[ProgrammePromise] = Compiled(_carried)


def tightest(rows: Iterable[ProgrammePromise]) -> ProgrammePromise | None:
    """The latest of each programme, and of these the fewest days. 0 days: the programme promises nothing of its own any
    more."""
    latest: dict[int, ProgrammePromise] = {}
    for row in rows:
        latest.setdefault(row.programme_id, row)
    return min((row for row in latest.values() if row.working_days), key=lambda row: row.working_days, default=None)


class ProgrammePromise(models.Model):
    """Counts only where it is tighter than what the office promises anyway (ADR 0017, ADR 0040); so it is never the
    looser one, whatever the law or the district says later. Never rewritten: another row begins on another day, and
    one of 0 days ends it. A clock copies its days at its start."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    clock = models.CharField(max_length=8, choices=CLOCKS)
    working_days = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    legal_basis = models.CharField(max_length=300)

    objects = ProgrammePromiseQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "clock", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "clock", "starts_on"], name="programme_promise_once_per_date")
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.clock} {self.working_days}"

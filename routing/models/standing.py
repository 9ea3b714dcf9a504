"""What each office has open now, kept ready: pages of the country and of a province may not read every open case."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from agencies.models import Agency


class Standing(models.Model):
    """One office, its secret cases in a row of their own so that whoever may not know of them reads the other alone.

    Written by `routing.standing` alone, all rows in one transaction; offices with nothing have no row. What is
    kept from an office or an officer is counted for nobody. `late`: the office's turn past its date; `near`: today or
    on the next working day; `climbed`: on the ladder's COORDINATOR step or above; `unanswered`: promises of this office
    that were missed and are not kept yet; `ages`: as `routing.oversight.AGES`; `silent`: nobody opened the desk while
    these lay there.
    """

    agency = models.ForeignKey(Agency, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    # The agency directly below the root that it lies under; the root itself for its own.
    top = models.ForeignKey(Agency, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    secret = models.BooleanField()
    open = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    near = models.PositiveIntegerField()
    climbed = models.PositiveIntegerField()
    unanswered = models.PositiveIntegerField()
    ages = ArrayField(models.PositiveIntegerField())
    oldest_on = models.DateField(null=True)
    silent = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["top", "agency", "secret"], name="standing_once")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.open}"

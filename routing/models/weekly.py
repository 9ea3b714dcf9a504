"""What is remembered of the weekly letters: which of them were written, and who has had an empty one."""

from __future__ import annotations

from django.db import models

from agencies.models import Membership


class WeeklyRound(models.Model):
    """One kind of letter of the week that begins on this Monday is in the outbox for everybody in this zone."""

    code = models.CharField(max_length=24)
    week = models.DateField()
    zone = models.CharField(max_length=40)
    finished_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "week", "zone"], name="weekly_round_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.week} {self.zone}"


class EmptyLetter(models.Model):
    """The last week whose letter asked nothing of this seat."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    code = models.CharField(max_length=24)
    week = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "code"], name="empty_letter_of_a_seat")]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.code} {self.week}"

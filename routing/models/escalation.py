"""Escalation: one step up the ladder, once per clock and level."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models import Clock


class Escalation(models.Model):
    class Level(models.IntegerChoices):
        HANDLER = 1, _("pejabat penghubung dan pimpinan kantor")
        COORDINATOR = 2, _("koordinator")
        NATIONAL = 3, _("admin nasional; pelapor diberi tahu tentang Ombudsman")

    clock = models.ForeignKey(Clock, models.CASCADE, db_index=False, related_name="escalations")
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "level"], name="escalation_once")]

    def __str__(self) -> str:
        return f"{self.clock_id} tingkat {self.level}"

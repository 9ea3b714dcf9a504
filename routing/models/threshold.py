"""ChosenThreshold: from which score on cases of a level are forwarded alone, where a person chose it (ADR 0032)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from agencies.models import User

from .training import TrainedModel

# Levels of decision, as the classifier names them.
LEVELS: Mapping[str, str | Promise] = {
    "pusat": gettext_lazy("kementerian dan lembaga"),
    "provinsi": gettext_lazy("provinsi"),
    "kabkota": gettext_lazy("kabupaten dan kota"),
    "bumn": gettext_lazy("BUMN"),
}


class ChosenThreshold(models.Model):
    """At most one a level is in force; without one it is what the weights chose for themselves.

    `score` None: cases of this level are never forwarded by their words. `trained`: the weights whoever chose it looked
    at; None: the shipped ones. `shown`: what the held-back reports said of it then.
    """

    level = models.CharField(max_length=10)
    score = models.FloatField(null=True, blank=True)
    trained = models.ForeignKey(TrainedModel, models.PROTECT, null=True, blank=True, related_name="+")
    shown: models.JSONField[Any, Any] = models.JSONField(default=dict)
    reason = models.CharField(max_length=500)
    set_at = models.DateTimeField(default=timezone.now)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # What a return goes back to; None: what the weights chose.
    before = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    # Who went back from it; None: another one took its place.
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["level"], condition=Q(ended_at__isnull=True), name="one_chosen_threshold_a_level"
            )
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.score}"

    @property
    def percent(self) -> int | None:
        return None if self.score is None else round(self.score * 100)

    @property
    def name(self) -> str:
        return str(LEVELS.get(self.level, self.level))

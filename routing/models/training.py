"""TrainedModel: weights learnt here, how they fared on cases they had not seen, and which are in force."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import User


class TrainedModel(models.Model):
    """One night's challenger. At most one is in force; with none it is the weights that come with the portal.

    `learnt_until`: when its newest example was decided; what came later it has never seen. `figures`: of the challenger
    and of the champion on the same held-back cases, as routing.learning writes them. Holds numbers, no texts.
    """

    class State(models.TextChoices):
        REFUSED = "REFUSED", _("tidak lebih baik")
        CURRENT = "CURRENT", _("dipakai")
        RETIRED = "RETIRED", _("pernah dipakai")

    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State.choices)
    # Empty for one that was refused.
    weights = models.BinaryField(default=bytes)
    examples = models.PositiveIntegerField()
    held_back = models.PositiveIntegerField()
    learnt_until = models.DateTimeField()
    figures: models.JSONField[Any, Any] = models.JSONField(default=dict)
    # Which was in force before it: what a return goes back to. None: the shipped weights.
    before = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="CURRENT"), name="one_trained_model_in_force")
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d} {self.state}"

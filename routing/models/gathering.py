"""Gathering: a rule that tags is applied to the cases that are open already, as somebody asked, page by page."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, Programme

from .rule import Rule


class Gathering(models.Model):
    """Who asked for it, why, and how far it is: cases up to `after` were looked at. Each tag has its own event on its
    case; this row is the sum of them."""

    class Stopped(models.TextChoices):
        DONE = "DONE", _("selesai")
        RULE = "RULE", _("dihentikan: aturan atau programnya berakhir")
        OFFICER = "OFFICER", _("dihentikan: yang meminta tidak berwenang lagi")

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="gatherings")
    programme = models.ForeignKey(Programme, models.PROTECT, db_index=False, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, db_index=False, related_name="+")
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField(default=timezone.now)
    after = models.BigIntegerField(default=0)
    tagged = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    stopped = models.CharField(max_length=8, choices=Stopped.choices, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule"], condition=Q(ended_at__isnull=True), name="gathering_one_at_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.tagged}"

"""Rule: category × place × words × channel × the office that was named → office, programme, or both. The first match of
an ordered list decides the office; every match tags its programme."""

from __future__ import annotations

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Programme, Region
from complaints.models import Category
from lapor.kit.compiled import Blank


class RuleQuerySet(models.QuerySet["Rule"]):
    def in_force(self, day: datetime.date | Blank) -> RuleQuerySet:
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class Rule(models.Model):
    """Belongs to a node (`owner`): its coordinator writes it, and it may only send to the owner's subtree."""

    owner = models.ForeignKey(Agency, models.PROTECT, related_name="rules")
    order = models.PositiveSmallIntegerField(default=0)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    # All lower case; any of them in title or story matches; none: words do not matter.
    words = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # A code of `complaints.channels.registry`; blank: whichever way it came.
    channel = models.CharField(max_length=40, blank=True, default="", db_default="")
    # The office the reporter named. Only a rule that asks for it may lead a report elsewhere than its reporter said.
    named = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    # None: it sends nowhere and only tags.
    target = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["owner", "order", "pk"]
        verbose_name = _("aturan")
        verbose_name_plural = _("aturan")
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=False) | Q(programme__isnull=False), name="rule_does_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner_id}#{self.order} → {self.target_id}"

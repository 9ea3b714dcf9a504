"""Programme: a priority of the government (program prioritas) under which cases are gathered, wherever they lie."""

from __future__ import annotations

import datetime

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lapor.kit.compiled import Blank

# Typed into the desk's search box and read in addresses: "jalan-daerah".
CODE = r"[a-z0-9]+(?:-[a-z0-9]+)*"


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def active_on(self, day: datetime.date | Blank) -> ProgrammeQuerySet:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


class Programme(models.Model):
    """Never deleted, only ended: from then on no case and no observer is added, and what it gathered stays readable.

    `code` never changes: saved lists and sent addresses name it.
    """

    name = models.CharField(_("nama"), max_length=120)
    code = models.CharField(_("kode"), max_length=40, unique=True, validators=[RegexValidator(rf"^{CODE}\Z")])
    description = models.TextField(_("keterangan"), blank=True)
    legal_basis = models.CharField(_("dasar hukum"), max_length=300, blank=True)
    starts_on = models.DateField(default=timezone.localdate)
    # First day on which nothing is added any more; None: it goes on.
    ends_on = models.DateField(null=True, blank=True)
    # What became of it, written when it is ended.
    closing = models.TextField(blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("program prioritas")
        verbose_name_plural = _("program prioritas")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="programme_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_active_on(self, day: datetime.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

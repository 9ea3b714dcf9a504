"""What may be gaming (ADR 0043): counted for the evaluator, never a mark and never punished by a machine."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from lapor.kit.append_only import append_only


class SignalCount(models.Model):
    """One signal (`routing.signals.SIGNALS`) of one agency directly below the root in one year: how often, of how many.
    Counted anew by the worker; nothing here is the truth. `cases`: the newest of them."""

    agency = models.ForeignKey(Agency, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    # "kabkota", "provinsi", "pusat", "bumn": whom it is compared with.
    peers = models.CharField(max_length=12)
    count = models.PositiveIntegerField()
    base = models.PositiveIntegerField()
    cases = ArrayField(models.BigIntegerField(), default=list)
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "agency", "code"], name="signal_count_once")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.year} {self.code}"


class SignalNote(models.Model):
    """What an evaluator says of a signal. Never changed: the newest one holds."""

    class Verdict(models.TextChoices):
        CLEAR = "CLEAR", _("Sudah diperiksa, tidak apa-apa")
        EXPLAINED = "EXPLAINED", _("Dijelaskan instansinya")
        COUNTS = "COUNTS", _("Mengurangi nilai bukti")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    note = models.CharField(max_length=500)
    # What stood there when it was judged.
    count = models.PositiveIntegerField()
    base = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["year", "agency", "code", "-id"], name="signal_note_newest")]
        triggers = append_only("signal_note")

    def __str__(self) -> str:
        return f"{self.agency_id} {self.year} {self.code} {self.verdict}"

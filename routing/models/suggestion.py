"""Suggestion: a guess, its reason, and what the human did with it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from complaints.because import Because
from complaints.models import Category, Complaint

from .rule import Rule


class Suggestion(models.Model):
    """What the worker did by itself and what it left to a person both leave one."""

    class Source(models.TextChoices):
        ADDRESS = "ADDRESS", _("pelapor menyebut kantor ini")
        PREFIX = "PREFIX", _("awalan SMS")
        RULE = "RULE", _("aturan")
        PLACE = "PLACE", _("bidang dan tempat")
        MODEL = "MODEL", _("kata-kata dalam laporan")
        CONDUCT = "CONDUCT", _("tentang perilaku petugas")

    class Verdict(models.TextChoices):
        DONE = "DONE", _("dilakukan otomatis")
        OFFERED = "OFFERED", _("ditawarkan")
        ACCEPTED = "ACCEPTED", _("diterima petugas")
        CORRECTED = "CORRECTED", _("dikoreksi petugas")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="suggestions")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=8, choices=Source.choices)
    # 0 to 1; 1: certain.
    score = models.FloatField(default=0.0)
    words = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # As it was said then, and what tells it to each reader in their own language (complaints.because; [] before that
    # was kept).
    reason = models.TextField(blank=True)
    because = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))
    # The rule that decided; None: none did, or it was before rules were noted.
    rule = models.ForeignKey(Rule, models.SET_NULL, null=True, blank=True, related_name="uses", db_index=False)
    verdict = models.CharField(max_length=9, choices=Verdict.choices, default=Verdict.OFFERED)
    rank = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "rank"]
        indexes = [
            models.Index(fields=["complaint", "rank"], name="suggestion_of_complaint"),
            # How what was forwarded alone fared (routing.standing_alone), and its last mistakes.
            models.Index(
                fields=["made_at"],
                include=["source", "agency", "verdict", "complaint"],
                name="suggestion_done_alone",
                condition=Q(verdict__in=["DONE", "CORRECTED"]),
            ),
            models.Index(fields=["rule", "made_at"], name="suggestion_of_rule", condition=Q(rule__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.agency_id} {self.score:.2f}"

    @property
    def why(self) -> str:
        """For officers, in the reader's language; as it was said where no more was kept."""
        return Because.read(self.because).fully() or self.reason

    @property
    def plain(self) -> str:
        """In the portal's language and without how sure it was: what an officer who accepts it gives as the reason."""
        return Because.read(self.because).plain_sentence or self.reason

"""Referral: a case that its reporter put before the Ombudsman, with consent. Recommendation: what the Ombudsman then
asks of an office (UU 37/2008). Written by the verbs of `lifecycle.referring` alone (docs/keputusan/0041)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.actor import Actor
from agencies.models import Agency
from agencies.ombudsman import is_examiner
from lapor.kit.append_only import append_only

from .event import Event
from .visibility import offices_over


class ReferralQuerySet(models.QuerySet["Referral"]):
    def current(self) -> ReferralQuerySet:
        """Consent holds, and the examination goes on."""
        return self.filter(withdrawn_at__isnull=True, ended_at__isnull=True)

    def readable_by(self, actor: Actor) -> ReferralQuerySet:
        """What this examiner may open: put before their own body, with consent that holds; neither about an office they
        sit in nor naming them. To everybody else there is nothing, whatever the role."""
        if not is_examiner(actor) or actor.user is None:
            return self.none()
        found = self.filter(agency=actor.agency, withdrawn_at__isnull=True)
        found = found.exclude(complaint__not_for_id__in=sorted(offices_over(actor)))
        return found.exclude(complaint__not_seen_by=actor.user)


class Referral(models.Model):
    class State(models.TextChoices):
        RECEIVED = "RECEIVED", _("Diterima")
        EXAMINED = "EXAMINED", _("Diperiksa")
        RECOMMENDED = "RECOMMENDED", _("Rekomendasi diberikan")
        FINISHED = "FINISHED", _("Selesai")
        DECLINED = "DECLINED", _("Tidak bisa diperiksa")

    ENDED = (State.FINISHED, State.DECLINED)

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, db_index=False, related_name="referrals")
    # The Ombudsman.
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    # The reporter agreed that name and contact go along.
    with_identity = models.BooleanField(default=False)
    # What the reporter wrote to the Ombudsman; the office never reads it.
    note = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    made_at = models.DateTimeField(default=timezone.now)
    # The Ombudsman's first word is due; a count of days from data, with its legal basis.
    due_on = models.DateField()
    first_word_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The reporter took the consent back.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(withdrawn_at__isnull=True, ended_at__isnull=True),
                name="referral_one_current",
            )
        ]
        indexes = [
            models.Index(fields=["complaint"], name="referral_of_complaint"),
            models.Index(fields=["agency", "due_on", "id"], name="referral_due"),
        ]

    def __str__(self) -> str:
        return f"rujukan {self.pk}"

    @property
    def is_current(self) -> bool:
        return self.withdrawn_at is None and self.ended_at is None


class ReferralStep(models.Model):
    """A word of the Ombudsman to the reporter. The office of the case does not read it. Append-only."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="steps")
    event = models.ForeignKey(Event, models.PROTECT, db_index=False, related_name="+")
    state = models.CharField(max_length=12, choices=Referral.State.choices)
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        triggers = append_only("referral_step")

    def __str__(self) -> str:
        return f"{self.referral_id} {self.state}"


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def waiting(self) -> RecommendationQuerySet:
        return self.filter(answered_at__isnull=True, verdict="")


class Recommendation(models.Model):
    class Verdict(models.TextChoices):
        HEEDED = "HEEDED", _("Dilaksanakan")
        PARTLY = "PARTLY", _("Dilaksanakan sebagian")
        NOT = "NOT", _("Tidak dilaksanakan")

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="recommendations")
    # Whose head and coordinator answer.
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    body = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=7, choices=Verdict.choices, blank=True)
    weighed_at = models.DateTimeField(null=True, blank=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"rekomendasi {self.pk}"

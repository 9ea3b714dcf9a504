"""What was agreed with an office in the weekly meeting, and what became of it. Neither is ever changed."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from agencies.models import Agency, User
from lapor.kit.append_only import append_only


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def standing(self) -> AgreementQuerySet:
        """Those of which nobody has said yet what became of them."""
        return self.filter(ending__isnull=True)


class Agreement(models.Model):
    """One sentence with a date. No name of a reporter stands in it: it is read aloud in the meeting."""

    # The pemda whose meeting it was, and the office that agreed.
    node = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    office = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    body = models.CharField(max_length=300)
    due_on = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["node", "office", "-made_at"], name="agreement_of_office")]
        triggers = append_only("agreement")

    def __str__(self) -> str:
        return f"{self.office_id} {self.due_on}"


class AgreementEnd(models.Model):
    """It was kept, or it was not."""

    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="ending")
    kept = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        triggers = append_only("agreement_end")

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.kept}"

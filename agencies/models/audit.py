"""AuditEntry: who changed the map, and who looked behind a mask. Append-only by trigger."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from lapor.kit.append_only import append_only

from .agency import Agency
from .client import ApiClient
from .people import User


class AuditEntry(models.Model):
    """One look or one change. `subject` names what it was about: ("complaint", its id), ("membership", its id) …"""

    at = models.DateTimeField(default=timezone.now)
    who = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Set instead of `who` where a machine did it; few are, and nobody lists them by it.
    client = models.ForeignKey(ApiClient, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    acting_as = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    what = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_kind", "subject_id", "-at"], name="audit_subject")]
        triggers = append_only("audit")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what}"

"""Draft: what a reporter has typed and uploaded so far, kept for them."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

from django.db import connection, models
from django.utils import timezone

from agencies.models import User
from lapor.kit.sealing import InvalidToken, seal, unseal

LIFETIME = datetime.timedelta(days=14)

# Spelt out: every report of the web asks it, and Django would spell it anew each time.
_BECOME = "UPDATE complaints_draft SET complaint_id = %s, fields_sealed = %s WHERE id = %s"


class DraftQuerySet(models.QuerySet["Draft"]):
    def forget(self, now: datetime.datetime, limit: int = 500) -> int:
        """Delete what expired without becoming a case, with its files; of what became one only the row with the way
        to it goes. How many."""
        old = list(self.filter(expires_at__lt=now).order_by("expires_at")[:limit])
        for draft in old:
            for file in draft.attachments.filter(complaint=None):
                file.file.delete(save=False)
                file.delete()
            draft.delete()
        return len(old)


class Draft(models.Model):
    """Becomes one complaint or expires. Its token is the idempotency key of the web (Arrival.external_id)."""

    token = models.UUIDField(default=uuid.uuid4, unique=True)
    # `User.fingerprint` of whoever began it signed in: it is theirs alone. "": of whoever holds the token.
    account_fingerprint = models.CharField(max_length=64, blank=True)
    # The step the reporter was last at: "lokasi", "masalah", "periksa".
    step = models.CharField(max_length=10, default="lokasi")
    # JSON of what was typed, sealed (lapor.kit.sealing): it may hold a name and a contact.
    fields_sealed = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    complaint = models.OneToOneField(
        "complaints.Complaint", models.PROTECT, null=True, blank=True, related_name="draft"
    )

    objects = DraftQuerySet.as_manager()

    _opened: dict[str, dict[str, Any]] | None = None

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="draft_expiry")]

    def __str__(self) -> str:
        return f"draf {self.pk}"

    @classmethod
    def begin(cls, user: User | None = None, now: datetime.datetime | None = None) -> Draft:
        """An unsaved draft that lives for two weeks after it was last touched."""
        now = now or timezone.now()
        account = user.fingerprint if user else ""
        return cls(account_fingerprint=account, created_at=now, saved_at=now, expires_at=now + LIFETIME)

    def fields(self) -> dict[str, dict[str, Any]]:
        """What was typed, a dictionary a step ("lokasi", "masalah", "periksa"); empty once it became a case, or when
        no key of ours opens it."""
        if self._opened is None:
            try:
                self._opened = dict(json.loads(unseal(self.fields_sealed) or "{}"))
            except (InvalidToken, ValueError):
                self._opened = {}
        return self._opened

    def step_fields(self, step: str) -> dict[str, Any]:
        return dict(self.fields().get(step, {}))

    def keep(self, step: str, values: dict[str, Any], now: datetime.datetime | None = None) -> None:
        """Take in what was typed at a step and save; the two weeks begin anew."""
        now = now or timezone.now()
        self._opened = {**self.fields(), step: values}
        self.fields_sealed = seal(json.dumps(self._opened))
        self.step, self.saved_at, self.expires_at = step, now, now + LIFETIME
        self.save()

    def replace_all(self, step: str, values: dict[str, Any], expires_at: datetime.datetime) -> None:
        """Nothing of what was typed stays, nor whose it was: only these, until then."""
        self._opened = {step: values}
        self.fields_sealed, self.account_fingerprint = seal(json.dumps(self._opened)), ""
        self.expires_at = expires_at
        self.save(update_fields=["fields_sealed", "account_fingerprint", "expires_at"])

    @property
    def keeps_a_key(self) -> bool:
        """It became a case, and nobody has been shown the key yet: the answer to the sending may have been lost."""
        return self.complaint_id is not None and bool(self.fields_sealed)

    def show_key(self) -> str:
        """The key of the case it became, the first time it is asked for; "" ever after."""
        key = str(self.fields().get("case", {}).get("key", ""))
        if key and not Draft.objects.filter(pk=self.pk, fields_sealed=self.fields_sealed).update(fields_sealed=""):
            return ""
        return key

    def become(self, complaint: Any, key: str) -> None:
        """What was typed is the case's now: kept are the way to it and, until it is shown once, its key, sealed."""
        sealed = seal(json.dumps({"case": {"key": key}}))
        with connection.cursor() as cursor:
            cursor.execute(_BECOME, [complaint.pk, sealed, self.pk])

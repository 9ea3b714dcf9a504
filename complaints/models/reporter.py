"""Reporter: who is behind a case. The case's only table with a name or a contact.

Names and contacts are stored sealed and leave this table through `complaints.privacy` alone; a keyed fingerprint
finds an address without opening it. So does one of the account it was filed with: no column leads from a report to an
account, and none from an account to its reports (docs/keputusan/0009).
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from lapor.kit.sealing import fingerprint, seal


class News(models.TextChoices):
    """What a reporter wants to be told. What asks something of them by a date counts as important."""

    ALL = "ALL", _("Setiap perkembangan")
    IMPORTANT = "IMPORTANT", _("Yang penting saja")
    NONE = "NONE", _("Tidak usah")


class Reporter(models.Model):
    complaint = models.OneToOneField("complaints.Complaint", models.PROTECT, related_name="reporter")
    # `User.fingerprint` of the account it was filed with, or confirmed by its own link with; "": none.
    account_fingerprint = models.CharField(max_length=64, blank=True)
    name_sealed = models.TextField(blank=True)
    email_sealed = models.TextField(blank=True)
    email_fingerprint = models.CharField(max_length=64, blank=True, db_index=True)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    phone_sealed = models.TextField(blank=True)
    phone_fingerprint = models.CharField(max_length=64, blank=True, db_index=True)
    phone_confirmed_at = models.DateTimeField(null=True, blank=True)
    # The way their report came, where that way can answer: the medium of the channel's door ("SMS", "X" …), and the
    # account or number there. It wrote to us, so it needs no further proof; closed when it refused us or said stop.
    door = models.CharField(max_length=12, blank=True)
    door_sealed = models.TextField(blank=True)
    door_fingerprint = models.CharField(max_length=64, blank=True)
    door_closed_at = models.DateTimeField(null=True, blank=True)
    # What they want to hear of (notifications.choices).
    news = models.CharField(max_length=9, choices=News.choices, default=News.ALL)
    language = models.CharField(max_length=5, default="id")
    # Address known not to work: no letter can reach; the reporter then has 30 working days instead of 10.
    unreachable_since = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # Whose reports these are, when somebody writes again from the same number or account.
            models.Index(
                fields=["door_fingerprint"], condition=~models.Q(door_fingerprint=""), name="reporter_by_door"
            ),
            # Laporan saya, and the erasure of an account.
            models.Index(
                fields=["account_fingerprint"], condition=~models.Q(account_fingerprint=""), name="reporter_account"
            ),
        ]

    def __str__(self) -> str:
        return f"pelapor {self.pk}"

    def keep(self, *, name: str = "", email: str = "", phone: str = "", door: tuple[str, str] | None = None) -> None:
        """Take name and contacts in, sealed; `door` (medium, account) stays as it is when None. Getting them out again
        is for `complaints.privacy` alone."""
        self.name_sealed = seal(name.strip())
        address = email.strip().lower()
        self.email_sealed, self.email_fingerprint = seal(address), fingerprint(address)
        number = phone.strip()
        self.phone_sealed, self.phone_fingerprint = seal(number), fingerprint(number)
        if door is not None:
            self.door, account = door
            self.door_sealed, self.door_fingerprint = seal(account), fingerprint(account)

    @property
    def has_address(self) -> bool:
        """Somewhere a letter or a message could be sent to, whether it is theirs or not."""
        return bool(self.email_fingerprint or self.door or self.phone_fingerprint)

    @property
    def is_reachable(self) -> bool:
        """A letter with content can reach: a confirmed address that works, or the door they came by."""
        mail = bool(self.email_sealed) and self.email_confirmed_at is not None and self.unreachable_since is None
        door = bool(self.door) and self.door_closed_at is None
        return self.erased_at is None and self.news != News.NONE and (mail or door)


class Reveal(models.Model):
    """NATIONAL's request to see an anonymous reporter: a second NATIONAL approves within 24 hours."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="reveals")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    acting_as = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    reason = models.TextField()
    asked_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"reveal {self.pk}"

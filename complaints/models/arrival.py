"""Arrival: an inbound message as received. Kept first, understood after; a retry is the same arrival."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from lapor.kit.sealing import fingerprint, seal, seal_bytes, unseal, unseal_bytes

# What is longer than this, a mail with photos, lies sealed on the disk and not in the row.
IN_THE_ROW = 64_000


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def waiting(self) -> ArrivalQuerySet:
        """Kept and not yet understood."""
        return self.filter(outcome="")

    def held(self) -> ArrivalQuerySet:
        """In the holding pen: a person has to say what becomes of it."""
        return self.filter(outcome=Arrival.Outcome.HELD, decided_at__isnull=True)


def raw_path(arrival: Arrival, filename: str) -> str:
    """A name of our own."""
    import uuid

    return f"arrivals/{timezone.now():%Y/%m}/{uuid.uuid4().hex}"


class Arrival(models.Model):
    """Personal data of whoever sent it: raw, text and sender are sealed as Reporter is, and purged on a schedule."""

    class Outcome(models.TextChoices):
        OPENED = "OPENED", _("menjadi laporan")
        APPENDED = "APPENDED", _("ditambahkan ke laporan")
        HELD = "HELD", _("menunggu petugas")
        REFUSED = "REFUSED", _("ditolak")
        # A question about a report or about LAPOR! itself, told and done (ADR 0014).
        ANSWERED = "ANSWERED", _("dijawab")

    class Hold(models.TextChoices):
        """Why a person has to look."""

        UNREADABLE = "UNREADABLE", _("tidak terbaca oleh mesin")
        WHOSE = "WHOSE", _("tidak jelas untuk laporan yang mana")
        NOT_THEIRS = "NOT_THEIRS", _("pengirimnya bukan pelapor laporan itu")
        REFUSED_ACT = "REFUSED_ACT", _("laporan itu tidak bisa menerima pesan ini")
        FLOOD = "FLOOD", _("terlalu banyak pesan dari satu pengirim")
        INCOMPLETE = "INCOMPLETE", _("isinya tidak lengkap")
        SUSPECT = "SUSPECT", _("mungkin bukan dari pelapor")

    channel = models.CharField(max_length=12)
    # The sender's own id of it: Message-ID, gateway id, a draft's token, "file.csv#17".
    external_id = models.CharField(max_length=200)
    # Sealed (lapor.kit.sealing); blank where the channel keeps nothing beyond the case, as the web.
    raw_sealed = models.TextField(blank=True)
    raw_file = models.FileField(upload_to=raw_path, blank=True)
    # The address it can be answered at: a phone, a mail address, an account. Sealed, with its keyed fingerprint.
    sender_sealed = models.TextField(blank=True)
    sender_fingerprint = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    # Without an id of its own the same text from the same sender is taken as one: how often it came again.
    repeats = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    hold = models.CharField(max_length=12, choices=Hold.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    # What the pen shows of it: the message as understood, sealed.
    text_sealed = models.TextField(blank=True)
    # Ids only: {"complaint": …, "agency": …, "kind": …}, what the pen suggests.
    suggestion: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    complaint = models.ForeignKey(
        "complaints.Complaint", models.PROTECT, null=True, blank=True, related_name="arrivals"
    )
    tries = models.PositiveSmallIntegerField(default=0)
    # When a worker may next try to understand it; one that takes it moves this ahead (its lease). None: at once.
    next_try = models.DateTimeField(null=True, blank=True)
    understood_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "external_id"], name="arrival_once")]
        indexes = [
            # Read by the sweep that understands what was kept.
            models.Index(fields=["received_at"], condition=models.Q(outcome=""), name="arrival_waiting"),
            # The holding pen.
            models.Index(
                fields=["received_at", "id"],
                condition=models.Q(outcome="HELD", decided_at__isnull=True),
                name="arrival_held",
            ),
            # What one sender sent lately.
            models.Index(
                fields=["sender_fingerprint", "received_at"],
                condition=~models.Q(sender_fingerprint=""),
                name="arrival_of_sender",
            ),
            # The purge: what still holds something.
            models.Index(
                fields=["received_at"],
                condition=models.Q(purged_at__isnull=True) & ~models.Q(outcome=""),
                name="arrival_unpurged",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"

    # --- What is sealed in it ---

    def keep_raw(self, raw: bytes) -> None:
        """Take the message in as it came, before it is saved."""
        if len(raw) <= IN_THE_ROW:
            self.raw_sealed = seal_bytes(raw)
        else:
            self.raw_file.save("raw", ContentFile(seal_bytes(raw).encode()), save=False)

    def raw(self) -> bytes:
        """The message as it came; empty once purged. Raises InvalidToken when no key of ours opens it."""
        if self.raw_file:
            with self.raw_file.open("rb") as file:
                return unseal_bytes(file.read().decode())
        return unseal_bytes(self.raw_sealed)

    def keep_sender(self, address: str) -> None:
        self.sender_sealed, self.sender_fingerprint = seal(address), fingerprint(address)

    @property
    def sender(self) -> str:
        """Where it can be answered; "" when unknown or purged."""
        return unseal(self.sender_sealed)

    @property
    def text(self) -> str:
        return unseal(self.text_sealed)

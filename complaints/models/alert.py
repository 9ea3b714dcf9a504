"""Alert: what somebody wants a letter of when it becomes public ("kabar lewat surel"), and the mailbox it goes to.

Nobody's name, and no column that leads to an account or a report. The address stands sealed in Subscriber, in no other
table, and leaves it through `complaints.privacy` alone; the row goes when its last alert ends (docs/keputusan/0047).
"""

from __future__ import annotations

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Region
from lapor.kit.sealing import fingerprint, seal

from .complaint import Complaint
from .message import Message
from .reference import Category, Kind
from .supporter import mailbox_of

# How long an alert is kept that nobody confirmed.
UNCONFIRMED_LASTS = datetime.timedelta(days=30)


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def of_mailbox(self, email: str) -> Subscriber | None:
        mark = mark_of(email)
        return self.filter(fingerprint=mark).first() if mark else None

    def locked(self, email: str, *, language: str, now: datetime.datetime) -> Subscriber | None:
        """Whoever has this mailbox, new if nobody was, held for the length of the transaction: two requests for one
        address go one after the other. None: it was deleted in that very moment."""
        kept = {"email_sealed": seal(email.strip().lower()), "language": language, "asked_since": now}
        row, _made = self.get_or_create(fingerprint=mark_of(email), defaults=kept)
        return self.select_for_update().filter(pk=row.pk).first()


class Subscriber(models.Model):
    """A mailbox to which alerts go. Deleted with its last alert."""

    # Of the mailbox, however its address is spelt; of a sort of its own, so that it matches no reporter's.
    fingerprint = models.CharField(max_length=64, unique=True)
    email_sealed = models.TextField()
    language = models.CharField(max_length=5, default="id")
    # Letters that somebody had sent here without showing that the mailbox is theirs: since when they are counted, and
    # how many it was.
    asked_since = models.DateTimeField(default=timezone.now)
    asked_times = models.PositiveSmallIntegerField(default=0)

    objects = SubscriberQuerySet.as_manager()

    def __str__(self) -> str:
        return f"pelanggan {self.pk}"

    @property
    def mark(self) -> str:
        """What a link carries: one for a mailbox that was forgotten opens nothing."""
        return self.fingerprint[:12]


def mark_of(email: str) -> str:
    return fingerprint(mailbox_of(email), of="alert") if email.strip() else ""


class Rhythm(models.TextChoices):
    DAILY = "DAILY", _("Setiap pagi")
    WEEKLY = "WEEKLY", _("Setiap Senin pagi")


class AlertQuerySet(models.QuerySet["Alert"]):
    def standing(self) -> AlertQuerySet:
        """Not ended; confirmed or not yet."""
        return self.filter(ended_at__isnull=True)

    def confirmed(self) -> AlertQuerySet:
        return self.standing().filter(confirmed_at__isnull=False)


class Alert(models.Model):
    """One wish of one mailbox: the public list's filters, what is told of it, and how often.

    `seen` is the number of the last Appearance that was looked at for it. `code` opens the link of its confirmation,
    once.
    """

    # None once it ended.
    subscriber = models.ForeignKey(Subscriber, models.SET_NULL, null=True, related_name="alerts")
    place = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    office = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices, blank=True)
    words = models.CharField(max_length=100, blank=True)
    reports = models.BooleanField(default=True)
    answers = models.BooleanField(default=True)
    rhythm = models.CharField(max_length=6, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    code = models.CharField(max_length=32, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seen = models.BigIntegerField(default=0)
    # When it is looked at next; None: never.
    next_at = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "place", "office", "category", "kind", "words"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="alert_once",
            )
        ]
        indexes = [
            # Those to be looked at, in order.
            models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="alert_due"),
            # What nobody confirmed, and what ended, to be forgotten.
            models.Index(
                fields=["asked_at"],
                condition=Q(confirmed_at__isnull=True, ended_at__isnull=True),
                name="alert_waits",
            ),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="alert_ended"),
        ]

    def __str__(self) -> str:
        return f"kabar {self.pk}"

    @property
    def zone(self) -> str:
        """Where its morning comes: at the place it is about, else where its office is."""
        if self.place is not None:
            return self.place.zone
        region = self.office.region if self.office is not None else None
        return region.zone if region is not None else "Asia/Jakarta"


class Appearance(models.Model):
    """Something became public: a case, or (`message`) what an office answered in one. With `offices` it was public
    already, and came to these offices by being moved: news for nobody but who follows one of them.

    Written in the transaction that publishes; its number comes after the commit, from one process at a time
    (`complaints.appearances`). So whoever has read up to a number misses nothing that commits late. What it tells of
    is read from Publication: where that is gone, nothing appeared.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, db_index=False, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    offices = ArrayField(models.BigIntegerField(), null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    number = models.BigIntegerField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(number__isnull=True), name="appearance_unnumbered")]

    def __str__(self) -> str:
        return f"{self.number}"

"""Device: a phone or computer that asked to be called when there is news, by its browser's push service."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from agencies.models import User
from lapor.kit.sealing import fingerprint, seal, unseal

from .reporter import Reporter


class DeviceQuerySet(models.QuerySet["Device"]):
    def awake(self) -> DeviceQuerySet:
        """Those that can still be called."""
        return self.filter(ended_at__isnull=True)

    def wanting(self, topic: str) -> DeviceQuerySet:
        return self.awake().filter(topics__contains=[topic])


class Device(models.Model):
    """One browser, for one report (without an account) or for one officer.

    A browser has one address for everything it asked for. Two rows of the same browser look unlike each other in this
    table, or an officer's account could be read beside the report they filed as a citizen.
    """

    reporter = models.ForeignKey(Reporter, models.CASCADE, null=True, blank=True, related_name="devices")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="devices")
    # Keyed hash of the address together with whose it is here.
    fingerprint = models.CharField(max_length=64, unique=True)
    # JSON of the browser's subscription (W3C Push API): where to call, and the keys only this browser can open with.
    subscription_sealed = models.TextField()
    # Groups of letters it wants to hear of (notifications.devices).
    topics = models.JSONField(default=list)
    language = models.CharField(max_length=5, default="id")
    created_at = models.DateTimeField(default=timezone.now)
    called_at = models.DateTimeField(null=True, blank=True)
    # Its owner said stop, or its push service said that it is gone (404, 410).
    ended_at = models.DateTimeField(null=True, blank=True)
    # The second of these: the browser may come back with another address, and is called again.
    is_gone = models.BooleanField(default=False, db_default=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reporter__isnull=True) ^ Q(user__isnull=True), name="device_of_reporter_or_officer"
            )
        ]

    def __str__(self) -> str:
        return f"gawai {self.pk}"

    @classmethod
    def take(
        cls,
        subscription: dict[str, Any],
        *,
        topics: list[str],
        language: str,
        reporter: Reporter | None = None,
        user: User | None = None,
        now: datetime.datetime | None = None,
    ) -> Device:
        """Remember a browser, or what it wants now."""
        now = now or timezone.now()
        device, _made = cls.objects.update_or_create(
            fingerprint=cls.mark_of(subscription["endpoint"], reporter=reporter, user=user),
            defaults={
                "reporter": reporter,
                "user": user,
                "subscription_sealed": seal(json.dumps(subscription)),
                "topics": topics,
                "language": language,
                "ended_at": None,
                "is_gone": False,
            },
            create_defaults={
                "reporter": reporter,
                "user": user,
                "subscription_sealed": seal(json.dumps(subscription)),
                "topics": topics,
                "language": language,
                "created_at": now,
            },
        )
        return device

    @staticmethod
    def mark_of(endpoint: str, *, reporter: Reporter | None = None, user: User | None = None) -> str:
        whose = f"reporter {reporter.pk}" if reporter else f"officer {user.pk if user else 0}"
        return fingerprint(f"{whose} {endpoint}")

    def subscription(self) -> dict[str, Any]:
        """As the browser gave it: "endpoint" and "keys" (p256dh, auth)."""
        return dict(json.loads(unseal(self.subscription_sealed)))

    @classmethod
    @transaction.atomic
    def move(cls, ids: Iterable[int], subscription: dict[str, Any]) -> int:
        """These rows of one browser have a new address; those whose owner said stop stay ended. How many moved."""
        moved = 0
        found = cls.objects.filter(Q(ended_at__isnull=True) | Q(is_gone=True), pk__in=list(ids))
        for device in found.select_related("reporter", "user").select_for_update(of=("self",)).order_by("pk"):
            mark = cls.mark_of(subscription["endpoint"], reporter=device.reporter, user=device.user)
            if cls.objects.filter(fingerprint=mark).exclude(pk=device.pk).exists():
                # Its page was quicker and told us already.
                device.end()
                continue
            device.fingerprint, device.subscription_sealed = mark, seal(json.dumps(subscription))
            device.ended_at, device.is_gone = None, False
            device.save(update_fields=["fingerprint", "subscription_sealed", "ended_at", "is_gone"])
            moved += 1
        return moved

    def end(self, now: datetime.datetime | None = None, *, gone: bool = False) -> None:
        """Nobody calls it any more, and where it was is forgotten. `gone`: not by its owner's wish."""
        self.ended_at, self.subscription_sealed, self.is_gone = now or timezone.now(), "", gone
        self.save(update_fields=["ended_at", "subscription_sealed", "is_gone"])

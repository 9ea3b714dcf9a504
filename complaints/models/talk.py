"""Talk: a conversation by chat that is not finished, kept for a day."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from lapor.kit.sealing import InvalidToken, seal, unseal

# Messengers let us write freely for a day after the person last wrote; an unfinished talk is forgotten with it.
LIFETIME = datetime.timedelta(days=1)


class TalkQuerySet(models.QuerySet["Talk"]):
    def forget(self, now: datetime.datetime) -> int:
        """What nobody went on with; how many."""
        return self.filter(changed_at__lt=now - LIFETIME).delete()[0]

    def state_of(self, channel: str, account: str, now: datetime.datetime) -> dict[str, Any] | None:
        """Where the talk with this account (its fingerprint) stands; None: there is none."""
        talk = self.filter(channel=channel, account=account, changed_at__gte=now - LIFETIME).first()
        if talk is None:
            return None
        try:
            state = json.loads(unseal(talk.state_sealed))
        except (InvalidToken, ValueError):
            return None
        return state if isinstance(state, dict) else None

    def keep(self, channel: str, account: str, state: Mapping[str, Any] | None, now: datetime.datetime) -> None:
        """Remember where it stands; None: it is over."""
        if state is None:
            self.filter(channel=channel, account=account).delete()
            return
        sealed = seal(json.dumps(dict(state)))
        self.update_or_create(channel=channel, account=account, defaults={"state_sealed": sealed, "changed_at": now})


class Talk(models.Model):
    channel = models.CharField(max_length=20)
    # The keyed fingerprint of the account (lapor.kit.sealing); who it is stands nowhere here.
    account = models.CharField(max_length=64)
    state_sealed = models.TextField()
    changed_at = models.DateTimeField(default=timezone.now)

    objects = TalkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "account"], name="talk_once_per_account")]
        indexes = [models.Index(fields=["changed_at"], name="talk_expiry")]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class PullCursor(models.Model):
    """How far a channel that has to ask for its messages has read, and until when its peer wants to be left alone."""

    channel = models.CharField(max_length=20, primary_key=True)
    position = models.CharField(max_length=200, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.channel

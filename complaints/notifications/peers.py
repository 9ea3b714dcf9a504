"""The circuit breaker of each medium, shared by all senders: a peer that is silent rests, a slow one has one sender.

rest after the 3rd silence in a row 30 s, then 1 min, 2, 4 … 10 min; each up to a fifth more or less
"""

from __future__ import annotations

import datetime
import random

from complaints.models import Peer

# Silences in a row after which a peer rests.
SILENCES = 3
FIRST_REST = datetime.timedelta(seconds=30)
LONGEST_REST = datetime.timedelta(minutes=10)
# A send that takes longer makes a peer slow, one that takes less than half of it makes it well again.
SLOW = 3.0


def resting(now: datetime.datetime) -> list[str]:
    """Media that are left alone now."""
    return list(Peer.objects.filter(rests_until__gt=now).values_list("medium", flat=True))


def was_silent(medium: str, answer: str, now: datetime.datetime, after: datetime.timedelta | None = None) -> None:
    """Count a silence; from the third on, or when the peer itself asks for it, nobody tries for a while."""
    peer, _new = Peer.objects.get_or_create(medium=medium)
    peer.silences += 1
    rest = rest_after(peer.silences)
    if after is not None:
        rest = max(rest, min(after, LONGEST_REST))
    peer.rests_until = now + rest if rest else None
    peer.answer, peer.changed_at = answer[:300], now
    peer.save()


def has_answered(medium: str, seconds: float, now: datetime.datetime) -> None:
    """It took a letter, or refused one: either way it is there."""
    Peer.objects.filter(medium=medium, silences__gt=0).update(silences=0, rests_until=None, answer="", changed_at=now)
    if seconds > SLOW:
        Peer.objects.update_or_create(medium=medium, defaults={"is_slow": True, "changed_at": now})
    elif seconds < SLOW / 2:
        Peer.objects.filter(medium=medium, is_slow=True).update(is_slow=False, changed_at=now)


def is_slow(medium: str) -> bool:
    return Peer.objects.filter(medium=medium, is_slow=True).exists()


def rest_after(silences: int) -> datetime.timedelta:
    if silences < SILENCES:
        return datetime.timedelta(0)
    plain = min(LONGEST_REST, FIRST_REST * (1 << min(silences - SILENCES, 10)))
    return plain * random.uniform(0.8, 1.2)  # noqa: S311  spreading, not a secret

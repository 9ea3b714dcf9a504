"""Who else has this case open now. Kept in the cache alone: forgetting is allowed, failing is not."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

from agencies.models import Membership

# Seconds after the last sign of life; the page gives one each half minute.
FRESH = 90


@dataclass(frozen=True)
class Colleague:
    name: str
    office: str
    since: float


def arrive(complaint_id: int, membership: Membership) -> list[Colleague]:
    """Note that this officer looks at the case, and say who else does. Two at once may overwrite each other's sign;
    the next sign puts it right."""
    key, now = f"beside:{complaint_id}", timezone.now().timestamp()
    kept = cache.get(key)
    known: dict[int, list[object]] = kept if isinstance(kept, dict) else {}
    here = {pk: seen for pk, seen in known.items() if now - float(str(seen[3])) < FRESH}
    since = here[membership.pk][2] if membership.pk in here else now
    user = membership.user
    here[membership.pk] = [user.name, membership.agency.shown_name, since, now]
    cache.set(key, here, FRESH)
    return [
        Colleague(str(seen[0]), str(seen[1]), float(str(seen[2]))) for pk, seen in here.items() if pk != membership.pk
    ]

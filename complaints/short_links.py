"""Short links: what an SMS carries in place of a key. 65 random bits, kept as a keyed hash, good for thirty days.

Whoever opens one has it exchanged at once for the cookie of `complaints.views.holding`; it stands in no log.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.urls import reverse

from complaints.models import Reporter, ShortLink
from complaints.number import CODE_LENGTH, hash_code, new_code

LASTS = datetime.timedelta(days=30)


def make(reporter: Reporter, now: datetime.datetime) -> str:
    """A new link into this reporter's case, whole; it is nowhere else to be read again."""
    code = new_code()
    ShortLink.objects.create(
        code_hash=hash_code(code),
        reporter=reporter,
        mark=_mark(reporter),
        created_at=now,
        expires_at=now + LASTS,
    )
    return _url(code)


def length() -> int:
    """How long a link is, before it is made."""
    return len(_url("0" * CODE_LENGTH))


def reporter_of(code: str, now: datetime.datetime) -> Reporter | None:
    """Whom a code was made for; None when it was never made, ended, or the door it was sent to is theirs no more."""
    found = (
        ShortLink.objects.select_related("reporter__complaint")
        .filter(code_hash=hash_code(code[:60]), expires_at__gt=now, reporter__erased_at__isnull=True)
        .first()
    )
    return found.reporter if found is not None and found.mark == _mark(found.reporter) else None


def forget(now: datetime.datetime) -> int:
    """Those that ended; how many."""
    return ShortLink.objects.filter(expires_at__lte=now).delete()[0]


def _mark(reporter: Reporter) -> str:
    return reporter.door_fingerprint[:12]


def _url(code: str) -> str:
    return f"{settings.SITE_URL}{reverse('complaints:short', args=[code])}"

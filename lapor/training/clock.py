"""The clock that can be moved forward.

All of the portal asks `django.utils.timezone.now` what time it is, and PostgreSQL is never asked. Put in its place
before any model is loaded (a default takes hold of the function), this one adds what stands in the database: read once
for each request and each task, so that web and workers agree.
"""

from __future__ import annotations

import datetime

from django.utils import timezone

_by_the_sun = timezone.now
_shift = datetime.timedelta()


def now() -> datetime.datetime:
    return _by_the_sun() + _shift


def by_the_sun() -> datetime.datetime:
    """What time it really is: for a paper that is kept outside of training."""
    return _by_the_sun()


def install() -> None:
    """Before the models."""
    timezone.now = now


def shifted_by() -> datetime.timedelta:
    return _shift


def turn(shift: datetime.timedelta) -> None:
    """What this process adds from now on."""
    global _shift
    _shift = shift

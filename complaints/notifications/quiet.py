"""When a telephone may ring: not between nine in the evening and six in the morning where the report is."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

FROM, UNTIL = datetime.time(21), datetime.time(6)


def after_quiet(at: datetime.datetime, zone: str) -> datetime.datetime:
    """`at` itself, or the end of the quiet hours it lies in; `zone` is an IANA name."""
    local = timezone.localtime(at, ZoneInfo(zone))
    if UNTIL <= local.time() < FROM:
        return at
    day = local.date() if local.time() < UNTIL else local.date() + datetime.timedelta(days=1)
    return datetime.datetime.combine(day, UNTIL, ZoneInfo(zone))

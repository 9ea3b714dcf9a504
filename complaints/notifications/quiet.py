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


# The same in SQL; {at} and {zone} are expressions.
AFTER_QUIET = f"""(
    SELECT CASE WHEN there.clock >= '{UNTIL}' AND there.clock < '{FROM}' THEN {{at}}
        ELSE ((there.day + (there.clock >= '{UNTIL}')::int) + time '{UNTIL}') AT TIME ZONE {{zone}} END
    FROM (SELECT ({{at}} AT TIME ZONE {{zone}})::date, ({{at}} AT TIME ZONE {{zone}})::time) there(day, clock))"""  # noqa: S608 (constants)

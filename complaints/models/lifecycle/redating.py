"""The calendar changed: every unstopped promise that spans a changed year is dated anew, all in one statement
(case.md section 4). A date already shown is never brought forward; a noted miss that is none any more is taken back.

The arithmetic is that of `agencies.calendar`, over a table of working days: the `budget`-th one after the first day
that lies in no pause. `tests/routing/test_redate.py` holds both against each other.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, transaction

from agencies.actor import Side
from agencies.models import Region
from complaints.models.event import Audience, Event

if TYPE_CHECKING:
    from complaints.models import Complaint

# Written to the events as the part of the system that did it.
PART = "calendar"
_CHUNK = 1000


class Redated(NamedTuple):
    """One clock whose date or firmness changed. `due` None: paused, and its date is counted when the pause ends."""

    clock: int
    complaint: int
    kind: str
    shown: datetime.date
    due: datetime.date | None
    provisional: bool
    undone: bool


# Working days by region with holidays of its own; "" is everywhere else. A place uses the row of the narrowest region
# around it.
_DAYS = """
    DROP TABLE IF EXISTS pg_temp.redate_day, pg_temp.redated;
    CREATE TEMPORARY TABLE redate_day (region varchar, day date, PRIMARY KEY (region, day)) ON COMMIT DROP;
    INSERT INTO redate_day
    SELECT key.code, day::date
    FROM (SELECT '' AS code UNION SELECT region_id FROM agencies_holiday WHERE region_id IS NOT NULL) key,
         generate_series(
            (SELECT least(min(started_on), %(first)s::date) FROM complaints_clock WHERE stopped_at IS NULL),
            %(last)s::date + 1100, interval '1 day') day
    WHERE extract(isodow FROM day) < 6
      AND NOT EXISTS (
        SELECT FROM agencies_holiday h
        WHERE h.date = day::date
          AND (h.region_id IS NULL OR h.region_id = key.code OR key.code LIKE h.region_id || '.%%'));
    ANALYZE redate_day;
"""

# So that no verb changes these cases between the counting and the writing.
_LOCK = """
    SELECT id FROM complaints_complaint
    WHERE id IN (SELECT c.complaint_id FROM complaints_clock c WHERE {affected})
    ORDER BY id FOR UPDATE
"""

_AFFECTED = """
    c.stopped_at IS NULL AND c.due_on >= %(first)s AND c.started_on <= %(last)s
    AND (%(region)s = '' OR c.calendar_region_id = %(region)s OR c.calendar_region_id LIKE %(region)s || '.%%')
"""

_COUNT = """
    CREATE TEMPORARY TABLE redated ON COMMIT DROP AS
    WITH affected AS (
        SELECT c.id, c.complaint_id, c.kind, c.started_on, c.budget, c.due_on, c.paused_on, c.provisional, c.days_left,
               c.overdue_noted_at IS NOT NULL AS noted,
               (%(now)s AT TIME ZONE coalesce(place.zone, 'Asia/Jakarta'))::date AS today,
               coalesce((
                    SELECT h.region_id FROM agencies_holiday h
                    WHERE h.region_id = c.calendar_region_id OR c.calendar_region_id LIKE h.region_id || '.%%'
                    ORDER BY length(h.region_id) DESC LIMIT 1), '') AS key
        FROM complaints_clock c
        JOIN complaints_complaint x ON x.id = c.complaint_id
        LEFT JOIN agencies_region place ON place.code = x.place_id
        WHERE {affected}
    ), dated AS (
        SELECT a.*, greatest(a.due_on, fresh.day) AS due
        FROM affected a
        CROSS JOIN LATERAL (
            SELECT d.day FROM redate_day d
            WHERE d.region = a.key AND d.day > a.started_on
              AND NOT EXISTS (
                SELECT FROM complaints_pause p
                WHERE p.complaint_id = a.complaint_id AND d.day >= p.started_on AND d.day < p.ended_on)
            ORDER BY d.day OFFSET a.budget - 1 LIMIT 1
        ) fresh
    )
    SELECT id, complaint_id, kind, due_on AS shown, provisional AS was_provisional,
           CASE WHEN due < paused_on IS NOT FALSE THEN due END AS due,
           CASE WHEN due < paused_on IS NOT FALSE THEN days_left ELSE (
                SELECT count(*) FROM redate_day d WHERE d.region = key AND d.day > paused_on AND d.day <= due)
           END AS days_left,
           noted AND (due >= today OR due >= paused_on) AS undone,
           EXISTS (
                SELECT FROM generate_series(extract(year FROM started_on + 1)::int, extract(year FROM due)::int) year
                WHERE NOT EXISTS (
                    SELECT FROM agencies_holiday h
                    WHERE h.date BETWEEN make_date(year, 1, 1) AND make_date(year, 12, 31)
                      AND (h.region_id IS NULL OR h.region_id = key OR key LIKE h.region_id || '.%%'))
           ) OR EXISTS (
                SELECT FROM agencies_holiday h
                WHERE h.estimated AND h.date > started_on AND h.date <= due
                  AND (h.region_id IS NULL OR h.region_id = key OR key LIKE h.region_id || '.%%')
           ) AS provisional
    FROM dated
"""

_WRITE = """
    UPDATE complaints_clock c
    SET due_on = r.due, days_left = r.days_left, provisional = r.provisional,
        overdue_noted_at = CASE WHEN r.undone THEN NULL ELSE c.overdue_noted_at END,
        missed_by_id = CASE WHEN r.undone THEN NULL ELSE c.missed_by_id END,
        corrected_at = CASE WHEN r.undone THEN %(now)s ELSE c.corrected_at END
    FROM redated r
    WHERE c.id = r.id AND (r.due IS DISTINCT FROM r.shown OR r.provisional <> r.was_provisional)
    RETURNING c.id, c.complaint_id, c.kind, r.shown, r.due, r.provisional, coalesce(r.undone, false)
"""

_NEAREST = """
    UPDATE complaints_complaint x
    SET due_on = (SELECT min(c.due_on) FROM complaints_clock c
                  WHERE c.complaint_id = x.id AND c.stopped_at IS NULL AND c.paused_on IS NULL)
    WHERE x.id = ANY(%(cases)s)
"""


# Counted and not yet written: cases with a promise that the calendar contradicts.
_CONTRADICTED = """
    SELECT DISTINCT complaint_id FROM redated WHERE due IS DISTINCT FROM shown OR provisional <> was_provisional
"""


def redate_clocks(
    years: set[int], region: Region | None, now: datetime.datetime, *, look_first: bool = False
) -> list[tuple[Complaint, Event]]:
    """Date anew what spans these years (in this region; None: everywhere). Returns the events written, each with its
    case, for the caller to announce; a second call finds nothing to change. Runs in the caller's transaction.

    `look_first`: keep nobody waiting; only the cases that are found to need it are locked, and counted once more.
    """
    if not years:
        return []
    affected = _AFFECTED
    given: dict[str, datetime.date | datetime.datetime | str | list[int]] = {
        "first": datetime.date(min(years), 1, 1),
        "last": datetime.date(max(years), 12, 31),
        "region": region.code if region else "",
        "now": now,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        if look_first:
            cursor.execute(_DAYS, given)
            cursor.execute(_COUNT.format(affected=_AFFECTED), given)
            cursor.execute(_CONTRADICTED)
            given["cases"] = [pk for (pk,) in cursor.fetchall()]
            if not given["cases"]:
                return []
            affected = f"{_AFFECTED} AND c.complaint_id = ANY(%(cases)s)"
        cursor.execute(_LOCK.format(affected=affected), given)
        cursor.execute(_DAYS, given)
        cursor.execute(_COUNT.format(affected=affected), given)
        cursor.execute(_WRITE, given)
        rows = [Redated(*row) for row in cursor.fetchall()]
        cursor.execute(_NEAREST, {"cases": sorted({row.complaint for row in rows})})
    return _write_events(rows, now)


def _write_events(rows: list[Redated], now: datetime.datetime) -> list[tuple[Complaint, Event]]:
    """One `recompute` a case, and one `overdue_withdrawn` for each miss that is none any more."""
    from complaints.models import Complaint

    of_case: dict[int, list[Redated]] = defaultdict(list)
    for row in rows:
        of_case[row.complaint].append(row)
    written: list[tuple[Complaint, Event]] = []
    ids = sorted(of_case)
    for start in range(0, len(ids), _CHUNK):
        cases = Complaint.objects.select_related("handler", "place", "not_for").in_bulk(ids[start : start + _CHUNK])
        pairs = [(case, event) for pk, case in sorted(cases.items()) for event in _events_of(case, of_case[pk], now)]
        Event.objects.bulk_create([event for _case, event in pairs])
        written += pairs
    return written


def _events_of(case: Complaint, rows: list[Redated], now: datetime.datetime) -> list[Event]:
    moved = {
        row.kind: [row.shown.isoformat(), row.due.isoformat() if row.due else None]
        for row in rows
        if row.due != row.shown
    }
    undone = [row for row in rows if row.undone]
    facts: dict[str, object] = {
        "moved": moved,
        "undone": [row.clock for row in undone],
        "provisional": {row.kind: row.provisional for row in rows},
    }
    return [
        _event(case, "recompute", Audience.PARTIES, facts, now),
        *(
            _event(case, "overdue_withdrawn", Audience.PUBLIC, {"clock": row.clock, "kind": row.kind}, now)
            for row in undone
        ),
    ]


def _event(case: Complaint, verb: str, audience: str, facts: dict[str, object], now: datetime.datetime) -> Event:
    return Event(
        complaint=case,
        verb=verb,
        side=Side.SYSTEM.value,
        at=now,
        recorded_at=now,
        round=case.round,
        status_from=case.status,
        status_to=case.status,
        handler_from=case.handler,
        handler_to=case.handler,
        audience=audience,
        particulars={**facts, "part": PART},
    )

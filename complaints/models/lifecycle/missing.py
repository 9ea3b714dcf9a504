"""Promises missed, a page at once: what `note_overdue` does for one, for as many as a morning after an outage brings.

Both write the same (tests/routing/test_sweep_together.py holds them against each other); whoever listens is told of the
events together, and follows in as few statements.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import connection, transaction
from django.utils import timezone

from agencies.actor import Actor
from complaints.models.event import Audience, Event
from complaints.signals import misses_noted
from complaints.transitions import TABLE
from lapor.kit.rows import spelt

_NOTE = """
    WITH noted AS (
        UPDATE complaints_clock k SET overdue_noted_at = %(now)s, missed_by_id = m.office, corrected_at = NULL
        FROM unnest(%(clocks)s::bigint[], %(offices)s::bigint[]) WITH ORDINALITY m(clock, office, turn),
             complaints_complaint c
        WHERE k.id = m.clock AND k.stopped_at IS NULL AND k.overdue_noted_at IS NULL
          AND c.id = k.complaint_id AND c.status = ANY(%(open)s)
        RETURNING k.id, k.kind, k.due_on, m.office, m.turn, c.id AS complaint, c.round, c.status, c.handler_id,
                  c.silent, c.place_id)
    INSERT INTO complaints_event (complaint_id, verb, side, acting_role, at, recorded_at, round, status_from, status_to,
        handler_from_id, handler_to_id, audience, particulars)
    SELECT n.complaint, %(verb)s, %(side)s, '', {end_of_day}, CASE WHEN n.silent THEN %(written)s ELSE %(now)s END,
        n.round, n.status, n.status, n.handler_id, n.handler_id, %(audience)s,
        jsonb_build_object('clock', n.id, 'kind', n.kind, 'due_on', n.due_on, 'missed_by', n.office, 'part', %(part)s)
    FROM noted n LEFT JOIN agencies_region r ON r.code = n.place_id
    ORDER BY n.turn
    RETURNING id
"""
VERB = "overdue"

# `promises.end_of` in SQL: of the clock `{clock}`, at the place `r`.
END_OF_DAY = "(({clock}.due_on + 1)::timestamp AT TIME ZONE COALESCE(r.zone, 'Asia/Jakarta'))"


@transaction.atomic
def note_overdue_together(misses: Mapping[int, int], *, by: Actor, now: datetime.datetime) -> list[int]:
    """Note these promises missed: clock → who had the case at the end of its due day. The caller holds the cases
    (FOR UPDATE) and has read since that each is open, its clock unstopped and late. Ids of the events, in that order;
    a promise that somebody noted meanwhile has none."""
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE.format(end_of_day=END_OF_DAY.format(clock="n")),
            {
                "clocks": spelt(misses),
                "offices": spelt(misses.values()),
                "now": now,
                # History is written down long after it was true.
                "written": max(now, timezone.now()),
                "side": by.side.value,
                "part": by.name,
                "audience": Audience.PUBLIC.value,
                "verb": VERB,
                "open": list(TABLE[VERB].sources),
            },
        )
        events = [pk for (pk,) in cursor.fetchall()]
    if events:
        misses_noted.send(sender=Event, events=events, now=now)
    return events

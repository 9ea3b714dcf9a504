"""Rows of the register of the unanswered that the events tell and nobody wrote: before there was a register, and while
a worker that did not know of it was still running. What is there already stays as it is; running it again adds nothing.

A forward completes VERIFY, a first answer RESPOND, a final one RESOLVE, and each what comes before it; the desk's
decision DECIDE. The answer to a report is the answer to those merged into it since. A final answer that was contested
after its date begins a row of its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Final

from django.db import connection, transaction

from complaints.models import Event

BATCH: Final = 20_000
# How far back the night looks, and by how many events their numbers may lie in another order than their times.
NIGHTLY: Final = datetime.timedelta(days=7)
OUT_OF_ORDER: Final = 10_000

# An event `a` that keeps the promise of a miss `m`.
_KEPT = """(a.verb = 'forward' AND m.kind = 'VERIFY' OR a.verb = 'answer' AND m.kind IN ('VERIFY', 'RESPOND')
            OR a.verb = 'resolve' AND m.kind IN ('VERIFY', 'RESPOND', 'RESOLVE'))"""
# `m`: misses, each with its case, kind of promise and the condition that an event `a` came after it.
_ANSWER = f"""
    LEFT JOIN LATERAL (
        SELECT min(a.id) AS id FROM complaints_event a
        WHERE a.complaint_id = m.complaint_id AND {{after}}
            AND ({_KEPT} OR m.kind = 'DECIDE' AND a.particulars ? 'decided')) own ON true
    LEFT JOIN LATERAL (
        SELECT min(a.id) AS id FROM complaints_event a
        WHERE c.duplicate_of_id IS NOT NULL AND a.complaint_id = c.duplicate_of_id AND a.id > (
            SELECT max(b.id) FROM complaints_event b WHERE b.complaint_id = c.id AND b.verb IN ('archive', 'regroup'))
        AND {_KEPT}) lead ON true
    LEFT JOIN complaints_event answer ON answer.id = LEAST(own.id, lead.id)
"""  # noqa: S608 (our own words)
_MISSED = f"""
    WITH m AS (
        SELECT id, complaint_id, (particulars->>'clock')::bigint AS clock, particulars->>'kind' AS kind, round,
               (particulars->>'due_on')::date AS due_on, (particulars->>'missed_by')::bigint AS missed_by, recorded_at
        FROM complaints_event
        WHERE id > %(first)s AND id <= %(last)s AND verb = 'overdue'
          AND particulars->>'kind' IN ('VERIFY', 'RESPOND', 'RESOLVE', 'DECIDE') AND particulars ? 'missed_by')
    INSERT INTO routing_missed (complaint_id, clock_id, kind, round, due_on, missed_by_id, noted_at, answered_at,
                                answer_id, corrected_at)
    SELECT m.complaint_id, m.clock, m.kind, m.round, m.due_on, m.missed_by, m.recorded_at, answer.recorded_at,
           answer.id, (
            SELECT min(w.recorded_at) FROM complaints_event w
            WHERE w.complaint_id = m.complaint_id AND w.id > m.id AND w.verb = 'overdue_withdrawn'
              AND (w.particulars->>'clock')::bigint = m.clock)
    FROM m JOIN complaints_complaint c ON c.id = m.complaint_id
    JOIN complaints_clock k ON k.id = m.clock JOIN agencies_agency o ON o.id = m.missed_by
    {_ANSWER.format(after="a.id > m.id")}
    ON CONFLICT DO NOTHING
"""  # noqa: S608 (our own words)
_CONTESTED = f"""
    WITH m AS (
        SELECT e.id, e.complaint_id, k.id AS clock, k.kind, e.round, k.due_on, e.handler_to_id AS missed_by,
               e.recorded_at
        FROM complaints_event e JOIN complaints_clock k ON k.complaint_id = e.complaint_id
        WHERE e.id > %(first)s AND e.id <= %(last)s AND e.verb = 'contest' AND e.handler_to_id IS NOT NULL
          AND k.kind = 'RESOLVE' AND k.overdue_noted_at < e.recorded_at
          AND k.due_on < (e.at AT TIME ZONE 'Asia/Jakarta')::date
          AND (k.stopped_at IS NULL OR k.stopped_at > e.recorded_at))
    INSERT INTO routing_missed (complaint_id, clock_id, kind, round, due_on, missed_by_id, noted_at, answered_at,
                                answer_id)
    SELECT m.complaint_id, m.clock, m.kind, m.round, m.due_on, m.missed_by, m.recorded_at, answer.recorded_at, answer.id
    FROM m JOIN complaints_complaint c ON c.id = m.complaint_id {_ANSWER.format(after="a.id > m.id")}
    ON CONFLICT DO NOTHING
"""  # noqa: S608 (our own words)
# Rows that stand open though an answer came.
_COMPLETE = f"""
    UPDATE routing_missed r SET answered_at = found.at, answer_id = found.answer
    FROM (SELECT m.id, answer.id AS answer, answer.recorded_at AS at
        FROM routing_missed m JOIN complaints_complaint c ON c.id = m.complaint_id
        {_ANSWER.format(after="a.recorded_at > m.noted_at")}
        WHERE m.answered_at IS NULL AND m.corrected_at IS NULL AND answer.id IS NOT NULL) found
    WHERE r.id = found.id AND r.answered_at IS NULL
"""  # noqa: S608 (our own words)


def fill(after: int = 0, is_over: Callable[[], bool] = lambda: False) -> int:
    """What the events behind this one tell, a few thousand events at a time, so that nobody waits; then what was
    answered meanwhile. How many rows were written or completed."""
    done, last = 0, 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM complaints_event")
        last = int(cursor.fetchone()[0])
        for first in range(after, last, BATCH):
            if is_over():
                return done
            with transaction.atomic():
                given = {"first": first, "last": min(first + BATCH, last)}
                for statement in (_MISSED, _CONTESTED):
                    cursor.execute(statement, given)
                    done += cursor.rowcount
        cursor.execute(_COMPLETE)
        done += cursor.rowcount
    return int(done)


def begin_of(since: datetime.datetime) -> int:
    """The number behind which every event recorded since then lies."""
    told = Event.objects.exclude(audience="OFFICERS").filter(recorded_at__gte=since).order_by("recorded_at", "pk")
    first = told.values_list("pk", flat=True).first()
    if first is None:
        first = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return int(max(0, first - OUT_OF_ORDER))

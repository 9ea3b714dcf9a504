"""Every miss that was ever noted comes into the register, from the events that say so: a few thousand events at a time,
so that nobody waits. Running it again adds nothing.

A first answer completes RESPOND, a final one RESPOND and RESOLVE, the desk's decision DECIDE; the answer to a report is
the answer to those merged into it since. A final answer that was contested after its date begins a row of its own.
"""

from django.db import connection, migrations, transaction

BATCH = 20_000

ANSWER = """
    LEFT JOIN LATERAL (
        SELECT min(a.id) AS id FROM complaints_event a
        WHERE a.complaint_id = m.complaint_id AND a.id > m.id AND (
            a.verb = 'resolve' AND m.kind IN ('RESPOND', 'RESOLVE') OR a.verb = 'answer' AND m.kind = 'RESPOND'
            OR m.kind = 'DECIDE' AND a.particulars ? 'decided')) own ON true
    LEFT JOIN LATERAL (
        SELECT min(a.id) AS id FROM complaints_event a
        WHERE c.duplicate_of_id IS NOT NULL AND a.complaint_id = c.duplicate_of_id AND a.id > (
            SELECT max(b.id) FROM complaints_event b WHERE b.complaint_id = c.id AND b.verb IN ('archive', 'regroup'))
        AND (a.verb = 'resolve' AND m.kind IN ('RESPOND', 'RESOLVE') OR a.verb = 'answer' AND m.kind = 'RESPOND')
    ) lead ON true
    LEFT JOIN complaints_event answer ON answer.id = LEAST(own.id, lead.id)
"""

MISSED = f"""
    WITH m AS (
        SELECT id, complaint_id, (particulars->>'clock')::bigint AS clock, particulars->>'kind' AS kind, round,
               (particulars->>'due_on')::date AS due_on, (particulars->>'missed_by')::bigint AS missed_by, recorded_at
        FROM complaints_event
        WHERE id > %(first)s AND id <= %(last)s AND verb = 'overdue'
          AND particulars->>'kind' IN ('RESPOND', 'RESOLVE', 'DECIDE') AND particulars ? 'missed_by')
    INSERT INTO routing_missed (complaint_id, clock_id, kind, round, due_on, missed_by_id, noted_at, answered_at,
                                answer_id, corrected_at)
    SELECT m.complaint_id, m.clock, m.kind, m.round, m.due_on, m.missed_by, m.recorded_at, answer.recorded_at,
           answer.id, (
            SELECT min(w.recorded_at) FROM complaints_event w
            WHERE w.complaint_id = m.complaint_id AND w.id > m.id AND w.verb = 'overdue_withdrawn'
              AND (w.particulars->>'clock')::bigint = m.clock)
    FROM m JOIN complaints_complaint c ON c.id = m.complaint_id
    JOIN complaints_clock k ON k.id = m.clock JOIN agencies_agency o ON o.id = m.missed_by
    {ANSWER}
    ON CONFLICT DO NOTHING
"""  # noqa: S608 (our own words)

CONTESTED = f"""
    WITH m AS (
        SELECT e.id, e.complaint_id, k.id AS clock, k.kind, e.round, k.due_on, e.handler_to_id AS missed_by,
               e.recorded_at
        FROM complaints_event e JOIN complaints_clock k ON k.complaint_id = e.complaint_id
        WHERE e.id > %(first)s AND e.id <= %(last)s AND e.verb = 'contest' AND e.handler_to_id IS NOT NULL
          AND k.kind = 'RESOLVE' AND k.overdue_noted_at < e.recorded_at AND k.due_on < (e.at AT TIME ZONE 'Asia/Jakarta')::date
          AND (k.stopped_at IS NULL OR k.stopped_at > e.recorded_at))
    INSERT INTO routing_missed (complaint_id, clock_id, kind, round, due_on, missed_by_id, noted_at, answered_at,
                                answer_id)
    SELECT m.complaint_id, m.clock, m.kind, m.round, m.due_on, m.missed_by, m.recorded_at, answer.recorded_at, answer.id
    FROM m JOIN complaints_complaint c ON c.id = m.complaint_id {ANSWER}
    ON CONFLICT DO NOTHING
"""  # noqa: S608 (our own words)


def fill(apps, schema_editor):
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM complaints_event")
        last = cursor.fetchone()[0]
        for first in range(0, last, BATCH):
            with transaction.atomic():
                given = {"first": first, "last": min(first + BATCH, last)}
                cursor.execute(MISSED, given)
                cursor.execute(CONTESTED, given)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("routing", "0019_register_of_the_unanswered")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

"""Reports that nobody verified in time come into the register too, from the events that say so: a few thousand events at
a time, so that nobody waits. Running it again adds nothing.

What is forwarded after all completes the row, and so does an answer; the forward or the answer of a report is that of
those merged into it since. Archived, it stays.
"""

from django.db import connection, migrations, transaction

BATCH = 20_000

NOT_PASSED_ON = """
    WITH m AS (
        SELECT id, complaint_id, (particulars->>'clock')::bigint AS clock, round, (particulars->>'due_on')::date AS due_on,
               (particulars->>'missed_by')::bigint AS missed_by, recorded_at
        FROM complaints_event
        WHERE id > %(first)s AND id <= %(last)s AND verb = 'overdue'
          AND particulars->>'kind' = 'VERIFY' AND particulars ? 'missed_by')
    INSERT INTO routing_missed (complaint_id, clock_id, kind, round, due_on, missed_by_id, noted_at, answered_at,
                                answer_id, corrected_at)
    SELECT m.complaint_id, m.clock, 'VERIFY', m.round, m.due_on, m.missed_by, m.recorded_at, answer.recorded_at,
           answer.id, (
            SELECT min(w.recorded_at) FROM complaints_event w
            WHERE w.complaint_id = m.complaint_id AND w.id > m.id AND w.verb = 'overdue_withdrawn'
              AND (w.particulars->>'clock')::bigint = m.clock)
    FROM m JOIN complaints_complaint c ON c.id = m.complaint_id
    JOIN complaints_clock k ON k.id = m.clock JOIN agencies_agency o ON o.id = m.missed_by
    LEFT JOIN LATERAL (
        SELECT min(a.id) AS id FROM complaints_event a
        WHERE a.complaint_id = m.complaint_id AND a.id > m.id AND a.verb IN ('forward', 'answer', 'resolve')) own ON true
    LEFT JOIN LATERAL (
        SELECT min(a.id) AS id FROM complaints_event a
        WHERE c.duplicate_of_id IS NOT NULL AND a.complaint_id = c.duplicate_of_id AND a.id > (
            SELECT max(b.id) FROM complaints_event b WHERE b.complaint_id = c.id AND b.verb IN ('archive', 'regroup'))
        AND a.verb IN ('forward', 'answer', 'resolve')) lead ON true
    LEFT JOIN complaints_event answer ON answer.id = LEAST(own.id, lead.id)
    ON CONFLICT DO NOTHING
"""


def fill(apps, schema_editor):
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM complaints_event")
        last = cursor.fetchone()[0]
        for first in range(0, last, BATCH):
            with transaction.atomic():
                cursor.execute(NOT_PASSED_ON, {"first": first, "last": min(first + BATCH, last)})


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("routing", "0031_what_may_be_told")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

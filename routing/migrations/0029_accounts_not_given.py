"""Accounts that were asked for before and have not been given, from the events of open cases; read by the key of each
case, so that nobody waits."""

from django.db import migrations

FILL = """
    INSERT INTO routing_callup (complaint_id, asked_id, agency_id, due_on)
    SELECT DISTINCT ON (e.complaint_id) e.complaint_id, e.id, c.handler_id, (e.particulars->>'due_on')::date
    FROM complaints_complaint c JOIN complaints_event e ON e.complaint_id = c.id AND e.verb = 'summon'
    WHERE c.status IN ('submitted', 'waiting', 'forwarded', 'in_progress', 'answered') AND c.handler_id = e.handler_to_id
        AND NOT EXISTS (SELECT FROM complaints_event a WHERE a.complaint_id = c.id AND a.id > e.id
            AND a.acting_agency_id = e.handler_to_id
            AND a.verb IN ('note', 'propose', 'answer', 'resolve', 'ask', 'hand_back'))
    ORDER BY e.complaint_id, e.id DESC
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("routing", "0028_accounts_asked_for")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]

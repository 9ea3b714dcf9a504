"""The register of the unanswered: its case, clock, and office are looked up by trigger, once a statement (ADR 0062).
First the trigger, then the foreign keys go."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('agencies', '0015_an_office_stays'),
        ('complaints', '0055_looked_up_once_a_statement'),
        ('routing', '0039_the_whole_turn'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='missed',
            trigger=pgtrigger.compiler.Trigger(name='missed_points', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE lost text;', func="\n            SELECT json_build_object('clock_id', w.clock_id, 'complaint_id', w.complaint_id, 'missed_by_id', w.missed_by_id) INTO lost FROM written w WHERE w.clock_id IS NOT NULL AND NOT EXISTS (SELECT FROM complaints_clock x WHERE x.id = w.clock_id AND x.complaint_id = w.complaint_id OFFSET 0) OR w.missed_by_id IS NOT NULL AND NOT EXISTS (SELECT FROM agencies_agency x WHERE x.id = w.missed_by_id OFFSET 0) LIMIT 1;\n            IF FOUND THEN\n                RAISE EXCEPTION '% points at nothing: %', TG_TABLE_NAME, lost USING ERRCODE = 'foreign_key_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='6d11b6f941bea6a274029b9bec2e9e5b18f3f53a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_missed_points_8d667', referencing='REFERENCING NEW TABLE AS written ', table='routing_missed', when='AFTER')),
        ),
        migrations.AlterField(
            model_name='missed',
            name='clock',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.clock'),
        ),
        migrations.AlterField(
            model_name='missed',
            name='complaint',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.complaint'),
        ),
        migrations.AlterField(
            model_name='missed',
            name='missed_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency'),
        ),
    ]

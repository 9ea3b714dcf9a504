"""What is written for good and points at cases, offices, and events: looked up by trigger, once a statement, in place of
a foreign key for each row (ADR 0062). Cases and clocks are never deleted.

First the triggers, then the keys go: nothing could point at nothing in between. Each in a transaction of its own, so
that no lock waits for the next one; done again after an interruption, it does what is left.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('agencies', '0015_an_office_stays'),
        ('complaints', '0054_the_whole_case'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='clock',
            trigger=pgtrigger.compiler.Trigger(name='clock_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='3c527dc4c5f5c1f92ab9b6091ad75df554a88591', level='STATEMENT', operation='DELETE', pgid='pgtrigger_clock_no_delete_21e75', table='complaints_clock', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clock',
            trigger=pgtrigger.compiler.Trigger(name='clock_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='139c6b7705090c155d27197f3bd4df45ce1ebe8a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_clock_no_truncate_2856b', table='complaints_clock', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clock',
            trigger=pgtrigger.compiler.Trigger(name='clock_no_new_key', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='421bab53881a9a3493465b4cbb3c58a92597e652', level='STATEMENT', operation='UPDATE OF "id"', pgid='pgtrigger_clock_no_new_key_ebbe6', table='complaints_clock', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='complaint',
            trigger=pgtrigger.compiler.Trigger(name='complaint_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='96948a8e4491e6db92867273b56d5d657db99843', level='STATEMENT', operation='DELETE', pgid='pgtrigger_complaint_no_delete_7115f', table='complaints_complaint', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='complaint',
            trigger=pgtrigger.compiler.Trigger(name='complaint_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='2615aa64ff6cbddbea95f81f82ac5677d88d2763', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_complaint_no_truncate_a149b', table='complaints_complaint', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='complaint',
            trigger=pgtrigger.compiler.Trigger(name='complaint_no_new_key', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='0f43bfe71a1f60c321fd85112a4e092b77303f5a', level='STATEMENT', operation='UPDATE OF "id"', pgid='pgtrigger_complaint_no_new_key_bf0e0', table='complaints_complaint', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='event_points', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE lost text;', func="\n            SELECT json_build_object('complaint_id', w.complaint_id, 'handler_to_id', w.handler_to_id, 'handler_from_id', w.handler_from_id, 'acting_agency_id', w.acting_agency_id) INTO lost FROM written w WHERE w.complaint_id IS NOT NULL AND NOT EXISTS (SELECT FROM complaints_complaint x WHERE x.id = w.complaint_id OFFSET 0) OR w.handler_to_id IS NOT NULL AND NOT EXISTS (SELECT FROM agencies_agency x WHERE x.id = w.handler_to_id OFFSET 0) OR w.handler_from_id IS NOT NULL AND w.handler_from_id IS DISTINCT FROM w.handler_to_id AND NOT EXISTS (SELECT FROM agencies_agency x WHERE x.id = w.handler_from_id OFFSET 0) OR w.acting_agency_id IS NOT NULL AND w.acting_agency_id IS DISTINCT FROM w.handler_to_id AND NOT EXISTS (SELECT FROM agencies_agency x WHERE x.id = w.acting_agency_id OFFSET 0) LIMIT 1;\n            IF FOUND THEN\n                RAISE EXCEPTION '% points at nothing: %', TG_TABLE_NAME, lost USING ERRCODE = 'foreign_key_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='144d60e8c9e868772eddc2003d8af5f85ae13803', level='STATEMENT', operation='INSERT', pgid='pgtrigger_event_points_28d4e', referencing='REFERENCING NEW TABLE AS written ', table='complaints_event', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notification',
            trigger=pgtrigger.compiler.Trigger(name='notification_points', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE lost text;', func="\n            SELECT json_build_object('event_id', w.event_id) INTO lost FROM written w WHERE w.event_id IS NOT NULL AND NOT EXISTS (SELECT FROM complaints_event x WHERE x.id = w.event_id OFFSET 0) LIMIT 1;\n            IF FOUND THEN\n                RAISE EXCEPTION '% points at nothing: %', TG_TABLE_NAME, lost USING ERRCODE = 'foreign_key_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='709b5e352725e771879fac0a7903866b4d44f66e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notification_points_56b09', referencing='REFERENCING NEW TABLE AS written ', table='complaints_notification', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notification',
            trigger=pgtrigger.compiler.Trigger(name='notification_stays_with_event', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.event_id IS DISTINCT FROM NEW.event_id)', func="RAISE EXCEPTION '%.% is written once', TG_TABLE_NAME, 'event_id' USING ERRCODE = 'restrict_violation';", hash='861302b88dfb6a5df2b52c1e5d2ac7a11f6ebf1a', operation='UPDATE OF "event_id"', pgid='pgtrigger_notification_stays_with_event_04108', table='complaints_notification', when='BEFORE')),
        ),
        migrations.AlterField(
            model_name='event',
            name='acting_agency',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency'),
        ),
        migrations.AlterField(
            model_name='event',
            name='complaint',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='complaints.complaint'),
        ),
        migrations.AlterField(
            model_name='event',
            name='handler_from',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency'),
        ),
        migrations.AlterField(
            model_name='event',
            name='handler_to',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency'),
        ),
        migrations.AlterField(
            model_name='notification',
            name='event',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notifications', to='complaints.event'),
        ),
    ]

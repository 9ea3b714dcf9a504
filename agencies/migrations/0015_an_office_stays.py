"""An office is ended, never deleted: the database itself refuses it, and so it is enough to look for an office once when
something is written that points at it (ADR 0062)."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0014_the_whole_map'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='agency',
            trigger=pgtrigger.compiler.Trigger(name='agency_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='b35f631fbb14040f285fd05c1f9ad133327bfefd', level='STATEMENT', operation='DELETE', pgid='pgtrigger_agency_no_delete_2df82', table='agencies_agency', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agency',
            trigger=pgtrigger.compiler.Trigger(name='agency_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='3782639b3f2d250b01fdf169c6a943fce9c1e034', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_agency_no_truncate_e2691', table='agencies_agency', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agency',
            trigger=pgtrigger.compiler.Trigger(name='agency_no_new_key', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='6b708767b645fe4253b9d3f029662a90a36e1f44', level='STATEMENT', operation='UPDATE OF "id"', pgid='pgtrigger_agency_no_new_key_e65ef', table='agencies_agency', when='BEFORE')),
        ),
    ]

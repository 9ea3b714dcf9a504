"""What machines are told, and the ladder: foreign keys that another index begins with, or that nobody looks for
(ADR 0053). Dropped, or made anew on the way back, while cases go on."""

import django.db.models.deletion
from django.db import migrations, models

# (name, table, column)
UNREAD = (
    ("routing_delivery_endpoint_id_3c5eca80", "routing_delivery", "endpoint_id"),
    ("routing_delivery_event_id_de5496bd", "routing_delivery", "event_id"),
    ("routing_delivery_complaint_id_e15d6210", "routing_delivery", "complaint_id"),
    ("routing_escalation_clock_id_73c07f3c", "routing_escalation", "clock_id"),
)


def key(model, field, to, on_delete, related_name="+"):
    return migrations.AlterField(
        model_name=model,
        name=field,
        field=models.ForeignKey(db_index=False, on_delete=on_delete, related_name=related_name, to=to),
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("complaints", "0051_no_index_that_nobody_reads"),
        ("routing", "0035_find_what_was_done_alone"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} ({column})",
                )
                for name, table, column in UNREAD
            ],
            state_operations=[
                key("delivery", "endpoint", "routing.endpoint", django.db.models.deletion.CASCADE, "deliveries"),
                key("delivery", "event", "complaints.event", django.db.models.deletion.PROTECT),
                key("delivery", "complaint", "complaints.complaint", django.db.models.deletion.PROTECT),
                key("escalation", "clock", "complaints.clock", django.db.models.deletion.CASCADE, "escalations"),
            ],
        ),
    ]

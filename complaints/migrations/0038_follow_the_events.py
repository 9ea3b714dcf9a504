"""Built while cases go on: the table of events is the largest there is."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("complaints", "0037_whose_transaction_wrote_it")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS event_by_transaction ON complaints_event (xact)",
            "DROP INDEX CONCURRENTLY IF EXISTS event_by_transaction",
        ),
    ]

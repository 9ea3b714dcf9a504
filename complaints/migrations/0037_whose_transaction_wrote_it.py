"""Each event carries the transaction that wrote it, given by the database and read by no model: whoever follows the
events stops below the oldest transaction that still runs, and so skips none that commits late (ADR 0034).

`pg_current_xact_id` is stable, so that the rows there are share one value that PostgreSQL keeps beside the table:
nothing is rewritten, and no trigger of the table is asked.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("complaints", "0036_cases_of_a_programme")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE complaints_event ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id()",
            "ALTER TABLE complaints_event DROP COLUMN xact",
        ),
    ]

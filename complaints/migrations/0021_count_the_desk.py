import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("complaints", "0020_a_key_stands_for_an_office"),
    ]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("status__in", ("submitted", "forwarded", "in_progress"))),
                fields=["handler", "due_on", "id"],
                name="complaint_offices_turn",
            ),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("status__in", ("waiting", "answered"))),
                fields=["handler", "due_on", "id"],
                name="complaint_reporters_turn",
            ),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "PENDING")),
                fields=["agency", "complaint"],
                name="message_pending",
            ),
        ),
        # A case has a date while it is open: taken for unrelated, the two let PostgreSQL expect an eighth of the rows.
        migrations.RunSQL(
            [
                "CREATE STATISTICS complaint_open_has_a_date ON status, due_on FROM complaints_complaint",
                "ANALYZE complaints_complaint",
            ],
            "DROP STATISTICS complaint_open_has_a_date",
        ),
    ]

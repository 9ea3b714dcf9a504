import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("complaints", "0011_no_account_beside_a_report"),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(
            model_name="event", name="event_reporter_is_not_named"
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name="message", name="message_reporter_is_not_named"
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name="reporter",
            index=models.Index(
                condition=models.Q(("account_fingerprint", ""), _negated=True),
                fields=["account_fingerprint"],
                name="reporter_account",
            ),
        ),
    ]

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    """From here on the database itself refuses a named reporter; rows of before are checked in the next one."""

    dependencies = [
        ("complaints", "0010_seal_who_filed_it"),
    ]

    operations = [
        migrations.RemoveField(model_name="reporter", name="user"),
        migrations.RemoveField(model_name="draft", name="user"),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("side", "REPORTER"), _negated=True) | models.Q(("actor__isnull", True)),
                name="event_reporter_is_not_named",
            ),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("side", "REPORTER"), _negated=True) | models.Q(("author__isnull", True)),
                name="message_reporter_is_not_named",
            ),
        ),
    ]

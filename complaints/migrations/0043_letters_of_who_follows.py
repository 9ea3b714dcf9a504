"""The two rules of the outbox, widened by whoever follows a case; and open cases by their place, for those that are alike.

Built beside the old ones, so that letters and reports go on meanwhile.
"""

import django.contrib.postgres.operations
from django.db import migrations, models
from django.db.models import Q

ONE_THING = models.CheckConstraint(
    condition=Q(event__isnull=False, arrival__isnull=True, membership__isnull=True)
    | Q(event__isnull=True, arrival__isnull=False, membership__isnull=True, supporter__isnull=True)
    | Q(event__isnull=True, arrival__isnull=True, membership__isnull=False, supporter__isnull=True)
    | Q(event__isnull=True, arrival__isnull=True, membership__isnull=True, supporter__isnull=False),
    name="notification_of_one_thing",
)
ONCE = models.UniqueConstraint(
    fields=["event", "arrival", "membership", "user", "reporter", "supporter", "medium", "letter"],
    nulls_distinct=False,
    name="notification_once",
)
COLUMNS = "(event_id, arrival_id, membership_id, user_id, reporter_id, {}medium, letter)"
OPEN = ["submitted", "waiting", "forwarded", "in_progress", "answered"]


def swap(columns):
    return [
        "DROP INDEX CONCURRENTLY IF EXISTS notification_once_new",
        f"CREATE UNIQUE INDEX CONCURRENTLY notification_once_new ON complaints_notification {columns} NULLS NOT DISTINCT",
        # One statement: there is no moment without the rule.
        """ALTER TABLE complaints_notification DROP CONSTRAINT notification_once,
           ADD CONSTRAINT notification_once UNIQUE USING INDEX notification_once_new""",
    ]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("complaints", "0042_who_follows_a_case"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(swap(COLUMNS.format("supporter_id, ")), swap(COLUMNS.format(""))),
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name="notification", name="notification_once"),
                migrations.AddConstraint(model_name="notification", constraint=ONCE),
            ],
        ),
        migrations.RemoveConstraint(model_name="notification", name="notification_of_one_thing"),
        django.contrib.postgres.operations.AddConstraintNotValid(model_name="notification", constraint=ONE_THING),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name="notification", name="notification_of_one_thing"
        ),
        # Which words are rare is read from the planner's statistics: three times as many words as it keeps by itself.
        migrations.RunSQL(
            "ALTER TABLE complaints_publication ALTER COLUMN search SET STATISTICS 300",
            "ALTER TABLE complaints_publication ALTER COLUMN search SET STATISTICS -1",
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name="complaint",
            index=models.Index(
                fields=["place", "-received_at"],
                condition=Q(status__in=OPEN, duplicate_of__isnull=True),
                name="complaint_open_there",
            ),
        ),
    ]

"""The two rules of the outbox, widened by letters of alerts, and what finds those letters.

Built beside the old ones, so that letters go on meanwhile.
"""

import django.contrib.postgres.operations
from django.db import migrations, models
from django.db.models import Q

ONE_THING = models.CheckConstraint(
    condition=Q(event__isnull=False, arrival__isnull=True, membership__isnull=True, alert__isnull=True)
    | Q(event__isnull=True, arrival__isnull=False, membership__isnull=True, supporter__isnull=True)
    & Q(alert__isnull=True)
    | Q(event__isnull=True, arrival__isnull=True, membership__isnull=False, supporter__isnull=True)
    & Q(alert__isnull=True)
    | Q(event__isnull=True, arrival__isnull=True, membership__isnull=True, supporter__isnull=False)
    & Q(alert__isnull=True)
    | Q(event__isnull=True, arrival__isnull=True, membership__isnull=True, supporter__isnull=True)
    & Q(alert__isnull=False, user__isnull=True, reporter__isnull=True),
    name="notification_of_one_thing",
)
ONCE = models.UniqueConstraint(
    fields=["event", "arrival", "membership", "user", "reporter", "supporter", "alert", "medium", "letter"],
    nulls_distinct=False,
    name="notification_once",
)
COLUMNS = "(event_id, arrival_id, membership_id, user_id, reporter_id, supporter_id, {}medium, letter)"


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
        ("complaints", "0049_alerts_by_mail"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(swap(COLUMNS.format("alert_id, ")), swap(COLUMNS.format(""))),
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
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name="notification",
            index=models.Index(fields=["alert"], condition=Q(alert__isnull=False), name="notification_of_alert"),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name="notification",
            index=models.Index(
                fields=["created_at"],
                condition=Q(alert__isnull=False, state__in=["SENT", "SILENCED"]),
                name="notification_alert_done",
            ),
        ),
    ]

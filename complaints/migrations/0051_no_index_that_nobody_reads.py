"""Clocks, events and letters keep the indexes that somebody reads (ADR 0053).

Each is dropped, or made anew on the way back, while cases go on. What is still looked for where somebody stands there
(an account that is deleted, an officer's other letters) gets an index of these rows alone, before the whole one goes.
"""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

# (name, table, column): those that Django makes for a foreign key.
UNREAD = (
    ("complaints_clock_complaint_id_6d025efa", "complaints_clock", "complaint_id"),
    ("complaints_clock_standard_id_b037bd08", "complaints_clock", "standard_id"),
    ("complaints_clock_calendar_region_id_5a7e29ad", "complaints_clock", "calendar_region_id"),
    (
        "complaints_clock_calendar_region_id_5a7e29ad_like",
        "complaints_clock",
        "calendar_region_id varchar_pattern_ops",
    ),
    ("complaints_clock_missed_by_id_3cd9e98c", "complaints_clock", "missed_by_id"),
    ("complaints_event_complaint_id_abd8bab6", "complaints_event", "complaint_id"),
    ("complaints_event_actor_id_f26f2e9c", "complaints_event", "actor_id"),
    ("complaints_event_acting_agency_id_fc8c087d", "complaints_event", "acting_agency_id"),
    ("complaints_event_handler_from_id_8606922b", "complaints_event", "handler_from_id"),
    ("complaints_event_handler_to_id_0fbf8b7a", "complaints_event", "handler_to_id"),
    ("complaints_notification_event_id_97176096", "complaints_notification", "event_id"),
    ("complaints_notification_arrival_id_52ef8632", "complaints_notification", "arrival_id"),
    ("complaints_notification_membership_id_54bd853d", "complaints_notification", "membership_id"),
    ("complaints_notification_user_id_cd7a3118", "complaints_notification", "user_id"),
    ("complaints_notification_reporter_id_96161d23", "complaints_notification", "reporter_id"),
)


def key(model, field, to, related_name="+", **more):
    return migrations.AlterField(
        model_name=model,
        name=field,
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name=related_name,
            to=to,
            **({"null": True, "blank": True} | more),
        ),
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("complaints", "0050_letters_of_alerts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="event",
            index=models.Index(fields=["actor"], condition=models.Q(actor__isnull=False), name="event_of_actor"),
        ),
        AddIndexConcurrently(
            model_name="notification",
            index=models.Index(fields=["user"], condition=models.Q(user__isnull=False), name="notification_of_user"),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} ({column})",
                )
                for name, table, column in UNREAD
            ],
            state_operations=[
                key("clock", "complaint", "complaints.complaint", "clocks", null=False, blank=False),
                key("clock", "standard", "complaints.servicestandard"),
                key("clock", "calendar_region", "agencies.region"),
                key("clock", "missed_by", "agencies.agency"),
                key("event", "complaint", "complaints.complaint", "events", null=False, blank=False),
                key("event", "actor", settings.AUTH_USER_MODEL),
                key("event", "acting_agency", "agencies.agency"),
                key("event", "handler_from", "agencies.agency"),
                key("event", "handler_to", "agencies.agency"),
                key("notification", "event", "complaints.event", "notifications"),
                key("notification", "arrival", "complaints.arrival", "replies"),
                key("notification", "membership", "agencies.membership"),
                key("notification", "user", settings.AUTH_USER_MODEL),
                key("notification", "reporter", "complaints.reporter"),
            ],
        ),
    ]

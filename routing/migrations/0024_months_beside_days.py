"""Sums of months beside those of days: a year is read as twelve rows."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0009_observers_of_one_programme"),
        ("complaints", "0038_follow_the_events"),
        ("routing", "0023_what_was_agreed"),
    ]

    operations = [
        migrations.CreateModel(
            name="MonthTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cube", models.PositiveSmallIntegerField()),
                ("day", models.DateField()),
                ("secret", models.BooleanField()),
                ("kind", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=40)),
                (
                    "counts",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None),
                ),
                (
                    "category",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="complaints.category",
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("node", "cube", "day", "secret", "kind", "channel", "category"),
                        nulls_distinct=False,
                        name="month_tally_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthSpread",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cube", models.PositiveSmallIntegerField()),
                ("day", models.DateField()),
                ("secret", models.BooleanField()),
                ("kind", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=40)),
                ("what", models.PositiveSmallIntegerField()),
                ("days", models.PositiveSmallIntegerField()),
                ("count", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cube", "day", "secret", "kind", "channel", "what", "days"), name="month_spread_once"
                    )
                ],
            },
        ),
    ]

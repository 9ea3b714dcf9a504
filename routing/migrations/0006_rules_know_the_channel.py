"""A rule may ask which way a report came and whom its reporter named; a suggestion says which rule decided."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0006_where_places_lie"),
        ("routing", "0005_machines_that_are_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="rule",
            name="channel",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="rule",
            name="named",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.agency",
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="rule",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="uses",
                to="routing.rule",
            ),
        ),
    ]

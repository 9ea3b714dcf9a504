import django.contrib.postgres.operations
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("complaints", "0051_no_index_that_nobody_reads"),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="found_place",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.region",
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="found_certainty",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="complaint",
            name="found_words",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="complaint",
            name="found_topic",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.category",
            ),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("found_place__isnull", False)),
                fields=["found_place", "-received_at"],
                name="complaint_found_there",
            ),
        ),
    ]

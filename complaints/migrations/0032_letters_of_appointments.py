import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_the_map"),
        ("complaints", "0031_every_category_came_from_the_table"),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="membership",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.membership",
            ),
        ),
    ]

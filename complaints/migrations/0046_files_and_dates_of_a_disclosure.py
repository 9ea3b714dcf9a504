"""Files that come later in the talk of a disclosure, and from when its promises are counted: a calendar that changes
moves them too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0045_find_final_answers")]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="disclosure_word",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.disclosureword",
            ),
        ),
        migrations.AddField(
            model_name="disclosure", name="counted_from", field=models.DateField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="disclosure", name="first_days", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="disclosure", name="end_days", field=models.PositiveSmallIntegerField(default=0)
        ),
    ]

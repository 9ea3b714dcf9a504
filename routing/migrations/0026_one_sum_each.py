"""Each sum stands once, so that what happened can be added to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0025_sum_each_once")]

    operations = [
        migrations.RemoveIndex(model_name="tally", name="tally_of_node"),
        migrations.RemoveIndex(model_name="spread", name="spread_of_day"),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(
                fields=("node", "cube", "day", "secret", "kind", "channel", "category"),
                nulls_distinct=False,
                name="tally_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="spread",
            constraint=models.UniqueConstraint(
                fields=("cube", "day", "secret", "kind", "channel", "what", "days"), name="spread_once"
            ),
        ),
    ]

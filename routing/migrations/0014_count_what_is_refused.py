"""Who hands back what comes to it, without reading every stint; built beside the traffic."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("routing", "0013_thresholds_that_people_chose")]

    operations = [
        AddIndexConcurrently(
            model_name="disposition",
            index=models.Index(
                condition=models.Q(
                    ("ground", "NOT_OURS"), ("outcome", "HANDED_BACK"), models.Q(("verb", "pass_on"), _negated=True)
                ),
                fields=["received_on", "agency"],
                name="disposition_refused",
            ),
        ),
        AddIndexConcurrently(
            model_name="disposition",
            index=models.Index(fields=["agency", "received_on"], name="disposition_received"),
        ),
    ]

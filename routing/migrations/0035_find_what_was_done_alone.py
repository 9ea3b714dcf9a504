"""What the worker forwarded alone, by its day; built beside the traffic."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("routing", "0034_few_among_many")]

    operations = [
        AddIndexConcurrently(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("verdict__in", ["DONE", "CORRECTED"])),
                fields=["made_at"],
                include=("source", "agency", "verdict", "complaint"),
                name="suggestion_done_alone",
            ),
        ),
    ]

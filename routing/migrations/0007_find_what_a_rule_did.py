"""How often a rule was used, without reading every suggestion; built beside the traffic."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("routing", "0006_rules_know_the_channel")]

    operations = [
        AddIndexConcurrently(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("rule__isnull", False)), fields=["rule", "made_at"], name="suggestion_of_rule"
            ),
        ),
    ]

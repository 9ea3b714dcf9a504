import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("routing", "0003_figures_kept_ready"),
    ]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name="disposition",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("opened_at__isnull", True)),
                fields=["agency", "complaint"],
                name="disposition_unopened",
            ),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name="disposition",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("officer__isnull", False)),
                fields=["officer", "agency", "complaint"],
                name="disposition_held",
            ),
        ),
    ]

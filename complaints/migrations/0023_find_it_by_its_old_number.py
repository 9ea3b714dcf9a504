from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("complaints", "0022_the_number_it_had_before"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("former_number", ""), _negated=True),
                fields=["former_number"],
                name="complaint_former_number",
            ),
        ),
    ]

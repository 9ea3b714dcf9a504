"""What a suggestion is because of, told to each reader in their own language; rows that stand keep their sentence. A
constant default: no table is rewritten."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0040_looked_up_once_a_statement")]

    operations = [
        migrations.AddField(
            "suggestion",
            "because",
            models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]

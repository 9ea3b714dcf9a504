"""What somebody who finished a lesson has to show for it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("latihan", "0001_what_training_keeps")]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lesson", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("office", models.CharField(max_length=120)),
                ("title", models.CharField(max_length=200)),
                ("steps", models.JSONField()),
                ("issued_at", models.DateTimeField()),
                ("is_replaced", models.BooleanField(default=False)),
                ("participant", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="certificates", to="latihan.participant")),
            ],
            options={
                "db_table": "latihan_sertifikat",
                "constraints": [models.UniqueConstraint(condition=models.Q(("is_replaced", False)), fields=("participant", "lesson"), name="latihan_sertifikat_satu")],
            },
        ),
    ]

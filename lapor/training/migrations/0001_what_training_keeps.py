"""What training keeps for itself."""

import datetime

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("door", models.CharField(default="email", max_length=12)),
                ("to", models.CharField(db_index=True, max_length=500)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("opened_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "latihan_surat",
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=80)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "latihan_peserta",
            },
        ),
        migrations.CreateModel(
            name="State",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shift", models.DurationField(default=datetime.timedelta)),
                ("heading_for", models.DateTimeField(null=True)),
                ("laid_at", models.DateTimeField(null=True)),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "latihan_keadaan",
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(blank=True, max_length=20)),
                ("page", models.CharField(max_length=80)),
                ("about", models.CharField(blank=True, max_length=40)),
                ("posted", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("participant", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="looks", to="latihan.participant")),
            ],
            options={
                "db_table": "latihan_jejak",
                "constraints": [models.UniqueConstraint(fields=("participant", "part", "page", "about", "posted"), name="latihan_jejak_sekali")],
            },
        ),
        migrations.CreateModel(
            name="Exercise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lesson", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=20)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("participant", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="exercises", to="latihan.participant")),
            ],
            options={
                "db_table": "latihan_bahan",
                "constraints": [models.UniqueConstraint(fields=("participant", "lesson", "name"), name="latihan_bahan_sekali")],
            },
        ),
        migrations.CreateModel(
            name="Done",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lesson", models.CharField(max_length=20)),
                ("step", models.CharField(max_length=20)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("participant", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="done", to="latihan.participant")),
            ],
            options={
                "db_table": "latihan_langkah",
                "constraints": [models.UniqueConstraint(fields=("participant", "lesson", "step"), name="latihan_langkah_sekali")],
            },
        ),
    ]

"""A report about conduct goes by that alone, and says so like every other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0017_the_first_method")]

    operations = [
        migrations.AlterField(
            model_name="suggestion",
            name="source",
            field=models.CharField(
                choices=[
                    ("ADDRESS", "pelapor menyebut kantor ini"),
                    ("PREFIX", "awalan SMS"),
                    ("RULE", "aturan"),
                    ("PLACE", "bidang dan tempat"),
                    ("MODEL", "kata-kata dalam laporan"),
                    ("CONDUCT", "tentang perilaku petugas"),
                ],
                max_length=8,
            ),
        ),
    ]

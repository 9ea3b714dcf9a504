from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0018_longer_names_of_channels"),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="former_number",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0021_count_the_desk"),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="former_number",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0029_find_what_is_told_since"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="shipped_as",
            field=models.CharField(blank=True, default="", max_length=250),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="category",
            name="kept_here",
            field=models.BooleanField(default=False),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0008_find_messages_fast"),
    ]

    operations = [
        migrations.AddField(
            model_name="reporter",
            name="account_fingerprint",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="draft",
            name="account_fingerprint",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
    ]

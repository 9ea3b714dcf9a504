from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0033_once_for_an_appointment")]

    operations = [
        migrations.AddField(model_name="device", name="is_gone", field=models.BooleanField(db_default=False, default=False)),
    ]

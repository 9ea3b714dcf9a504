from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0011_away_and_reorganised")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="weekly_letters",
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]

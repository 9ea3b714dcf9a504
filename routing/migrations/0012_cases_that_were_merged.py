"""What was merged is counted apart. A constant default: no row is written anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0011_what_the_events_tell")]

    operations = [
        migrations.AddField("officemonth", "merged", models.PositiveIntegerField(db_default=0, default=0)),
    ]

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0052_what_was_read_of_it'),
    ]

    operations = [
        migrations.AddField(
            model_name='appearance',
            name='offices',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, null=True, size=None),
        ),
    ]

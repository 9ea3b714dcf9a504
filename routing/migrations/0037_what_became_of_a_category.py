import django.contrib.postgres.fields
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The columns are empty until the quarters are told anew, by the worker; the index is made beside whoever reads.
    atomic = False

    dependencies = [
        ('routing', '0036_no_index_that_nobody_reads'),
    ]

    operations = [
        migrations.AddField(
            model_name='split',
            name='counts',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), blank=True, null=True, size=None),
        ),
        migrations.AddField(
            model_name='split',
            name='days',
            field=models.JSONField(blank=True, null=True),
        ),
        AddIndexConcurrently(
            model_name='split',
            index=models.Index(condition=models.Q(('by', 4)), fields=['category', 'quarter'], name='split_of_category'),
        ),
    ]

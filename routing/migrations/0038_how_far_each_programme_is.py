import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # Filled by the worker within five minutes; until then a page counts by itself.

    dependencies = [
        ('agencies', '0013_two_persons_change_a_team'),
        ('routing', '0037_what_became_of_a_category'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProgrammeSum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(blank=True, max_length=2)),
                ('counts', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ('programme', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agencies.programme')),
                ('top', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agencies.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('programme', 'top', 'province'), name='programme_sum_once')],
            },
        ),
    ]

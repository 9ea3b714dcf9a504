"""What other offices are asked to do for a case, each with a date of its own."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0009_observers_of_one_programme'),
        ('complaints', '0040_find_files_of_a_disclosure'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.TextField()),
                ('shown', models.CharField(blank=True, max_length=120)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('asked_on', models.DateField()),
                ('budget', models.PositiveSmallIntegerField()),
                ('due_on', models.DateField()),
                ('state', models.CharField(choices=[('OPEN', 'sedang dikerjakan'), ('DONE', 'selesai'), ('REFUSED', 'tidak bisa membantu'), ('WITHDRAWN', 'dibatalkan')], default='OPEN', max_length=9)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('told', models.PositiveSmallIntegerField(choices=[(0, 'belum ada'), (1, 'kantor yang membantu, sehari sebelumnya'), (2, 'kantor yang membantu dan pemegang laporan'), (3, 'koordinator kantor yang membantu')], default=0)),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('asked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_from', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('complaint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='complaints.complaint')),
                ('message', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.message')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['complaint', 'id'], name='contribution_of_complaint'), models.Index(condition=models.Q(('state', 'OPEN')), fields=['agency', 'due_on', 'id'], name='contribution_desk'), models.Index(condition=models.Q(('state', 'OPEN'), _negated=True), fields=['agency', '-ended_at'], name='contribution_ended'), models.Index(condition=models.Q(('state', 'OPEN')), fields=['due_on', 'id'], name='contribution_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'OPEN')), fields=('complaint', 'agency'), name='contribution_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'OPEN')), models.Q(models.Q(('state', 'OPEN'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='contribution_open_or_ended')],
            },
        ),
    ]

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0041_tasks_of_other_offices'),
    ]

    operations = [
        migrations.CreateModel(
            name='Supporter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('email_sealed', models.TextField(blank=True)),
                ('language', models.CharField(default='id', max_length=5)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('stopped_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supporters', to='complaints.complaint')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('fingerprint', ''), _negated=True), fields=['fingerprint', 'asked_at'], name='supporter_contact'), models.Index(condition=models.Q(('confirmed_at__isnull', True), ('ended_at__isnull', True)), fields=['asked_at'], name='supporter_waits')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('fingerprint', ''), _negated=True), fields=('complaint', 'fingerprint'), name='support_once')],
            },
        ),
        migrations.AddField(
            model_name='notification',
            name='supporter',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.supporter'),
        ),
    ]

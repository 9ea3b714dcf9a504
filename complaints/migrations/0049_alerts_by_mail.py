import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0013_two_persons_change_a_team'),
        ('complaints', '0048_promises_of_a_programme'),
    ]

    operations = [
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64, unique=True)),
                ('email_sealed', models.TextField()),
                ('language', models.CharField(default='id', max_length=5)),
                ('asked_since', models.DateTimeField(default=django.utils.timezone.now)),
                ('asked_times', models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(blank=True, choices=[('PENGADUAN', 'Pengaduan'), ('ASPIRASI', 'Aspirasi'), ('PERMINTAAN_INFORMASI', 'Permintaan informasi')], max_length=20)),
                ('words', models.CharField(blank=True, max_length=100)),
                ('reports', models.BooleanField(default=True)),
                ('answers', models.BooleanField(default=True)),
                ('rhythm', models.CharField(choices=[('DAILY', 'Setiap pagi'), ('WEEKLY', 'Setiap Senin pagi')], default='WEEKLY', max_length=6)),
                ('code', models.CharField(blank=True, max_length=32)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('seen', models.BigIntegerField(default=0)),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('category', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.category')),
                ('office', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('place', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                ('subscriber', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='alerts', to='complaints.subscriber')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at', 'id'], name='alert_due'), models.Index(condition=models.Q(('confirmed_at__isnull', True), ('ended_at__isnull', True)), fields=['asked_at'], name='alert_waits'), models.Index(condition=models.Q(('ended_at__isnull', False)), fields=['ended_at'], name='alert_ended')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('subscriber', 'place', 'office', 'category', 'kind', 'words'), name='alert_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Appearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('number', models.BigIntegerField(blank=True, null=True, unique=True)),
                ('complaint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.complaint')),
                ('message', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.message')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('number__isnull', True)), fields=['id'], name='appearance_unnumbered')],
            },
        ),
        # Not the column's own: a number is given after the commit, never by an INSERT.
        migrations.RunSQL(
            'CREATE SEQUENCE complaints_appearance_number',
            'DROP SEQUENCE complaints_appearance_number',
        ),
        migrations.AddField(
            model_name='notification',
            name='alert',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='complaints.alert'),
        ),
    ]

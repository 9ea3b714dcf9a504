"""The tables of this app as the steps it replaces left them, made at once in an empty database (ADR 0061). Fields stand in
the order of their columns there. A database that took some of those steps takes the others of them, and not this."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import agencies.models.boundary
from lapor.kit.migrating import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ('agencies', '0001_the_map'),
        ('agencies', '0002_machines_that_sign_in'),
        ('agencies', '0003_words_that_stand_for_an_office'),
        ('agencies', '0004_when_letters_come'),
        ('agencies', '0005_a_districts_own_site'),
        ('agencies', '0006_where_places_lie'),
        ('agencies', '0007_programmes'),
        ('agencies', '0008_tags_become_programmes'),
        ('agencies', '0009_observers_of_one_programme'),
        ('agencies', '0010_teams_that_read_disclosures'),
        ('agencies', '0011_away_and_reorganised'),
        ('agencies', '0012_the_letter_of_monday'),
        ('agencies', '0013_two_persons_change_a_team'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        CreateTables(
            models=[
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('email', models.EmailField(max_length=254, unique=True, verbose_name='alamat surel')),
                        ('name', models.CharField(blank=True, max_length=120, verbose_name='nama')),
                        ('language', models.CharField(default='id', max_length=5)),
                        ('is_staff', models.BooleanField(default=False)),
                        ('is_active', models.BooleanField(default=True)),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now)),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                        ('tells_at_once', models.BooleanField(default=False)),
                        ('weekly_letters', models.BooleanField(db_default=True, default=True)),
                    ],
                    options={
                        'verbose_name': 'pengguna',
                        'verbose_name_plural': 'pengguna',
                    },
                ),
                migrations.CreateModel(
                    name='Agency',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=200)),
                        ('short_name', models.CharField(blank=True, max_length=80)),
                        ('aliases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, size=None)),
                        ('code', models.CharField(blank=True, max_length=20)),
                        ('kind', models.CharField(choices=[('PUSAT', 'pusat'), ('KEMENTERIAN', 'kementerian'), ('LEMBAGA', 'lembaga'), ('PROVINSI', 'pemerintah provinsi'), ('KABUPATEN', 'pemerintah kabupaten'), ('KOTA', 'pemerintah kota'), ('OPD', 'perangkat daerah'), ('UNIT', 'unit'), ('BUMN', 'BUMN'), ('PTN', 'perguruan tinggi negeri'), ('PERWAKILAN', 'perwakilan RI')], max_length=12)),
                        ('path', models.CharField(blank=True, max_length=120, unique=True)),
                        ('path_length', models.PositiveSmallIntegerField(default=0)),
                        ('bidang', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                        ('urusan', models.CharField(blank=True, max_length=60)),
                        ('starts_on', models.DateField(blank=True, null=True)),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('verify_first', models.BooleanField(default=False)),
                        ('approves_answers', models.BooleanField(default=False)),
                        ('coordinators_at', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='agencies.agency')),
                        ('succeeded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='agencies.agency')),
                        ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agencies', to='agencies.region')),
                        ('handed_on_at', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'instansi',
                        'verbose_name_plural': 'instansi',
                        'ordering': ['name'],
                        'indexes': [models.Index(fields=['kind', 'region'], name='agency_kind_region')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'PUSAT'), ('parent__isnull', True)), models.Q(('parent__isnull', False), models.Q(('kind', 'PUSAT'), _negated=True)), _connector='OR'), name='agency_only_pusat_is_root'), models.UniqueConstraint(condition=models.Q(('parent__isnull', True)), fields=('kind',), name='agency_one_root'), models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('parent', 'name'), name='agency_name_once_per_parent')],
                    },
                ),
                migrations.CreateModel(
                    name='Decree',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=80, verbose_name='nomor')),
                        ('decided_on', models.DateField(verbose_name='tanggal')),
                        ('about', models.CharField(max_length=300, verbose_name='tentang')),
                        ('file', models.FileField(blank=True, upload_to='keputusan/')),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decrees', to='agencies.agency')),
                        ('amends', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amended_by', to='agencies.decree')),
                    ],
                    options={
                        'ordering': ['-decided_on'],
                        'constraints': [models.UniqueConstraint(fields=('agency', 'number'), name='decree_number_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('LIAISON', 'Pejabat Penghubung'), ('HEAD', 'Pimpinan, Sekretaris'), ('COORDINATOR', 'Admin Instansi'), ('NATIONAL', 'Admin Nasional'), ('OBSERVER', 'Pengawas')], max_length=12)),
                        ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('confirmed_on', models.DateField(blank=True, null=True)),
                        ('title', models.CharField(blank=True, max_length=80)),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='agencies.agency')),
                        ('decree', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='agencies.decree')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                        ('programme', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='observers', to='agencies.programme')),
                        ('acting_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deputies', to='agencies.membership')),
                    ],
                    options={
                        'ordering': ['agency__name', 'role', 'user__name'],
                        'indexes': [models.Index(fields=['agency', 'role'], name='membership_agency_role')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='membership_ends_after_start'), models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('user', 'agency', 'role', 'programme'), name='membership_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('programme__isnull', True), ('role', 'OBSERVER'), _connector='OR'), name='membership_programme_is_observed'), models.CheckConstraint(condition=models.Q(('acting_for__isnull', True), ('ends_on__isnull', False), _connector='OR'), name='membership_deputy_has_an_end')],
                    },
                ),
                migrations.CreateModel(
                    name='Region',
                    fields=[
                        ('code', models.CharField(max_length=13, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=80)),
                        ('search_name', models.CharField(db_index=True, max_length=80)),
                        ('level', models.CharField(choices=[('PROVINSI', 'provinsi'), ('KABUPATEN', 'kabupaten'), ('KOTA', 'kota'), ('KECAMATAN', 'kecamatan'), ('KELURAHAN', 'kelurahan'), ('DESA', 'desa')], max_length=10)),
                        ('zone', models.CharField(default='Asia/Jakarta', max_length=20)),
                        ('ended_on', models.DateField(blank=True, null=True)),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='agencies.region')),
                        ('latitude', models.FloatField(blank=True, null=True)),
                        ('longitude', models.FloatField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'wilayah',
                        'verbose_name_plural': 'wilayah',
                        'ordering': ['code'],
                    },
                ),
                migrations.CreateModel(
                    name='Holiday',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('date', models.DateField()),
                        ('name', models.CharField(max_length=120)),
                        ('kind', models.CharField(choices=[('LIBUR', 'hari libur'), ('CUTI_BERSAMA', 'cuti bersama')], default='LIBUR', max_length=12)),
                        ('estimated', models.BooleanField(default=False)),
                        ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                    ],
                    options={
                        'ordering': ['date'],
                        'constraints': [models.UniqueConstraint(fields=('date', 'region'), name='holiday_once_per_region', nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name='AuditEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('what', models.CharField(max_length=40)),
                        ('subject_kind', models.CharField(max_length=30)),
                        ('subject_id', models.BigIntegerField(null=True)),
                        ('reason', models.TextField(blank=True)),
                        ('before', models.JSONField(blank=True, null=True)),
                        ('after', models.JSONField(blank=True, null=True)),
                        ('acting_as', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                        ('who', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('client', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.apiclient')),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                        'indexes': [models.Index(fields=['subject_kind', 'subject_id', '-at'], name='audit_subject')],
                        'triggers': [pgtrigger.compiler.Trigger(name='audit_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='19044bf38bd01d2733cc6cd992462d52e85e2a65', operation='UPDATE OR DELETE', pgid='pgtrigger_audit_append_only_d5cb2', table='agencies_auditentry', when='BEFORE')), pgtrigger.compiler.Trigger(name='audit_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='9626b47c0668fb71c84d2e4c3aa7c58eca65f627', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_no_truncate_e5d12', table='agencies_auditentry', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='ApiClient',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80)),
                        ('permissions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('file', 'Mengirim laporan warga ke instansi ini'), ('queue', 'Membaca laporan yang dipegang instansi ini'), ('act', 'Mulai, menjawab, dan mengembalikan laporan'), ('identity', 'Membuka nama dan kontak pelapor')], max_length=12), blank=True, default=list, size=None)),
                        ('hourly_limit', models.PositiveIntegerField(default=3600)),
                        ('contact', models.CharField(blank=True, max_length=120)),
                        ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_clients', to='agencies.agency')),
                        ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['agency__name', 'name'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='api_client_ends_after_start'), models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('agency', 'name'), name='api_client_name_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ApiKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('prefix', models.CharField(max_length=8, unique=True)),
                        ('digest', models.CharField(max_length=64)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('ends_at', models.DateTimeField(blank=True, null=True)),
                        ('last_used_at', models.DateTimeField(blank=True, null=True)),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='agencies.apiclient')),
                        ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-created_at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Prefix',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.CharField(max_length=40)),
                        ('normal', models.CharField(max_length=40)),
                        ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prefixes', to='agencies.agency')),
                        ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['text'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('normal',), name='prefix_one_owner'), models.CheckConstraint(condition=models.Q(('normal', ''), _negated=True), name='prefix_says_something'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='prefix_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='SubSite',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slug', models.SlugField(max_length=40, unique=True)),
                        ('name', models.CharField(max_length=40)),
                        ('greeting', models.CharField(blank=True, max_length=160)),
                        ('host', models.CharField(blank=True, max_length=120)),
                        ('colour', models.CharField(default='#0b5a61', max_length=7)),
                        ('accent', models.CharField(default='#f0b323', max_length=7)),
                        ('mark', models.BinaryField(blank=True, default=bytes)),
                        ('small_mark', models.BinaryField(blank=True, default=bytes)),
                        ('mark_version', models.CharField(blank=True, max_length=12)),
                        ('phones', models.JSONField(blank=True, default=list)),
                        ('active', models.BooleanField(default=False)),
                        ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('agency', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='subsite', to='agencies.agency')),
                    ],
                    options={
                        'ordering': ['name'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('host', ''), _negated=True), fields=('host',), name='subsite_host_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Boundary',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ring', agencies.models.boundary.RingField()),
                        ('hole', models.BooleanField(default=False)),
                        ('region', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='boundaries', to='agencies.region')),
                    ],
                    options={
                        'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['ring'], name='boundary_ring')],
                    },
                ),
                migrations.CreateModel(
                    name='Programme',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120, verbose_name='nama')),
                        ('code', models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(?:-[a-z0-9]+)*\\Z')], verbose_name='kode')),
                        ('description', models.TextField(blank=True, verbose_name='keterangan')),
                        ('legal_basis', models.CharField(blank=True, max_length=300, verbose_name='dasar hukum')),
                        ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('closing', models.TextField(blank=True)),
                    ],
                    options={
                        'verbose_name': 'program prioritas',
                        'verbose_name_plural': 'program prioritas',
                        'ordering': ['name'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='programme_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='TeamMember',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('appointed_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='team_members', to='agencies.agency')),
                        ('appointed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('decree', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.decree')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='team_memberships', to=settings.AUTH_USER_MODEL)),
                        ('asked_for', models.CharField(blank=True, choices=[('SEAT', 'ditunjuk'), ('END', 'diakhiri')], default='', max_length=4)),
                        ('asked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('approved_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_reason', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'ordering': ['agency__path_length', 'agency__name', 'user__name', 'pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('user', 'agency'), name='team_member_once'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='team_member_ends_after_start'), models.CheckConstraint(condition=models.Q(('appointed_by__isnull', True), models.Q(('appointed_by', models.F('user')), _negated=True), _connector='OR'), name='team_member_not_by_oneself'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(models.Q(('approved_by', models.F('asked_by')), _negated=True), models.Q(('approved_by', models.F('user')), _negated=True)), _connector='OR'), name='team_member_two_persons')],
                    },
                ),
                migrations.CreateModel(
                    name='Area',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='areas', to='agencies.agency')),
                        ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                    ],
                    options={
                        'ordering': ['region'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('agency', 'region'), name='area_once'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='area_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='Leave',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField()),
                        ('entered_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('warned_at', models.DateTimeField(blank=True, null=True)),
                        ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('lent', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lent_by', to='agencies.membership')),
                        ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='agencies.membership')),
                    ],
                    options={
                        'ordering': ['starts_on', 'pk'],
                        'indexes': [models.Index(fields=['ends_on'], name='leave_until')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='leave_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='Reorganisation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120)),
                        ('day', models.DateField()),
                        ('legal_basis', models.CharField(max_length=200)),
                        ('state', models.CharField(choices=[('PLANNED', 'direncanakan'), ('DONE', 'sudah dijalankan'), ('CANCELLED', 'dibatalkan')], default='PLANNED', max_length=9)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('done_at', models.DateTimeField(blank=True, null=True)),
                        ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('node', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reorganisations', to='agencies.agency')),
                    ],
                    options={
                        'ordering': ['-day', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Share',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('bidang', models.CharField(blank=True, max_length=40)),
                        ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='agencies.agency')),
                        ('heir', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                        ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('agency', 'bidang', 'region'), name='share_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('agency', models.F('heir')), _negated=True), name='share_goes_elsewhere')],
                    },
                ),
                migrations.CreateModel(
                    name='Step',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('FOUND', 'kantor baru'), ('RENAME', 'ganti nama'), ('MOVE', 'pindah induk'), ('GIVE', 'serahkan sebagian'), ('END', 'berakhir')], max_length=6)),
                        ('name', models.CharField(blank=True, max_length=200)),
                        ('short_name', models.CharField(blank=True, max_length=80)),
                        ('office_kind', models.CharField(blank=True, choices=[('PUSAT', 'pusat'), ('KEMENTERIAN', 'kementerian'), ('LEMBAGA', 'lembaga'), ('PROVINSI', 'pemerintah provinsi'), ('KABUPATEN', 'pemerintah kabupaten'), ('KOTA', 'pemerintah kota'), ('OPD', 'perangkat daerah'), ('UNIT', 'unit'), ('BUMN', 'BUMN'), ('PTN', 'perguruan tinggi negeri'), ('PERWAKILAN', 'perwakilan RI')], max_length=12)),
                        ('bidang', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                        ('places', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=13), blank=True, default=list, size=None)),
                        ('state', models.CharField(choices=[('WAITING', 'menunggu harinya'), ('DONE', 'selesai'), ('FAILED', 'tidak bisa dijalankan')], default='WAITING', max_length=7)),
                        ('said', models.TextField(blank=True)),
                        ('done_at', models.DateTimeField(blank=True, null=True)),
                        ('made', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                        ('office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='agencies.reorganisation')),
                        ('to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                        ('to_new', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='awaited_by', to='agencies.step')),
                    ],
                    options={
                        'ordering': ['pk'],
                    },
                ),
            ],
        ),
    ]

import django.contrib.postgres.fields
import django.db.models.deletion
import tracking.models.source
from django.conf import settings
from django.db import migrations, models

from workspaces.sealing import BY_SECRET, seal


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('workspaces', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('slug', models.SlugField(max_length=80)),
                ('kind', models.CharField(choices=[('browser', 'Web site'), ('server', 'Server or app'), ('import', 'Imported files')], default='browser', max_length=10, verbose_name='kind')),
                ('write_key', models.CharField(default=tracking.models.source.new_write_key, max_length=64, unique=True)),
                ('hosts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), blank=True, default=list, size=None, verbose_name='own host names')),
                ('origins', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), blank=True, default=list, size=None, verbose_name='allowed origins')),
                ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                ('import_secret', models.BinaryField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('name',),
                'abstract': False,
                'default_related_name': 'sources',
            },
        ),
        migrations.CreateModel(
            name='Quarantined',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_at', models.DateTimeField()),
                ('code', models.CharField(max_length=40)),
                ('pointer', models.CharField(blank=True, max_length=200)),
                ('message', models.CharField(max_length=500)),
                ('raw', models.BinaryField()),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quarantined', to='tracking.source')),
            ],
            options={
                'ordering': ('-received_at',),
                'abstract': False,
                'default_related_name': 'quarantined',
            },
        ),
        migrations.CreateModel(
            name='InboxRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_at', models.DateTimeField()),
                ('events', models.BinaryField()),
                ('counts', models.JSONField(default=dict)),
                ('batch', models.BigIntegerField(null=True)),
                ('import_id', models.BigIntegerField(null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tracking.source')),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'inbox_rows',
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=255, verbose_name='file')),
                ('stored_as', models.CharField(blank=True, max_length=255)),
                ('size', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('format', models.CharField(choices=[('access-log', 'Web server log (combined)'), ('csv', 'CSV'), ('ndjson', 'NDJSON'), ('parquet', 'Parquet')], max_length=12, verbose_name='format')),
                ('mapping', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('uploaded', 'Waiting for its dry run'), ('checking', 'Dry run going on'), ('checked', 'Ready to import'), ('ordered', 'Waiting to be imported'), ('applying', 'Importing'), ('done', 'Imported'), ('failed', 'Failed')], default='uploaded', max_length=10)),
                ('good_rows_only', models.BooleanField(default=False)),
                ('fault', models.TextField(blank=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('rows_done', models.BigIntegerField(default=0)),
                ('rows_total', models.BigIntegerField(null=True)),
                ('result', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('heartbeat_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='tracking.source')),
            ],
            options={
                'ordering': ('-created_at',),
                'abstract': False,
                'default_related_name': 'imports',
            },
        ),
        migrations.CreateModel(
            name='EventKey',
            fields=[
                ('pk', models.CompositePrimaryKey('source_id', 'digest', blank=True, editable=False, primary_key=True, serialize=False)),
                ('digest', models.BinaryField()),
                ('fingerprint', models.BinaryField()),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tracking.source')),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'event_keys',
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('outcome', models.CharField(max_length=12)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('events', models.BigIntegerField(default=0)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counters', to='tracking.source')),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'counters',
            },
        ),
        migrations.CreateModel(
            name='LakeState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch', models.BigIntegerField(default=0)),
                ('events', models.BigIntegerField(default=0)),
                ('first_day', models.DateField(null=True)),
                ('last_event_at', models.DateTimeField(null=True)),
                ('stored_through', models.DateTimeField(null=True)),
                ('dirty_since', models.DateTimeField(null=True)),
                ('deriving_since', models.DateTimeField(null=True)),
                ('derived_at', models.DateTimeField(null=True)),
                ('derived_through', models.DateTimeField(null=True)),
                ('derived_zone', models.CharField(blank=True, max_length=60)),
                ('events_version', models.BigIntegerField(default=-1)),
                ('sessions_version', models.BigIntegerField(default=-1)),
                ('touches_version', models.BigIntegerField(default=-1)),
                ('revision', models.BigIntegerField(default=0)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'lake_states',
                'constraints': [models.UniqueConstraint(fields=('workspace',), name='lake_state_once')],
            },
        ),
        migrations.CreateModel(
            name='DerivedChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('revision', models.BigIntegerField()),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'derived_changes',
                'constraints': [models.UniqueConstraint(fields=('workspace', 'day'), name='derived_change_once')],
            },
        ),
        migrations.CreateModel(
            name='Seen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('event', 'Event name'), ('page', 'Page')], max_length=5)),
                ('text', models.CharField(max_length=512)),
                ('events', models.BigIntegerField(default=0)),
                ('last_at', models.DateTimeField()),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('-events', 'text'),
                'abstract': False,
                'default_related_name': 'seen',
                'constraints': [models.UniqueConstraint(fields=('workspace', 'kind', 'text'), name='seen_once')],
            },
        ),
        migrations.CreateModel(
            name='Salt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('secret', models.BinaryField()),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'salts',
                'constraints': [models.UniqueConstraint(fields=('workspace', 'day'), name='salt_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.UniqueConstraint(fields=('workspace', 'slug'), name='source_slug_once'),
        ),
        migrations.AddIndex(
            model_name='quarantined',
            index=models.Index(fields=['source', '-received_at'], name='quarantined_newest'),
        ),
        migrations.AddIndex(
            model_name='inboxrow',
            index=models.Index(fields=['workspace', 'batch', 'id'], name='inbox_next'),
        ),
        migrations.AddConstraint(
            model_name='counter',
            constraint=models.UniqueConstraint(fields=('source', 'day', 'outcome', 'reason'), name='counter_once'),
        ),
        seal("tracking_source", found_by=BY_SECRET.format(column="write_key")),
        seal("tracking_inboxrow"),
        seal("tracking_eventkey"),
        seal("tracking_counter"),
        seal("tracking_quarantined"),
        seal("tracking_lakestate"),
        seal("tracking_derivedchange"),
        seal("tracking_salt"),
        seal("tracking_seen"),
        seal("tracking_import"),
    ]

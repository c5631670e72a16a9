import django.db.models.deletion
from django.db import migrations, models

from workspaces.sealing import seal


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('goals', '0001_initial'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FillState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('goal_version', models.PositiveIntegerField(default=0)),
                ('paths_version', models.BigIntegerField(default=-1)),
                ('currencies', models.JSONField(default=list)),
                ('unmatched_refunds', models.BigIntegerField(default=0)),
                ('dirty_since', models.DateField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('filled_at', models.DateTimeField(null=True)),
                ('computed_through', models.DateTimeField(null=True)),
                ('data_version', models.CharField(blank=True, max_length=40)),
                ('fault', models.CharField(blank=True, max_length=500)),
                ('goal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fill', to='goals.goal')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'fill_states',
            },
        ),
        migrations.CreateModel(
            name='Rollup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('conversions', models.BigIntegerField()),
                ('converters', models.BigIntegerField()),
                ('value_micros', models.BigIntegerField()),
                ('refund_micros', models.BigIntegerField()),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rollups', to='goals.goal')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'rollups',
                'constraints': [models.UniqueConstraint(fields=('goal', 'day'), name='rollup_once')],
            },
        ),
        migrations.CreateModel(
            name='Visits',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('sessions', models.BigIntegerField()),
                ('visitors', models.BigIntegerField()),
                ('pageviews', models.BigIntegerField()),
                ('events', models.BigIntegerField()),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'visits',
                'constraints': [models.UniqueConstraint(fields=('workspace', 'day'), name='visits_once')],
            },
        ),
        seal("reports_rollup"),
        seal("reports_visits"),
        seal("reports_fillstate"),
    ]

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from workspaces.sealing import seal


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('workspaces', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('slug', models.SlugField(max_length=120)),
                ('level', models.CharField(choices=[('macro', 'Macro goal'), ('micro', 'Micro goal')], max_length=5, verbose_name='level')),
                ('micro_kind', models.CharField(blank=True, choices=[('milestone', 'Process milestone'), ('secondary', 'Secondary action')], max_length=10, verbose_name='kind of micro goal')),
                ('rationale', models.CharField(blank=True, max_length=500, verbose_name='why')),
                ('department', models.CharField(blank=True, max_length=80, verbose_name='department')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('counting', models.CharField(choices=[('every', 'Every time'), ('session', 'Once per session'), ('person', 'Once per person'), ('person_window', 'Once per person and window')], default='every', max_length=13, verbose_name='counting')),
                ('counting_days', models.PositiveSmallIntegerField(default=30)),
                ('value_rule', models.CharField(choices=[('none', 'No value'), ('fixed', 'The same value each time'), ('event', "The event's own value")], default='none', max_length=5, verbose_name='value')),
                ('value_micros', models.BigIntegerField(blank=True, null=True)),
                ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                ('model', models.CharField(default='last', max_length=20, verbose_name='attribution model')),
                ('view_days', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(90)])),
                ('engagement_days', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(90)])),
                ('click_days', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(90)])),
                ('version', models.PositiveIntegerField(default=1)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('level', 'position', 'pk'),
                'abstract': False,
                'default_related_name': 'goals',
            },
        ),
        migrations.CreateModel(
            name='MappingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('conditions', models.JSONField()),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='goals.goal')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('position', 'pk'),
                'abstract': False,
                'default_related_name': 'mapping_rules',
            },
        ),
        migrations.CreateModel(
            name='Objective',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='objective')),
                ('question', models.CharField(blank=True, max_length=300, verbose_name='business question')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('position', 'pk'),
                'abstract': False,
                'default_related_name': 'objectives',
            },
        ),
        migrations.CreateModel(
            name='Kpi',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('slug', models.SlugField(max_length=120)),
                ('measure', models.CharField(choices=[('count', 'Conversions'), ('value', 'Value'), ('rate', 'Conversion rate'), ('average', 'Average value')], max_length=8, verbose_name='measure')),
                ('per', models.CharField(blank=True, choices=[('visitors', 'of visitors'), ('sessions', 'of sessions')], max_length=10, verbose_name='denominator')),
                ('direction', models.CharField(choices=[('up', 'Higher is better'), ('down', 'Lower is better'), ('band', 'Keep within a band'), ('observe', 'Observe only')], default='up', max_length=8, verbose_name='direction')),
                ('department', models.CharField(blank=True, max_length=80, verbose_name='department')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kpis', to='goals.goal')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
                ('objective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='kpis', to='goals.objective')),
            ],
            options={
                'ordering': ('position', 'pk'),
                'abstract': False,
                'default_related_name': 'kpis',
            },
        ),
        migrations.AddField(
            model_name='goal',
            name='objective',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='goals', to='goals.objective'),
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('slug', models.SlugField(max_length=120)),
                ('starts_on', models.DateField(verbose_name='starts on')),
                ('ends_on', models.DateField(verbose_name='ends on')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('-starts_on', 'name'),
                'abstract': False,
                'default_related_name': 'plans',
            },
        ),
        migrations.AddField(
            model_name='objective',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='objectives', to='goals.plan'),
        ),
        migrations.AddField(
            model_name='goal',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='goals.plan'),
        ),
        migrations.CreateModel(
            name='Support',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('macro', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supported', to='goals.goal')),
                ('micro', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supporting', to='goals.goal')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'supports',
            },
        ),
        migrations.AddField(
            model_name='goal',
            name='supports',
            field=models.ManyToManyField(blank=True, related_name='supported_by', through='goals.Support', to='goals.goal', verbose_name='supports'),
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='target')),
                ('value_high', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True)),
                ('starts_on', models.DateField(verbose_name='starts on')),
                ('ends_on', models.DateField(verbose_name='ends on')),
                ('baseline', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True)),
                ('approved_by', models.CharField(blank=True, max_length=200)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('kpi', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='goals.kpi')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('starts_on', 'pk'),
                'abstract': False,
                'default_related_name': 'targets',
            },
        ),
        migrations.CreateModel(
            name='GoalVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('definition', models.JSONField()),
                ('made_by', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
                ('changes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='goals.goal')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
            options={
                'ordering': ('-number',),
                'abstract': False,
                'default_related_name': 'goal_versions',
                'constraints': [models.UniqueConstraint(fields=('goal', 'number'), name='goal_version_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='kpi',
            constraint=models.UniqueConstraint(fields=('workspace', 'slug'), name='kpi_slug_once'),
        ),
        migrations.AddConstraint(
            model_name='kpi',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('measure', 'rate'), _negated=True), ('per__gt', ''), _connector='OR'), name='kpi_rate_names_its_denominator', violation_error_message='A rate names its denominator: of visitors or of sessions.'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(fields=('workspace', 'slug'), name='plan_slug_once'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='plan_ends_after_it_starts', violation_error_message='A plan ends after it starts.'),
        ),
        migrations.AddConstraint(
            model_name='support',
            constraint=models.UniqueConstraint(fields=('micro', 'macro'), name='support_once'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.UniqueConstraint(fields=('workspace', 'slug'), name='goal_slug_once'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('value_rule', 'fixed'), _negated=True), models.Q(('currency__gt', ''), ('value_micros__isnull', False)), _connector='OR'), name='goal_fixed_value_is_given', violation_error_message='A fixed value needs its amount and currency.'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('level', 'micro'), ('micro_kind', ''), _connector='OR'), name='goal_kind_is_for_micro', violation_error_message='Only a micro goal is a milestone or a secondary action.'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='target_ends_after_it_starts', violation_error_message='A target ends after it starts.'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('value_high', None), ('value_high__gte', models.F('value')), _connector='OR'), name='target_band_is_ordered', violation_error_message='The upper end of a band is above its lower end.'),
        ),
        seal("goals_plan"),
        seal("goals_objective"),
        seal("goals_goal"),
        seal("goals_support"),
        seal("goals_goalversion"),
        seal("goals_mappingrule"),
        seal("goals_kpi"),
        seal("goals_target"),
    ]

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from workspaces.sealing import seal


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0001_initial'),
        ('workspaces', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('author_name', models.CharField(max_length=200)),
                ('text', models.CharField(max_length=2000, verbose_name='comment')),
                ('mentioned', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ('at', 'pk'),
                'abstract': False,
                'default_related_name': 'comments',
            },
        ),
        migrations.CreateModel(
            name='Outage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('found_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('-started_at',),
                'abstract': False,
                'default_related_name': 'outages',
            },
        ),
        migrations.CreateModel(
            name='Parameter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64, verbose_name='name')),
                ('type', models.CharField(choices=[('text', 'Text'), ('integer', 'Whole number'), ('number', 'Number'), ('boolean', 'Yes or no'), ('time', 'Date and time')], default='text', max_length=7, verbose_name='type')),
                ('is_required', models.BooleanField(default=False, verbose_name='required')),
                ('allowed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, size=None, verbose_name='allowed values')),
                ('is_personal', models.BooleanField(default=False, verbose_name='personal data')),
                ('about', models.CharField(blank=True, max_length=300, verbose_name='description')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ('position', 'pk'),
                'abstract': False,
                'default_related_name': 'parameters',
            },
        ),
        migrations.CreateModel(
            name='PlanEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=200)),
                ('steps', models.JSONField()),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('-pk',),
                'abstract': False,
                'default_related_name': 'plan_edits',
            },
        ),
        migrations.CreateModel(
            name='PlanFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=255)),
                ('digest', models.CharField(max_length=64)),
                ('tables', models.JSONField()),
                ('matching', models.JSONField(default=dict)),
                ('result', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('applied_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('-created_at',),
                'abstract': False,
                'default_related_name': 'plan_files',
            },
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='what changed')),
                ('state', models.CharField(choices=[('in_review', 'In review'), ('approved', 'Approved'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='in_review', max_length=9)),
                ('made_by', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('-number',),
                'abstract': False,
                'default_related_name': 'plan_versions',
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('author_name', models.CharField(max_length=200)),
                ('department', models.CharField(blank=True, max_length=80, verbose_name='department')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('moment', models.CharField(blank=True, max_length=300, verbose_name='when exactly')),
                ('rationale', models.CharField(blank=True, max_length=500, verbose_name='why')),
                ('micro_kind', models.CharField(blank=True, choices=[('milestone', 'Process milestone'), ('secondary', 'Secondary action')], max_length=10, verbose_name='kind of micro goal')),
                ('stage', models.CharField(blank=True, choices=[('see', 'See: gets to know of it'), ('think', 'Think: weighs it'), ('do', 'Do: acts'), ('care', 'Care: stays')], max_length=5, verbose_name='stage')),
                ('definition', models.JSONField(null=True)),
                ('lane', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('needs_info', 'Needs info'), ('approved', 'Approved'), ('declined', 'Declined')], default='draft', max_length=10)),
                ('backtest', models.JSONField(null=True)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('is_merged', models.BooleanField(default=False)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('-changed_at', '-pk'),
                'abstract': False,
                'default_related_name': 'proposals',
            },
        ),
        migrations.CreateModel(
            name='ProposalSupport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'proposal_supports',
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=120)),
                ('text', models.CharField(max_length=300, verbose_name='business question')),
                ('asker', models.CharField(blank=True, max_length=120, verbose_name='who needs the answer')),
                ('decision', models.CharField(blank=True, max_length=300, verbose_name='which decision it informs')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('revision', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ('position', 'pk'),
                'abstract': False,
                'default_related_name': 'questions',
            },
        ),
        migrations.CreateModel(
            name='Reporting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=120)),
                ('audience', models.CharField(max_length=120, verbose_name='audience')),
                ('report', models.CharField(blank=True, max_length=200, verbose_name='what they read')),
                ('cadence', models.CharField(choices=[('daily', 'Daily'), ('weekly', 'Weekly'), ('monthly', 'Monthly'), ('quarterly', 'Quarterly'), ('yearly', 'Yearly'), ('on_demand', 'When asked for')], default='monthly', max_length=9, verbose_name='how often')),
                ('channel', models.CharField(choices=[('page', 'Page'), ('mail', 'E-mail'), ('pdf', 'PDF'), ('meeting', 'Meeting')], default='page', max_length=7, verbose_name='in which form')),
                ('recipients', models.CharField(blank=True, max_length=300, verbose_name='recipients')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('revision', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ('position', 'pk'),
                'abstract': False,
                'default_related_name': 'reportings',
            },
        ),
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=120)),
                ('name', models.CharField(max_length=120, verbose_name='segment')),
                ('about', models.CharField(blank=True, max_length=300, verbose_name='who belongs to it')),
                ('decision', models.CharField(blank=True, max_length=300, verbose_name='which decision it changes')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('revision', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ('position', 'pk'),
                'abstract': False,
                'default_related_name': 'plan_segments',
            },
        ),
        migrations.CreateModel(
            name='SignOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('answer', models.CharField(choices=[('pending', 'Not answered yet'), ('signed', 'Signed'), ('declined', 'Declined')], default='pending', max_length=8)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('answered_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'sign_offs',
            },
        ),
        migrations.CreateModel(
            name='TrackingSpec',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_name', models.CharField(blank=True, max_length=128, verbose_name='event name')),
                ('about', models.CharField(blank=True, max_length=300, verbose_name='description')),
                ('platform', models.CharField(choices=[('web', 'Web site'), ('app', 'App'), ('server', 'Server'), ('offline', 'Offline')], default='web', max_length=7, verbose_name='platform')),
                ('method', models.CharField(choices=[('tag', 'Tag in the page'), ('tag_manager', 'Tag manager'), ('server', 'Server call'), ('import', 'Import')], default='tag', max_length=11, verbose_name='collected by')),
                ('place', models.CharField(blank=True, max_length=300, verbose_name='page or element')),
                ('purpose', models.CharField(choices=[('analytics', 'Analytics'), ('ads', 'Advertising'), ('personalization', 'Personalisation'), ('none', 'None: strictly necessary')], default='analytics', max_length=15, verbose_name='consent')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('ready', 'Ready to build'), ('implemented', 'Implemented'), ('deprecated', 'No longer needed')], default='proposed', max_length=11, verbose_name='state')),
                ('ticket', models.URLField(blank=True, max_length=300, verbose_name='ticket')),
                ('evidence', models.CharField(blank=True, max_length=300, verbose_name='how it was checked')),
                ('checked_on', models.DateField(blank=True, null=True, verbose_name='checked on')),
                ('revision', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'tracking_specs',
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'votes',
            },
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('undefined', 'Not defined'), ('waiting', 'Waiting for the first hit'), ('verified', 'Verified'), ('silent', 'Silent'), ('broken', 'Broken')], default='undefined', max_length=9)),
                ('since', models.DateTimeField()),
                ('first_seen_at', models.DateTimeField(null=True)),
                ('last_seen_at', models.DateTimeField(null=True)),
                ('last_week', models.BigIntegerField(default=0)),
                ('goal_version', models.PositiveIntegerField(default=1)),
                ('checked_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('pk',),
                'abstract': False,
                'default_related_name': 'watches',
            },
        ),
        migrations.AddField(
            model_name='goal',
            name='moment',
            field=models.CharField(blank=True, max_length=300, verbose_name='when exactly'),
        ),
        migrations.AddField(
            model_name='goal',
            name='stage',
            field=models.CharField(blank=True, choices=[('see', 'See: gets to know of it'), ('think', 'Think: weighs it'), ('do', 'Do: acts'), ('care', 'Care: stays')], max_length=5, verbose_name='stage'),
        ),
        migrations.AddField(
            model_name='kpi',
            name='data_source',
            field=models.CharField(blank=True, max_length=120, verbose_name='where the figure comes from'),
        ),
        migrations.AddField(
            model_name='kpi',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership'),
        ),
        migrations.AddField(
            model_name='kpi',
            name='timing',
            field=models.CharField(blank=True, choices=[('leading', 'Leading: moves first'), ('lagging', 'Lagging: tells the result')], max_length=7, verbose_name='leading or lagging'),
        ),
        migrations.AddField(
            model_name='kpi',
            name='weight',
            field=models.CharField(choices=[('primary', 'Primary'), ('secondary', 'Secondary'), ('guardrail', 'Guardrail')], default='secondary', max_length=9, verbose_name='weight'),
        ),
        migrations.AddField(
            model_name='objective',
            name='department',
            field=models.CharField(blank=True, max_length=80, verbose_name='department'),
        ),
        migrations.AddField(
            model_name='objective',
            name='horizon',
            field=models.CharField(blank=True, max_length=80, verbose_name='horizon'),
        ),
        migrations.AddField(
            model_name='objective',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership'),
        ),
        migrations.AddField(
            model_name='objective',
            name='slug',
            field=models.SlugField(default='', max_length=120),
        ),
        migrations.AddField(
            model_name='objective',
            name='why',
            field=models.CharField(blank=True, max_length=300, verbose_name='why'),
        ),
        migrations.AddField(
            model_name='plan',
            name='about',
            field=models.CharField(blank=True, max_length=500, verbose_name='about'),
        ),
        migrations.AddField(
            model_name='plan',
            name='approval_rule',
            field=models.CharField(blank=True, max_length=300, verbose_name='who approves what'),
        ),
        migrations.AddField(
            model_name='plan',
            name='archived_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='plan',
            name='kind',
            field=models.CharField(choices=[('new', 'New site or product'), ('migration', 'Move from another set-up'), ('expansion', 'Extension of what is measured')], default='new', max_length=9, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='plan',
            name='last_reviewed_on',
            field=models.DateField(blank=True, null=True, verbose_name='last reviewed'),
        ),
        migrations.AddField(
            model_name='plan',
            name='naming_rule',
            field=models.CharField(blank=True, max_length=300, verbose_name='how things are named'),
        ),
        migrations.AddField(
            model_name='plan',
            name='next_review_on',
            field=models.DateField(blank=True, null=True, verbose_name='next review'),
        ),
        migrations.AddField(
            model_name='plan',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('approved', 'Approved'), ('archived', 'Archived')], default='draft', max_length=9, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='target',
            name='amber_share',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name='target',
            name='baseline_since',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='target',
            name='baseline_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='target',
            name='green_share',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name='target',
            name='slug',
            field=models.SlugField(default='', max_length=140),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at', None)), fields=('workspace',), name='plan_at_work_once', violation_error_message='This workspace has a plan already; archive it first.'),
        ),
        migrations.AddField(
            model_name='comment',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership'),
        ),
        migrations.AddField(
            model_name='comment',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='outage',
            name='goal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outages', to='goals.goal'),
        ),
        migrations.AddField(
            model_name='outage',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='parameter',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='planedit',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.membership'),
        ),
        migrations.AddField(
            model_name='planedit',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='edits', to='goals.plan'),
        ),
        migrations.AddField(
            model_name='planedit',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='planfile',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.membership'),
        ),
        migrations.AddField(
            model_name='planfile',
            name='plan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='files', to='goals.plan'),
        ),
        migrations.AddField(
            model_name='planfile',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='planversion',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='goals.plan'),
        ),
        migrations.AddField(
            model_name='planversion',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='goal',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proposals', to='goals.goal'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='goals.plan'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='comment',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='goals.proposal'),
        ),
        migrations.AddField(
            model_name='proposalsupport',
            name='macro',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='goals.goal'),
        ),
        migrations.AddField(
            model_name='proposalsupport',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supporting', to='goals.proposal'),
        ),
        migrations.AddField(
            model_name='proposalsupport',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='supports',
            field=models.ManyToManyField(blank=True, related_name='+', through='goals.ProposalSupport', to='goals.goal', verbose_name='supports'),
        ),
        migrations.AddField(
            model_name='question',
            name='objective',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='goals.objective'),
        ),
        migrations.AddField(
            model_name='question',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='reporting',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reportings', to='goals.plan'),
        ),
        migrations.AddField(
            model_name='reporting',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='segment',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='segments', to='goals.plan'),
        ),
        migrations.AddField(
            model_name='segment',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='target',
            name='segment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='targets', to='goals.segment', verbose_name='segment'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('green_share', None), ('amber_share', None), ('green_share__gte', models.F('amber_share')), _connector='OR'), name='target_thresholds_are_ordered', violation_error_message='Green starts at or above amber.'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_offs', to='goals.planversion'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='trackingspec',
            name='goal',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='spec', to='goals.goal'),
        ),
        migrations.AddField(
            model_name='trackingspec',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership', verbose_name='who builds it'),
        ),
        migrations.AddField(
            model_name='trackingspec',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='parameter',
            name='spec',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parameters', to='goals.trackingspec'),
        ),
        migrations.AddField(
            model_name='vote',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.membership'),
        ),
        migrations.AddField(
            model_name='vote',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='goals.proposal'),
        ),
        migrations.AddField(
            model_name='vote',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddField(
            model_name='watch',
            name='goal',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='watch', to='goals.goal'),
        ),
        migrations.AddField(
            model_name='watch',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace'),
        ),
        migrations.AddConstraint(
            model_name='outage',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('goal',), name='outage_open_once'),
        ),
        migrations.AddIndex(
            model_name='planedit',
            index=models.Index(fields=['plan', 'member', '-id'], name='plan_edit_newest'),
        ),
        migrations.AddConstraint(
            model_name='planversion',
            constraint=models.UniqueConstraint(fields=('plan', 'number'), name='plan_version_once'),
        ),
        migrations.AddConstraint(
            model_name='planversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_review')), fields=('plan',), name='plan_review_once'),
        ),
        migrations.AddConstraint(
            model_name='proposalsupport',
            constraint=models.UniqueConstraint(fields=('proposal', 'macro'), name='proposal_support_once'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(fields=('objective', 'slug'), name='question_slug_once'),
        ),
        migrations.AddConstraint(
            model_name='reporting',
            constraint=models.UniqueConstraint(fields=('plan', 'slug'), name='reporting_slug_once'),
        ),
        migrations.AddConstraint(
            model_name='segment',
            constraint=models.UniqueConstraint(fields=('plan', 'slug'), name='plan_segment_slug_once'),
        ),
        migrations.AddConstraint(
            model_name='signoff',
            constraint=models.UniqueConstraint(fields=('version', 'member'), name='sign_off_once'),
        ),
        migrations.AddConstraint(
            model_name='parameter',
            constraint=models.UniqueConstraint(fields=('spec', 'name'), name='parameter_once'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(fields=('proposal', 'member'), name='vote_once'),
        ),
        seal("goals_comment"),
        seal("goals_outage"),
        seal("goals_parameter"),
        seal("goals_planedit"),
        seal("goals_planfile"),
        seal("goals_planversion"),
        seal("goals_proposal"),
        seal("goals_proposalsupport"),
        seal("goals_question"),
        seal("goals_reporting"),
        seal("goals_segment"),
        seal("goals_signoff"),
        seal("goals_trackingspec"),
        seal("goals_vote"),
        seal("goals_watch"),
    ]

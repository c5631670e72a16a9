import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from workspaces.sealing import seal


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("goals", "0001_initial"),
        ("workspaces", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FillState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("goal_version", models.PositiveIntegerField(default=0)),
                ("definition_at", models.DateTimeField(null=True)),
                ("revision", models.BigIntegerField(default=0)),
                ("paths_version", models.BigIntegerField(default=-1)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("currencies", models.JSONField(default=dict)),
                ("unmatched_refunds", models.BigIntegerField(default=0)),
                ("filled_at", models.DateTimeField(null=True)),
                ("fault", models.CharField(blank=True, max_length=500)),
                ("failed_at", models.DateTimeField(null=True)),
                ("failed_definition_at", models.DateTimeField(null=True)),
                (
                    "goal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fill", to="goals.goal"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "abstract": False,
                "default_related_name": "fill_states",
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serial", models.BigIntegerField(default=0)),
                ("revision", models.BigIntegerField(default=0)),
                ("events_version", models.BigIntegerField(default=-1)),
                ("sessions_version", models.BigIntegerField(default=-1)),
                ("touches_version", models.BigIntegerField(default=-1)),
                ("first_day", models.DateField(null=True)),
                ("zone_name", models.CharField(blank=True, max_length=60)),
                ("computed_through", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "abstract": False,
                "default_related_name": "publications",
                "constraints": [models.UniqueConstraint(fields=("workspace",), name="publication_once")],
            },
        ),
        migrations.CreateModel(
            name="Rollup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("conversions", models.BigIntegerField()),
                ("sessions", models.BigIntegerField()),
                ("value_micros", models.BigIntegerField()),
                ("refund_micros", models.BigIntegerField()),
                (
                    "gaps",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None),
                ),
                ("persons", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                (
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rollups", to="goals.goal"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "abstract": False,
                "default_related_name": "rollups",
                "constraints": [models.UniqueConstraint(fields=("goal", "day"), name="rollup_once")],
            },
        ),
        migrations.CreateModel(
            name="Visits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("sessions", models.BigIntegerField()),
                ("pageviews", models.BigIntegerField()),
                ("events", models.BigIntegerField()),
                (
                    "gaps",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None),
                ),
                ("persons", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "abstract": False,
                "default_related_name": "visits",
                "constraints": [models.UniqueConstraint(fields=("workspace", "day"), name="visits_once")],
            },
        ),
        seal("reports_fillstate"),
        seal("reports_publication"),
        seal("reports_rollup"),
        seal("reports_visits"),
    ]

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from workspaces.sealing import seal


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0040_files_wait_for_a_worker"),
        ("reports", "0014_annotations"),
        ("workspaces", "0005_quiet_hours"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("rate_falls", "A conversion rate falls"), ("target_at_risk", "A target is at risk")],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "per",
                    models.CharField(
                        choices=[("visitors", "of visitors"), ("sessions", "of sessions")],
                        default="visitors",
                        max_length=10,
                        verbose_name="denominator",
                    ),
                ),
                (
                    "width_days",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "the last full day"), (7, "the last 7 full days")],
                        default=7,
                        verbose_name="taken over",
                    ),
                ),
                (
                    "fall_percent",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(99),
                        ],
                        verbose_name="falls by more than",
                    ),
                ),
                (
                    "stay_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="stays so for",
                    ),
                ),
                ("made_by", models.CharField(max_length=200)),
                ("paused_at", models.DateTimeField(null=True)),
                ("checked_through", models.DateField(null=True)),
                ("firing_since", models.DateField(null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                (
                    "goal",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to="goals.goal", verbose_name="goal"
                    ),
                ),
                (
                    "kpi",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to="goals.kpi", verbose_name="KPI"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={
                "verbose_name": "alert",
                "ordering": ("name", "pk"),
                "abstract": False,
                "default_related_name": "alerts",
            },
        ),
        migrations.CreateModel(
            name="AlertEpisode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("began_on", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                ("facts", models.JSONField()),
                ("found_at", models.DateTimeField()),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="episodes", to="reports.alert"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={
                "ordering": ("-began_on", "-pk"),
                "abstract": False,
                "default_related_name": "alert_episodes",
            },
        ),
        migrations.CreateModel(
            name="AlertReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("muted_at", models.DateTimeField(null=True)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="readers", to="reports.alert"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.membership"
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
                "default_related_name": "alert_readers",
            },
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fall_percent__range", (1, 99)), ("stay_days__range", (1, 30)), ("width_days__in", [1, 7])
                ),
                name="alert_numbers_can_be_meant",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertepisode",
            constraint=models.UniqueConstraint(fields=("alert", "began_on"), name="alert_episode_once"),
        ),
        migrations.AddConstraint(
            model_name="alertepisode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on", None)), fields=("alert",), name="alert_one_episode_lasts"
            ),
        ),
        migrations.AddConstraint(
            model_name="alertreader",
            constraint=models.UniqueConstraint(fields=("alert", "member"), name="alert_reader_once"),
        ),
        seal("reports_alert"),
        seal("reports_alertreader"),
        seal("reports_alertepisode"),
    ]

import django.db.models.deletion
from django.db import migrations, models

from workspaces.sealing import seal


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0040_files_wait_for_a_worker"),
        ("reports", "0006_funnels_are_saved"),
        ("workspaces", "0004_token_scope_persons"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("landmark_days", models.PositiveSmallIntegerField()),
                ("follow_days", models.PositiveSmallIntegerField()),
                ("past_days", models.PositiveSmallIntegerField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("steps", models.PositiveSmallIntegerField(default=0)),
                ("done", models.PositiveSmallIntegerField(default=0)),
                ("found", models.JSONField(null=True)),
                ("plan_state", models.CharField(blank=True, max_length=64)),
                ("revision", models.BigIntegerField(default=0)),
                ("computed_through", models.DateTimeField(null=True)),
                ("computed_at", models.DateTimeField(null=True)),
                ("fault", models.CharField(blank=True, max_length=500)),
                ("failed_at", models.DateTimeField(null=True)),
                (
                    "goal",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="goals.goal"),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "abstract": False,
                "default_related_name": "kept_evidence",
            },
        ),
        migrations.AddConstraint(
            model_name="keptevidence",
            constraint=models.UniqueConstraint(
                fields=("goal", "landmark_days", "follow_days", "past_days"), name="evidence_once"
            ),
        ),
        seal("reports_keptevidence"),
    ]

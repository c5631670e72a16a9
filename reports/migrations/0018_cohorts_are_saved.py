import django.db.models.deletion
from django.db import migrations, models

from workspaces.sealing import seal


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0017_calculated_metrics"),
        ("workspaces", "0004_token_scope_persons"),
    ]

    operations = [
        migrations.CreateModel(
            name="CohortTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("slug", models.SlugField(max_length=120)),
                ("params", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={
                "ordering": ("name", "pk"),
                "abstract": False,
                "default_related_name": "cohorts",
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "slug"), name="cohort_table_slug_once")
                ],
            },
        ),
        seal("reports_cohorttable"),
    ]

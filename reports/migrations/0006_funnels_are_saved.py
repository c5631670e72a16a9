import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from workspaces.sealing import seal


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0005_runs_are_rows"),
        ("workspaces", "0003_language"),
    ]

    operations = [
        migrations.CreateModel(
            name="Funnel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("slug", models.SlugField(max_length=120)),
                (
                    "steps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300), size=None
                    ),
                ),
                (
                    "step_order",
                    models.CharField(
                        choices=[
                            ("sequential", "In this order, anything between"),
                            ("strict", "One directly after the other"),
                        ],
                        default="sequential",
                        max_length=10,
                        verbose_name="order",
                    ),
                ),
                ("window_days", models.PositiveSmallIntegerField(default=0, verbose_name="window")),
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
                "default_related_name": "funnels",
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "slug"), name="funnel_slug_once")
                ],
            },
        ),
        seal("reports_funnel"),
    ]

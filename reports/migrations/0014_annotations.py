import django.db.models.deletion
from django.db import migrations, models

from workspaces.sealing import seal


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0040_files_wait_for_a_worker"),
        ("reports", "0013_reports_are_mailed"),
        ("workspaces", "0004_token_scope_persons"),
    ]

    operations = [
        migrations.CreateModel(
            name="Annotation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=280, verbose_name="what happened")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("author", models.CharField(max_length=200)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                (
                    "goal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="goals.goal",
                        verbose_name="goal",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={
                "verbose_name": "annotation",
                "ordering": ("-starts_on", "-pk"),
                "abstract": False,
                "default_related_name": "annotations",
                "indexes": [models.Index(fields=["workspace", "starts_on"], name="annotation_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="annotation_ends_after_it_starts",
                        violation_error_message="The last day is not before the first.",
                    )
                ],
            },
        ),
        seal("reports_annotation"),
    ]

import django.db.models.deletion
from django.db import migrations, models

from workspaces.sealing import seal


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0004_token_scope_persons")]

    operations = [
        migrations.CreateModel(
            name="QuietHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins", models.TimeField(null=True)),
                ("ends", models.TimeField(null=True)),
                ("weekends", models.BooleanField(default=False)),
                (
                    "membership",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quiet_hours",
                        to="workspaces.membership",
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
                "default_related_name": "quiet_hours",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("begins__isnull", True), ("ends__isnull", True)),
                            models.Q(
                                ("begins__isnull", False),
                                ("ends__isnull", False),
                                models.Q(("begins", models.F("ends")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="quiet_hours_have_both_ends",
                    )
                ],
            },
        ),
        seal("workspaces_quiethours"),
    ]

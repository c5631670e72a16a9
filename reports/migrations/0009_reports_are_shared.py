import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from workspaces.sealing import BY_SECRET, seal


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0008_passes_are_runs"),
        ("workspaces", "0004_token_scope_persons"),
    ]

    operations = [
        migrations.CreateModel(
            name="SharedLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("report", models.CharField(max_length=20)),
                ("params", models.JSONField(default=dict)),
                ("language", models.CharField(max_length=10)),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("password", models.CharField(blank=True, max_length=128)),
                ("frame_origin", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_opened_at", models.DateTimeField(null=True)),
                ("openings", models.PositiveIntegerField(default=0)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
            ],
            options={
                "verbose_name": "shared link",
                "ordering": ("-created_at", "-pk"),
                "abstract": False,
                "default_related_name": "shared_links",
            },
        ),
        seal("reports_sharedlink", found_by=BY_SECRET.format(column="secret_hash")),
    ]

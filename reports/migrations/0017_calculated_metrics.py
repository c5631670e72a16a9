import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from workspaces.sealing import seal


class Migration(migrations.Migration):

    dependencies = [
        ("reports", "0016_segments_are_saved"),
        ("workspaces", "0005_quiet_hours"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalculatedMetric",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("slug", models.SlugField(max_length=120)),
                ("description", models.CharField(blank=True, max_length=500, verbose_name="description")),
                ("formula", models.CharField(max_length=500, verbose_name="formula")),
                ("format", models.CharField(choices=[("number", "Number with two decimals"), ("count", "Whole number"), ("percent", "Per cent"), ("money", "Money"), ("duration", "Length of time")], default="number", max_length=8, verbose_name="format")),
                ("direction", models.CharField(choices=[("up", "Higher is better"), ("down", "Lower is better"), ("observe", "Observe only")], default="up", max_length=8, verbose_name="direction")),
                ("model", models.CharField(blank=True, max_length=20, verbose_name="attribution model")),
                ("view_days", models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(90)])),
                ("engagement_days", models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(90)])),
                ("click_days", models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(90)])),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("workspace", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace")),
            ],
            options={
                "ordering": ("name", "pk"),
                "abstract": False,
                "default_related_name": "calculated_metrics",
                "constraints": [models.UniqueConstraint(fields=("workspace", "slug"), name="calculated_metric_slug_once")],
            },
        ),
        seal("reports_calculatedmetric"),
    ]

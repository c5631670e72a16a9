import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("goals", "0040_files_wait_for_a_worker"),
        ("reports", "0017_calculated_metrics"),
    ]

    operations = [
        migrations.AddField(
            model_name="kpi",
            name="metric",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="kpis", to="reports.calculatedmetric", verbose_name="metric of your own"),
        ),
        migrations.AlterField(
            model_name="kpi",
            name="measure",
            field=models.CharField(choices=[("count", "Conversions"), ("value", "Value"), ("rate", "Conversion rate"), ("average", "Average value"), ("metric", "A metric of your own")], max_length=8, verbose_name="measure"),
        ),
        migrations.AddConstraint(
            model_name="kpi",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("measure", "metric"), ("metric__isnull", False)), models.Q(models.Q(("measure", "metric"), _negated=True), ("metric", None)), _connector="OR"), name="kpi_of_a_metric_names_it", violation_error_message="Choose the metric of your own that the KPI is read off."),
        ),
    ]

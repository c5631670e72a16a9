import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from workspaces.sealing import seal

CAUSES = [
    ("definition", "the goal's definition was changed"),
    ("currency", "values are summed in another currency"),
    ("zone", "days are those of another time zone"),
    ("refund", "refunds came, or were taken back"),
    ("erasure", "somebody's data was erased"),
    ("persons", "visitors were found to be one person, or no longer to be"),
    ("events", "events came late, were imported or were taken back"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0040_files_wait_for_a_worker"),
        ("reports", "0003_fillstate_gains_paths_layout"),
        ("workspaces", "0004_token_scope_persons"),
    ]

    operations = [
        migrations.CreateModel(
            name="Restatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("conversions_before", models.BigIntegerField()),
                ("conversions_after", models.BigIntegerField()),
                ("value_before", models.BigIntegerField()),
                ("value_after", models.BigIntegerField()),
                ("refund_before", models.BigIntegerField()),
                ("refund_after", models.BigIntegerField()),
                ("currency_before", models.CharField(blank=True, max_length=3)),
                ("currency_after", models.CharField(blank=True, max_length=3)),
                ("causes", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=CAUSES, max_length=10), size=None)),
                ("definition_version", models.PositiveIntegerField()),
                ("data_version", models.CharField(max_length=60)),
                ("made_at", models.DateTimeField()),
                ("goal", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="restatements", to="goals.goal")),
                ("workspace", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace")),
            ],
            options={
                "ordering": ("-made_at", "-since", "pk"),
                "abstract": False,
                "default_related_name": "restatements",
                "constraints": [models.CheckConstraint(condition=models.Q(("since__lt", models.F("until"))), name="restatement_ends_after_it_starts")],
            },
        ),
        seal("reports_restatement"),
    ]

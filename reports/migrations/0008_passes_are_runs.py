import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0040_files_wait_for_a_worker"),
        ("reports", "0007_evidence_is_kept"),
        ("workspaces", "0004_token_scope_persons"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="run",
            name="run_once",
        ),
        migrations.AddField(
            model_name="run",
            name="cpu_seconds",
            field=models.FloatField(default=0),
        ),
        migrations.AddField(
            model_name="run",
            name="definition_version",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="run",
            name="kind",
            field=models.CharField(
                choices=[
                    ("model", "Data-driven model"),
                    ("fill", "Figures of goals"),
                    ("derivation", "Sessions and touches"),
                    ("evidence", "Evidence"),
                ],
                default="model",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="persons",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="run",
            name="reasons",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("first", "nothing was computed before"),
                        ("events", "new events came"),
                        ("late", "events of earlier days came or went"),
                        ("persons", "visitors were found to be one person, or no longer to be"),
                        ("erasure", "somebody is to be erased"),
                        ("basis", "what sessions and channels follow from was changed"),
                        ("zone", "days are those of another time zone"),
                        ("definition", "the goal's definition was changed"),
                        ("currency", "values are summed in another currency"),
                        ("layout", "a release counts in another way"),
                        ("behind", "it was left out when others were computed"),
                        ("looked", "somebody looked at the report"),
                    ],
                    max_length=10,
                ),
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="since",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="run",
            name="times",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="run",
            name="until",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="run",
            name="digest",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="run",
            name="goal",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="runs", to="goals.goal"
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("digest", ""), _negated=True), fields=("workspace", "digest"), name="run_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "model"), _negated=True),
                    models.Q(("goal__isnull", False), models.Q(("digest", ""), _negated=True)),
                    _connector="OR",
                ),
                name="run_of_a_model_has_a_question",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "running")), models.Q(("kind", "model"), _negated=True)),
                fields=("workspace", "kind"),
                name="run_alone",
            ),
        ),
        # Backwards, passes go first: before this every run was of a goal and a question.
        migrations.RunSQL(migrations.RunSQL.noop, "delete from reports_run where kind <> 'model'"),
    ]

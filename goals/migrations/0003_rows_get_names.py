"""Gives objectives and targets the short names that spreadsheets use, and makes rows of the questions."""

from django.db import migrations

from workspaces.sealing import in_each_workspace


def name_rows(apps, schema_editor):
    """Number the names: 0004 asks that they differ."""
    Objective, Question, Target = (apps.get_model("goals", name) for name in ("Objective", "Question", "Target"))
    for _ in in_each_workspace(apps, schema_editor):
        _name(Objective, Question, Target)


def _name(Objective, Question, Target):
    for row in Objective.objects.all():
        row.slug = f"objective-{row.pk}"
        row.save(update_fields=["slug"])
        if row.question:
            Question.objects.create(
                workspace_id=row.workspace_id, objective=row, slug=f"question-{row.pk}", text=row.question
            )
    for row in Target.objects.all():
        row.slug = f"until-{row.ends_on}-{row.pk}"
        row.save(update_fields=["slug"])


def write_back(apps, schema_editor):
    """Give each objective its first question again."""
    Objective = apps.get_model("goals", "Objective")
    for _ in in_each_workspace(apps, schema_editor):
        for row in Objective.objects.prefetch_related("questions"):
            row.question = next((each.text for each in row.questions.all()), "")
            row.save(update_fields=["question"])


class Migration(migrations.Migration):
    dependencies = [("goals", "0002_plan_in_full")]

    operations = [migrations.RunPython(name_rows, write_back)]

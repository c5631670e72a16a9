"""Has what lies in lakes cut into sessions anew: what is not counted opens none any more."""

from datetime import UTC, datetime

from django.db import migrations

from workspaces.sealing import in_each_workspace


def redo(apps, schema_editor):
    """Mark every lake as a whole, as tracking.derive.redo_everything does; workers take it from there."""
    LakeState = apps.get_model("tracking", "LakeState")
    for _ in in_each_workspace(apps, schema_editor):
        LakeState.objects.filter(events__gt=0).update(dirty_since=datetime(1970, 1, 1, tzinfo=UTC))


class Migration(migrations.Migration):
    dependencies = [("tracking", "0042_imported_sums")]

    operations = [migrations.RunPython(redo, migrations.RunPython.noop)]

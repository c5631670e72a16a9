from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_goals_are_amended")]

    operations = [
        migrations.AddField(
            model_name="fillstate",
            name="paths_layout",
            field=models.PositiveSmallIntegerField(default=1),
        ),
    ]

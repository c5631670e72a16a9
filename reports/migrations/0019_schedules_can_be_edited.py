from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0018_cohorts_are_saved"),
    ]

    operations = [
        migrations.AddField(
            model_name="recipient",
            name="removed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="schedule",
            name="revision",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="problem",
            field=models.CharField(
                blank=True,
                choices=[
                    ("missed", "nothing ran at its time; only the newest was sent"),
                    ("stopped", "it was paused before"),
                    ("left", "the recipient wants no more mails of it"),
                    ("removed", "the recipient was taken off it"),
                    ("no_figures", "no figures were computed within three hours"),
                    ("late_figures", "waits for the figures of the day before"),
                    ("failed", "its figures could not be computed"),
                    ("refused", "the mail server refused the address"),
                    ("away", "the mail server could not be reached"),
                ],
                max_length=20,
            ),
        ),
    ]

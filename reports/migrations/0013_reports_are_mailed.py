import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from workspaces.sealing import seal


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0012_explorations_are_saved"),
        ("workspaces", "0004_token_scope_persons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120)),
                ("report", models.CharField(max_length=20)),
                ("params", models.JSONField(default=dict)),
                ("language", models.CharField(max_length=10)),
                (
                    "cadence",
                    models.CharField(
                        choices=[("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly")], max_length=10
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(default=0)),
                ("month_day", models.PositiveSmallIntegerField(default=1)),
                ("hour", models.PositiveSmallIntegerField(default=7)),
                ("with_xlsx", models.BooleanField(default=False)),
                ("with_pdf", models.BooleanField(default=False)),
                ("due_on", models.DateField()),
                ("paused_at", models.DateTimeField(null=True)),
                (
                    "pause_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by_hand", "paused"),
                            ("gone", "paused: what it reports on is not there any more"),
                            ("unbacked", "paused: who made it may not share any more"),
                            ("nobody", "paused: everybody who got it has left"),
                        ],
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
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
                "verbose_name": "scheduled report",
                "ordering": ("title", "pk"),
                "abstract": False,
                "default_related_name": "schedules",
            },
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspaces.membership",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recipients", to="reports.schedule"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "abstract": False,
                "default_related_name": "schedule_recipients",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits"),
                            ("sent", "sent"),
                            ("skipped", "skipped"),
                            ("given_up", "given up"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("missed", "nothing ran at its time; only the newest was sent"),
                            ("stopped", "it was paused before"),
                            ("left", "the recipient wants no more mails of it"),
                            ("no_figures", "no figures were computed within three hours"),
                            ("late_figures", "waits for the figures of the day before"),
                            ("failed", "its figures could not be computed"),
                            ("refused", "the mail server refused the address"),
                            ("away", "the mail server could not be reached"),
                        ],
                        max_length=20,
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=300)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "tester",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspaces.membership",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workspaces.workspace"),
                ),
                (
                    "recipient",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="reports.recipient"),
                ),
                ("schedule", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="reports.schedule")),
            ],
            options={
                "ordering": ("-due_at", "pk"),
                "abstract": False,
                "default_related_name": "deliveries",
            },
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__lte", 6)), name="schedule_weekday_of_a_week"
            ),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("month_day__gte", 1), ("month_day__lte", 31)), name="schedule_day_of_a_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(condition=models.Q(("hour__lte", 23)), name="schedule_hour_of_a_day"),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.CheckConstraint(
                condition=models.Q(("member__isnull", True), ("email", ""), _connector="XOR"),
                name="recipient_is_a_member_or_an_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("member__isnull", False)),
                fields=("schedule", "member"),
                name="recipient_member_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("email", ""), _negated=True),
                fields=("schedule", "email"),
                name="recipient_address_once",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["workspace", "next_try_at"], name="delivery_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("schedule", "due_at", "recipient"), name="delivery_once"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("recipient__isnull", True), ("tester__isnull", True), _connector="XOR"),
                name="delivery_has_one_reader",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "waiting"), ("next_try_at__isnull", True), _connector="XOR"),
                name="delivery_waits_for_a_moment",
            ),
        ),
        seal("reports_schedule"),
        seal("reports_recipient"),
        seal("reports_delivery"),
    ]

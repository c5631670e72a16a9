"""Latest, SourceAlarm: what arrived a moment ago, and what is wrong with a source as a whole."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracking.models.source import Source
from workspaces.models import Owned


class Latest(Owned):
    """The newest events of a source, for whoever watches them arrive; without ids of persons, and kept an hour."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="latest")
    events = models.JSONField(default=list)  # newest first; see tracking.latest
    stored_at = models.DateTimeField()

    class Meta(Owned.Meta):
        default_related_name = "latest"

    def __str__(self) -> str:
        return f"latest of source {self.source_id}"


class AlarmKind(models.TextChoices):
    SILENT = "silent", _("Silent")
    REJECTED = "rejected", _("Many are rejected")


class SourceAlarm(Owned):
    """A time in which a source sent nothing, or much that was rejected; its owners were told once."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="alarms")
    kind = models.CharField(max_length=8, choices=AlarmKind.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # None: it lasts
    found_at = models.DateTimeField()

    class Meta(Owned.Meta):
        default_related_name = "source_alarms"
        ordering = ("-started_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("source", "kind"), condition=Q(ended_at=None), name="source_alarm_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.kind} from {self.started_at:%Y-%m-%d %H:%M}"

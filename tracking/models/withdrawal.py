"""Withdrawal: imported events that a newer file of the same day replaced, on their way out of the lake."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tracking.models.source import Source
from workspaces.models import Owned


class Withdrawal(Owned):
    """Some events of one UTC day; written with the events that take their place, removed with them from the lake."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    import_id = models.BigIntegerField()  # whose file withdrew them: its own events of the same ids stay
    day = models.DateField()  # UTC, the lake's partition
    since = models.DateTimeField()  # the earliest of their times
    event_ids = ArrayField(models.TextField())
    # What the events came with that are being removed: to be counted anew by whoever finishes, after a kill as well.
    names = ArrayField(models.TextField(), default=list)
    paths = ArrayField(models.TextField(), default=list)

    class Meta(Owned.Meta):
        default_related_name = "withdrawals"

    def __str__(self) -> str:
        return f"{len(self.event_ids)} events of {self.day}"

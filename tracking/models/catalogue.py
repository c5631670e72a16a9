"""Seen: the names and pages that events came with, for the look-ups of whoever defines a goal."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models import Owned


class SeenKind(models.TextChoices):
    EVENT = "event", _("Event name")
    PAGE = "page", _("Page")


class Seen(Owned):
    """A text that events of the workspace came with; counted when they enter the lake, each event once."""

    kind = models.CharField(max_length=5, choices=SeenKind.choices)
    text = models.CharField(max_length=512)
    events = models.BigIntegerField(default=0)
    last_at = models.DateTimeField()  # time of the latest of them

    class Meta(Owned.Meta):
        default_related_name = "seen"
        ordering = ("-events", "text")
        constraints = (models.UniqueConstraint(fields=("workspace", "kind", "text"), name="seen_once"),)

    def __str__(self) -> str:
        return self.text

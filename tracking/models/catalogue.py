"""What arrives by name, and what was agreed: seen texts, planned events, and how many of each came on a day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.models.source import Source
from workspaces.models import Owned

MAX_EVENT_NAME_CHARS = 128


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


class PlannedEvent(Owned):
    """An event that was agreed on: by goals that ask for it, by somebody's hand, or both (tracking.planning)."""

    name = models.CharField(_("event name"), max_length=MAX_EVENT_NAME_CHARS)
    properties = models.JSONField(default=list)  # what it is to carry; see tracking.planned.Property
    goals = models.JSONField(default=list)  # of [short name, name] of each goal that asks for it
    is_by_hand = models.BooleanField(default=False)  # somebody planned it without a goal
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        default_related_name = "planned_events"
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("workspace", "name"), name="planned_event_once"),)

    def __str__(self) -> str:
        return self.name


class EventType(Owned):
    """An event name of a source, in all time. The name "" stands for all names beyond those that are kept."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="event_types")
    name = models.CharField(max_length=MAX_EVENT_NAME_CHARS, blank=True)
    events = models.BigIntegerField(default=0)
    first_at = models.DateTimeField(null=True)  # time of the first and the latest event; None: all were refused
    last_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        default_related_name = "event_types"
        constraints = (models.UniqueConstraint(fields=("workspace", "name", "source"), name="event_type_once"),)

    def __str__(self) -> str:
        return self.name


class EventDay(Owned):
    """An event name of a source on a day: of the events' time for what is stored, of receipt for what is not."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="event_days")
    name = models.CharField(max_length=MAX_EVENT_NAME_CHARS, blank=True)
    day = models.DateField()  # UTC
    events = models.BigIntegerField(default=0)  # in the lake; the next three are parts of them
    late = models.BigIntegerField(default=0)
    unknown_consent = models.BigIntegerField(default=0)  # nothing was said of analytics
    violating = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)  # came again and were not stored again
    refused = models.BigIntegerField(default=0)  # held back, to be taken in

    class Meta(Owned.Meta):
        default_related_name = "event_days"
        constraints = (models.UniqueConstraint(fields=("workspace", "day", "name", "source"), name="event_day_once"),)

    def __str__(self) -> str:
        return f"{self.day} {self.name}: {self.events}"


class FaultKind(models.TextChoices):
    MISSING = "missing", _("missing")
    TYPE = "type", _("of another type")
    VALUE = "value", _("not an allowed value")


class PropertyFault(Owned):
    """How often a planned event came on a day with a property that is not as it was agreed."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="property_faults")
    name = models.CharField(max_length=MAX_EVENT_NAME_CHARS)
    day = models.DateField()  # UTC day of receipt
    property = models.CharField(max_length=64)
    kind = models.CharField(max_length=7, choices=FaultKind.choices)
    events = models.BigIntegerField(default=0)

    class Meta(Owned.Meta):
        default_related_name = "property_faults"
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "name", "day", "property", "kind", "source"), name="property_fault_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.name}.{self.property} {self.kind}: {self.events}"

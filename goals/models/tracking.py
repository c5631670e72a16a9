"""TrackingSpec, Parameter: how a goal is to be tracked, as developers read it. Watch, Outage: whether it is."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.models.goal import Goal
from tracking.models import Source
from workspaces.models import Membership, Owned


class Platform(models.TextChoices):
    WEB = "web", _("Web site")
    APP = "app", _("App")
    SERVER = "server", _("Server")
    OFFLINE = "offline", _("Offline")


class Method(models.TextChoices):
    TAG = "tag", _("Tag in the page")
    TAG_MANAGER = "tag_manager", _("Tag manager")
    SERVER = "server", _("Server call")
    IMPORT = "import", _("Import")


class Purpose(models.TextChoices):
    """The consent that an event needs, by SEMANTICS section 6."""

    ANALYTICS = "analytics", _("Analytics")
    ADS = "ads", _("Advertising")
    PERSONALIZATION = "personalization", _("Personalisation")
    NONE = "none", _("None: strictly necessary")


class SpecState(models.TextChoices):
    """What people say of the work; whether events arrive is the Watch's to say."""

    PROPOSED = "proposed", _("Proposed")
    READY = "ready", _("Ready to build")
    IMPLEMENTED = "implemented", _("Implemented")
    DEPRECATED = "deprecated", _("No longer needed")


class TrackingSpec(Owned):
    """One goal's tracking, and the task of somebody to build it."""

    goal = models.OneToOneField(Goal, on_delete=models.CASCADE, related_name="spec")
    event_name = models.CharField(_("event name"), max_length=128, blank=True)
    about = models.CharField(_("description"), max_length=300, blank=True)
    platform = models.CharField(_("platform"), max_length=7, choices=Platform.choices, default=Platform.WEB)
    method = models.CharField(_("collected by"), max_length=11, choices=Method.choices, default=Method.TAG)
    place = models.CharField(_("page or element"), max_length=300, blank=True)  # a path or a CSS selector
    purpose = models.CharField(_("consent"), max_length=15, choices=Purpose.choices, default=Purpose.ANALYTICS)
    owner = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who builds it")
    )
    state = models.CharField(_("state"), max_length=11, choices=SpecState.choices, default=SpecState.PROPOSED)
    ticket = models.URLField(_("ticket"), max_length=300, blank=True)
    evidence = models.CharField(_("how it was checked"), max_length=300, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta(Owned.Meta):
        default_related_name = "tracking_specs"

    def __str__(self) -> str:
        return str(self.goal)


class ParameterType(models.TextChoices):
    TEXT = "text", _("Text")
    INTEGER = "integer", _("Whole number")
    NUMBER = "number", _("Number")
    BOOLEAN = "boolean", _("Yes or no")
    TIME = "time", _("Date and time")


class Parameter(Owned):
    """A property that the event is to carry."""

    spec = models.ForeignKey(TrackingSpec, on_delete=models.CASCADE, related_name="parameters")
    name = models.CharField(_("name"), max_length=64)
    type = models.CharField(_("type"), max_length=7, choices=ParameterType.choices, default=ParameterType.TEXT)
    is_required = models.BooleanField(_("required"), default=False)
    allowed = ArrayField(models.CharField(max_length=120), verbose_name=_("allowed values"), default=list, blank=True)
    is_personal = models.BooleanField(_("personal data"), default=False)
    about = models.CharField(_("description"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Owned.Meta):
        default_related_name = "parameters"
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("spec", "name"), name="parameter_once"),)

    def __str__(self) -> str:
        return self.name


class Tracked(models.TextChoices):
    """Whether what a goal asks for arrives."""

    UNDEFINED = "undefined", _("Not defined")  # the goal has no rules yet
    WAITING = "waiting", _("Waiting for the first hit")
    VERIFIED = "verified", _("Verified")
    SILENT = "silent", _("Silent")  # longer without than usual, yet not surely a fault
    BROKEN = "broken", _("Broken")


class Watch(Owned):
    """What the last detection found of a goal; made anew from the lake at any time, but for `since`."""

    goal = models.OneToOneField(Goal, on_delete=models.CASCADE, related_name="watch")
    state = models.CharField(max_length=9, choices=Tracked.choices, default=Tracked.UNDEFINED)
    since = models.DateTimeField()  # when it came into this state
    first_seen_at = models.DateTimeField(null=True)  # time of the first and the latest event that meets the rules
    last_seen_at = models.DateTimeField(null=True)
    last_week = models.BigIntegerField(default=0)  # such events of the last seven whole days
    daily = ArrayField(models.BigIntegerField(), default=list)  # of the last 28, oldest first
    goal_version = models.PositiveIntegerField(default=1)  # of the definition that was looked at
    checked_at = models.DateTimeField()

    class Meta(Owned.Meta):
        default_related_name = "watches"

    def __str__(self) -> str:
        return f"{self.goal}: {self.get_state_display()}"


class Outage(Owned):
    """A time in which a goal's events should have come and did not; charts mark it for ever."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="outages")
    started_at = models.DateTimeField()  # of the last event before
    ended_at = models.DateTimeField(null=True)  # of the first event after; None: it lasts
    found_at = models.DateTimeField()
    source = models.ForeignKey(  # that fell silent as a whole; None: it sent other events meanwhile
        Source, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta(Owned.Meta):
        default_related_name = "outages"
        ordering = ("-started_at",)
        constraints = (models.UniqueConstraint(fields=("goal",), condition=Q(ended_at=None), name="outage_open_once"),)

    def __str__(self) -> str:
        return f"{self.goal} from {self.started_at:%Y-%m-%d %H:%M}"

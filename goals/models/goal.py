"""Goal: macro or micro, how it is counted and valued, and which macro goals it supports."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from goals.models.plan import Objective, Plan
from workspaces.models import Membership, Owned
from workspaces.models.workspace import WINDOW_DAYS


class Level(models.TextChoices):
    MACRO = "macro", _("Macro goal")
    MICRO = "micro", _("Micro goal")


class MicroKind(models.TextChoices):
    MILESTONE = "milestone", _("Process milestone")
    SECONDARY = "secondary", _("Secondary action")


class Stage(models.TextChoices):
    """Where on a customer's journey the goal is met; after Kaushik's see, think, do, care."""

    SEE = "see", _("See: gets to know of it")
    THINK = "think", _("Think: weighs it")
    DO = "do", _("Do: acts")
    CARE = "care", _("Care: stays")


class Counting(models.TextChoices):
    EVERY = "every", _("Every time")
    SESSION = "session", _("Once per session")
    PERSON = "person", _("Once per person")
    PERSON_WINDOW = "person_window", _("Once per person and window")


class ValueRule(models.TextChoices):
    NONE = "none", _("No value")
    FIXED = "fixed", _("The same value each time")
    EVENT = "event", _("The event's own value")


class GoalRows(models.QuerySet["Goal"]):
    """Goals of a workspace."""

    def live(self) -> "GoalRows":
        """Leave out what was archived."""
        return self.filter(archived_at=None)


class Goal(Owned):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="goals")
    objective = models.ForeignKey(Objective, on_delete=models.SET_NULL, null=True, blank=True, related_name="goals")
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=120)
    level = models.CharField(_("level"), max_length=5, choices=Level.choices)
    micro_kind = models.CharField(_("kind of micro goal"), max_length=10, choices=MicroKind.choices, blank=True)
    supports = models.ManyToManyField(
        "self", symmetrical=False, related_name="supported_by", blank=True, through="goals.Support",
        verbose_name=_("supports"),
    )  # fmt: skip
    rationale = models.CharField(_("why"), max_length=500, blank=True)
    stage = models.CharField(_("stage"), max_length=5, choices=Stage.choices, blank=True)
    moment = models.CharField(_("when exactly"), max_length=300, blank=True)  # the trigger in words
    department = models.CharField(_("department"), max_length=80, blank=True)
    owner = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    # -- the definition: a change of any of these makes a new version ---------------------------------------
    counting = models.CharField(_("counting"), max_length=13, choices=Counting.choices, default=Counting.EVERY)
    counting_days = models.PositiveSmallIntegerField(default=30)  # the window of "once per person and window"
    value_rule = models.CharField(_("value"), max_length=5, choices=ValueRule.choices, default=ValueRule.NONE)
    value_micros = models.BigIntegerField(null=True, blank=True)  # of the fixed value
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    model = models.CharField(_("attribution model"), max_length=20, default="last")  # a key of analysis' MODELS
    view_days = models.PositiveSmallIntegerField(null=True, blank=True, validators=WINDOW_DAYS)  # None: the workspace's
    engagement_days = models.PositiveSmallIntegerField(null=True, blank=True, validators=WINDOW_DAYS)
    click_days = models.PositiveSmallIntegerField(null=True, blank=True, validators=WINDOW_DAYS)
    version = models.PositiveIntegerField(default=1)  # results name the version that they used
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once
    changed_at = models.DateTimeField()  # of the definition; rollups filled before it are stale
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GoalRows.as_manager()

    class Meta(Owned.Meta):
        default_related_name = "goals"
        ordering = ("level", "position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "slug"), name="goal_slug_once"),
            models.CheckConstraint(
                condition=~Q(value_rule="fixed") | Q(value_micros__isnull=False, currency__gt=""),
                name="goal_fixed_value_is_given",
                violation_error_message=_("A fixed value needs its amount and currency."),
            ),
            models.CheckConstraint(
                condition=Q(level="micro") | Q(micro_kind=""),
                name="goal_kind_is_for_micro",
                violation_error_message=_("Only a micro goal is a milestone or a secondary action."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:goal", args=[self.workspace.slug, self.slug])


class Support(Owned):
    """A micro goal supports a macro goal."""

    micro = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="supporting")
    macro = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="supported")

    class Meta(Owned.Meta):
        default_related_name = "supports"
        constraints = (models.UniqueConstraint(fields=("micro", "macro"), name="support_once"),)

    def __str__(self) -> str:
        return f"{self.micro} supports {self.macro}"


class GoalVersion(Owned):
    """What a goal's definition said, from when on; never changed."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    changes = ArrayField(
        models.CharField(max_length=60), default=list
    )  # the fields that differ from the version before

    class Meta(Owned.Meta):
        default_related_name = "goal_versions"
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("goal", "number"), name="goal_version_once"),)

    def __str__(self) -> str:
        return f"{self.goal} v{self.number}"

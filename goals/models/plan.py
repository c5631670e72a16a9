"""Plan, Objective, Question: a measurement plan, its period, what the organisation wants and has to decide."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workspaces.models import Membership, Owned


class PlanKind(models.TextChoices):
    NEW = "new", _("New site or product")
    MIGRATION = "migration", _("Move from another set-up")
    EXPANSION = "expansion", _("Extension of what is measured")


class PlanState(models.TextChoices):
    """What people did last; an approved plan is active once its period has begun (`Plan.stage`)."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    ARCHIVED = "archived", _("Archived")


class PlanStage(models.TextChoices):
    """Where a plan is in its life, as people see it."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    ACTIVE = "active", _("Active")
    ARCHIVED = "archived", _("Archived")


class Plan(Owned):
    """A workspace has one plan at work, and those that were archived."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=120)
    kind = models.CharField(_("kind"), max_length=9, choices=PlanKind.choices, default=PlanKind.NEW)
    about = models.CharField(_("about"), max_length=500, blank=True)  # the site or product, in a sentence
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))  # the last day of the period, itself inside
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=9, choices=PlanState.choices, default=PlanState.DRAFT)
    last_reviewed_on = models.DateField(_("last reviewed"), null=True, blank=True)
    next_review_on = models.DateField(_("next review"), null=True, blank=True)
    naming_rule = models.CharField(_("how things are named"), max_length=300, blank=True)
    approval_rule = models.CharField(_("who approves what"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        default_related_name = "plans"
        ordering = ("-starts_on", "name")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "slug"), name="plan_slug_once"),
            models.UniqueConstraint(
                fields=("workspace",), condition=Q(archived_at=None), name="plan_at_work_once",
                violation_error_message=_("This workspace has a plan already; archive it first."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="plan_ends_after_it_starts",
                violation_error_message=_("A plan ends after it starts."),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("goals:plan", args=[self.workspace.slug])

    def stage(self, today: date) -> PlanStage:
        """Say where the plan is in its life on a local day."""
        if self.state == PlanState.APPROVED and self.starts_on <= today:
            return PlanStage.ACTIVE
        return PlanStage(self.state)


class Objective(Owned):
    """What the organisation wants."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="objectives")
    slug = models.SlugField(max_length=120)  # names the objective in spreadsheets and versions
    name = models.CharField(_("objective"), max_length=200)
    why = models.CharField(_("why"), max_length=300, blank=True)
    department = models.CharField(_("department"), max_length=80, blank=True)
    owner = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    horizon = models.CharField(_("horizon"), max_length=80, blank=True)  # "by the end of 2027"
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)

    class Meta(Owned.Meta):
        default_related_name = "objectives"
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("plan", "slug"), name="objective_slug_once"),)

    def __str__(self) -> str:
        return self.name


class Question(Owned):
    """What somebody has to know before a decision."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="questions")
    slug = models.SlugField(max_length=120)
    text = models.CharField(_("business question"), max_length=300)
    asker = models.CharField(_("who needs the answer"), max_length=120, blank=True)
    decision = models.CharField(_("which decision it informs"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)

    class Meta(Owned.Meta):
        default_related_name = "questions"
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("objective", "slug"), name="question_slug_once"),)

    def __str__(self) -> str:
        return self.text

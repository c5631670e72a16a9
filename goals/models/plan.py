"""Plan and Objective: a measurement plan, its period, and what the organisation wants."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workspaces.models import Owned


class Plan(Owned):
    """The first form has one plan a workspace at work; drafts, sign-off and versions have their own issue."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=120)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))  # the last day of the period, itself inside
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        default_related_name = "plans"
        ordering = ("-starts_on", "name")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "slug"), name="plan_slug_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="plan_ends_after_it_starts",
                violation_error_message=_("A plan ends after it starts."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("goals:plan", args=[self.workspace.slug])


class Objective(Owned):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="objectives")
    name = models.CharField(_("objective"), max_length=200)
    question = models.CharField(_("business question"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)

    class Meta(Owned.Meta):
        default_related_name = "objectives"
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name

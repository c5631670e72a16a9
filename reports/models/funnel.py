"""Funnel: a way of several steps that a workspace looks at again and again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workspaces.models import Owned

LONGEST_STEP = 300  # letters; what a parameter of an address may have


class StepOrder(models.TextChoices):
    SEQUENTIAL = "sequential", _("In this order, anything between")
    STRICT = "strict", _("One directly after the other")


class Funnel(Owned):
    """A saved question: its steps as people type them, and how they have to follow each other."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=120)
    steps = ArrayField(models.CharField(max_length=LONGEST_STEP))  # read by reports.funnels.steps
    step_order = models.CharField(_("order"), max_length=10, choices=StepOrder.choices, default=StepOrder.SEQUENTIAL)
    window_days = models.PositiveSmallIntegerField(_("window"), default=0)  # from the first step; 0: one session
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        default_related_name = "funnels"
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("workspace", "slug"), name="funnel_slug_once"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('reports:funnels', args=[self.workspace.slug])}?funnel={self.slug}"

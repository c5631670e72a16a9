"""CalculatedMetric: a figure that a workspace made itself, of the figures that there are."""

from typing import Final
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from goals.models import Direction, Format
from workspaces.models import Owned
from workspaces.models.workspace import WINDOW_DAYS

LONGEST_FORMULA: Final = 500  # letters


class CalculatedMetric(Owned):
    """A formula as people type it; what it comes to is computed of each row's own sums."""

    DIRECTIONS: Final = [(each.value, each.label) for each in (Direction.UP, Direction.DOWN, Direction.OBSERVE)]

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=120)
    description = models.CharField(_("description"), max_length=500, blank=True)
    formula = models.CharField(_("formula"), max_length=LONGEST_FORMULA)  # read by reports.calculated.parsing
    format = models.CharField(_("format"), max_length=8, choices=Format.choices, default=Format.NUMBER)
    direction = models.CharField(_("direction"), max_length=8, choices=DIRECTIONS, default=Direction.UP)
    # A key of analysis' MODELS; "": conversions stay where they happened. Days that are not said are each goal's own.
    model = models.CharField(_("attribution model"), max_length=20, blank=True)
    view_days = models.PositiveSmallIntegerField(null=True, blank=True, validators=WINDOW_DAYS)
    engagement_days = models.PositiveSmallIntegerField(null=True, blank=True, validators=WINDOW_DAYS)
    click_days = models.PositiveSmallIntegerField(null=True, blank=True, validators=WINDOW_DAYS)
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        default_related_name = "calculated_metrics"
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("workspace", "slug"), name="calculated_metric_slug_once"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Lead to the metric by channel, beside the sessions it is of."""
        address = reverse("reports:explore", args=[self.workspace.slug])
        return f"{address}?{urlencode({'metrics': f'{self.key},sessions'})}"

    @property
    def key(self) -> str:
        """Give what explorations call it as a column."""
        return f"metric:{self.slug}"

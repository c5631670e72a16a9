"""Retention: how long a workspace keeps what came in."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models import Owned

LEAST_MONTHS = 3  # windows look 90 days back; with fewer events figures would be wrong while they are new
MOST_MONTHS = 120
MOST_REFUSED_DAYS = 30


class Retention(Owned):
    """One row a workspace, made when somebody sets it; without one nothing but examples goes by itself."""

    events_months = models.PositiveSmallIntegerField(  # None: events stay
        _("Events, in months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST_MONTHS), MaxValueValidator(MOST_MONTHS)],
    )
    refused_days = models.PositiveSmallIntegerField(
        _("Examples of refused events, in days"),
        default=MOST_REFUSED_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_REFUSED_DAYS)],
    )
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once

    class Meta(Owned.Meta):
        default_related_name = "retentions"
        constraints = (models.UniqueConstraint(fields=("workspace",), name="retention_once"),)

    def __str__(self) -> str:
        return str(_("how long events are kept"))

"""Kpi and Target: what is measured, in what unit, how much by when."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from goals.models.goal import Goal
from goals.models.plan import Objective
from workspaces.models import Owned


class Measure(models.TextChoices):
    """What is read off the goal."""

    COUNT = "count", _("Conversions")
    VALUE = "value", _("Value")
    RATE = "rate", _("Conversion rate")
    AVERAGE = "average", _("Average value")


class Per(models.TextChoices):
    """The denominator of a rate; its name is part of the KPI."""

    VISITORS = "visitors", _("of visitors")
    SESSIONS = "sessions", _("of sessions")


class Direction(models.TextChoices):
    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")
    BAND = "band", _("Keep within a band")
    OBSERVE = "observe", _("Observe only")


class KpiRows(models.QuerySet["Kpi"]):
    """KPIs of a workspace."""

    def live(self) -> "KpiRows":
        """Leave out what was archived, itself or with its goal."""
        return self.filter(archived_at=None, goal__archived_at=None)


class Kpi(Owned):
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="kpis")
    objective = models.ForeignKey(Objective, on_delete=models.SET_NULL, null=True, blank=True, related_name="kpis")
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=120)
    measure = models.CharField(_("measure"), max_length=8, choices=Measure.choices)
    per = models.CharField(_("denominator"), max_length=10, choices=Per.choices, blank=True)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices, default=Direction.UP)
    department = models.CharField(_("department"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = KpiRows.as_manager()

    class Meta(Owned.Meta):
        default_related_name = "kpis"
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "slug"), name="kpi_slug_once"),
            models.CheckConstraint(
                condition=~Q(measure="rate") | Q(per__gt=""),
                name="kpi_rate_names_its_denominator",
                violation_error_message=_("A rate names its denominator: of visitors or of sessions."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Target(Owned):
    """A dated number for a KPI; several may overlap."""

    kpi = models.ForeignKey(Kpi, on_delete=models.CASCADE, related_name="targets")
    # A count, micros of the currency, or for rates a fraction; the KPI's measure says which.
    value = models.DecimalField(_("target"), max_digits=24, decimal_places=6)
    value_high = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)  # the band's upper end
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))  # the last day, itself inside
    baseline = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    approved_by = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta(Owned.Meta):
        default_related_name = "targets"
        ordering = ("starts_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="target_ends_after_it_starts",
                violation_error_message=_("A target ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(value_high=None) | Q(value_high__gte=F("value")),
                name="target_band_is_ordered",
                violation_error_message=_("The upper end of a band is above its lower end."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kpi}: {self.value} by {self.ends_on}"

    @property
    def low(self) -> int | float:
        """Give the value as figures are written: a whole count, whole micros, or a fraction."""
        return _figure(self.value, self.kpi.measure)

    @property
    def high(self) -> int | float | None:
        """Give the upper end of a band in the same way."""
        return None if self.value_high is None else _figure(self.value_high, self.kpi.measure)


def _figure(value: Decimal, measure: str) -> int | float:
    return float(value) if measure == Measure.RATE else int(value)

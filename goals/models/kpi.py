"""Kpi and Target: what is measured, in what unit, how much by when."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from goals.models.audience import Segment
from goals.models.goal import Goal
from goals.models.plan import Objective
from workspaces.models import Membership, Owned


class Measure(models.TextChoices):
    """What is read off the goal, or off a formula that names it."""

    COUNT = "count", _("Conversions")
    VALUE = "value", _("Value")
    RATE = "rate", _("Conversion rate")
    AVERAGE = "average", _("Average value")
    METRIC = "metric", _("A metric of your own")


class Format(models.TextChoices):
    """How a figure is written, and in what unit rows keep it: money in millionths, per cent as a fraction."""

    NUMBER = "number", _("Number with two decimals")
    COUNT = "count", _("Whole number")
    PERCENT = "percent", _("Per cent")
    MONEY = "money", _("Money")
    DURATION = "duration", _("Length of time")


# Of the measures that have one; a metric says its own.
FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        Measure.COUNT: Format.COUNT,
        Measure.VALUE: Format.MONEY,
        Measure.AVERAGE: Format.MONEY,
        Measure.RATE: Format.PERCENT,
    }
)


class Per(models.TextChoices):
    """The denominator of a rate; its name is part of the KPI."""

    VISITORS = "visitors", _("of visitors")
    SESSIONS = "sessions", _("of sessions")


class Direction(models.TextChoices):
    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")
    BAND = "band", _("Keep within a band")
    OBSERVE = "observe", _("Observe only")


class Weight(models.TextChoices):
    """How much hangs on a KPI."""

    PRIMARY = "primary", _("Primary")
    SECONDARY = "secondary", _("Secondary")
    GUARDRAIL = "guardrail", _("Guardrail")


class Timing(models.TextChoices):
    LEADING = "leading", _("Leading: moves first")
    LAGGING = "lagging", _("Lagging: tells the result")


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
    # Named, not imported: its formula is read a storey above. Restricted, so that it stays while KPIs are read off it.
    metric = models.ForeignKey(
        "reports.CalculatedMetric", on_delete=models.RESTRICT, null=True, blank=True, related_name="kpis",
        verbose_name=_("metric of your own"),
    )  # fmt: skip
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices, default=Direction.UP)
    department = models.CharField(_("department"), max_length=80, blank=True)
    owner = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    weight = models.CharField(_("weight"), max_length=9, choices=Weight.choices, default=Weight.SECONDARY)
    timing = models.CharField(_("leading or lagging"), max_length=7, choices=Timing.choices, blank=True)
    data_source = models.CharField(_("where the figure comes from"), max_length=120, blank=True)
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
            models.CheckConstraint(
                condition=Q(measure="metric", metric__isnull=False) | (~Q(measure="metric") & Q(metric=None)),
                name="kpi_of_a_metric_names_it",
                violation_error_message=_("Choose the metric of your own that the KPI is read off."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def format(self) -> Format:
        """Give how its figures are written."""
        return FORMATS[self.measure] if self.metric is None else Format(self.metric.format)


class Target(Owned):
    """A dated number for a KPI; several may overlap."""

    kpi = models.ForeignKey(Kpi, on_delete=models.CASCADE, related_name="targets")
    # A count, a number, micros of the currency, or for rates a fraction; the KPI's format says which.
    value = models.DecimalField(_("target"), max_digits=24, decimal_places=6)
    value_high = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)  # the band's upper end
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))  # the last day, itself inside
    baseline = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    baseline_since = models.DateField(null=True, blank=True)  # the days that the baseline was measured over
    baseline_until = models.DateField(null=True, blank=True)  # the last one, itself inside
    # Shares of what is expected to date: from `green_share` on all is well, below `amber_share` it is not.
    green_share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    amber_share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    segment = models.ForeignKey(
        Segment, on_delete=models.SET_NULL, null=True, blank=True, related_name="targets", verbose_name=_("segment")
    )  # None: all people
    slug = models.SlugField(max_length=140)  # names the target in spreadsheets and versions
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
            models.CheckConstraint(
                condition=Q(green_share=None) | Q(amber_share=None) | Q(green_share__gte=F("amber_share")),
                name="target_thresholds_are_ordered",
                violation_error_message=_("Green starts at or above amber."),
            ),
            models.UniqueConstraint(fields=("kpi", "slug"), name="target_slug_once"),
        )

    def __str__(self) -> str:
        return f"{self.kpi}: {self.value} by {self.ends_on}"

    @property
    def low(self) -> int | float:
        """Give the value as figures are written: a whole count, whole micros, a number, or a fraction."""
        return _figure(self.value, self.kpi.format)

    @property
    def high(self) -> int | float | None:
        """Give the upper end of a band in the same way."""
        return None if self.value_high is None else _figure(self.value_high, self.kpi.format)


def _figure(value: Decimal, written_as: Format) -> int | float:
    return int(value) if written_as in {Format.COUNT, Format.MONEY} else float(value)

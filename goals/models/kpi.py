"""Kpi and Target: what is measured, in what unit, how much by when."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from goals.models.audience import Segment
from goals.models.goal import Goal
from goals.models.plan import Objective
from workspaces.models import Membership, Owned


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
        """Give the value as figures are written: a whole count, whole micros, or a fraction."""
        return _figure(self.value, self.kpi.measure)

    @property
    def high(self) -> int | float | None:
        """Give the upper end of a band in the same way."""
        return None if self.value_high is None else _figure(self.value_high, self.kpi.measure)


def _figure(value: Decimal, measure: str) -> int | float:
    return float(value) if measure == Measure.RATE else int(value)

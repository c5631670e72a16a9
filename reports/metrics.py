"""METRICS: every figure that a report shows: its name, its unit, and how it is computed, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goals.models import Measure

Unit = Literal["count", "share", "money"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of a goal.

    unit       count: a number; share: a fraction; money: micros of the currency
    formula    what is divided by what, for "How is this computed?"
    additive   sums over days give the figure of the range; False for uniques and ratios
    """

    label: Promise
    unit: Unit
    formula: Promise
    additive: bool = True


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        "conversions": Metric(_("Conversions"), "count", _("How often the goal was reached, counted by its rule.")),
        "rate": Metric(
            _("Conversion rate"),
            "share",
            _("Visitors who reached the goal, divided by all visitors of the same days."),
            additive=False,
        ),
        "converters": Metric(
            _("People who converted"), "count", _("Different visitors who reached the goal."), additive=False
        ),
        "value": Metric(_("Value"), "money", _("The sum of the conversions' values, before refunds.")),
        "value_net": Metric(
            _("Value after refunds"), "money", _("The same after refunds, each booked on the day of its conversion.")
        ),
        "average": Metric(
            _("Average value"), "money", _("Value divided by conversions, both of the whole range."), additive=False
        ),
    }
)

# What the goal's page draws of a KPI's measure; a metric of the workspace's own is none of these.
ON_GOAL_PAGE: Mapping[str, str] = MappingProxyType(
    {
        Measure.COUNT: "conversions",
        Measure.VALUE: "value",
        Measure.RATE: "rate",
        Measure.AVERAGE: "average",
    }
)


@dataclass(frozen=True, slots=True)
class Denominator:
    """What a rate is of; its name is part of the rate.

    rate       the rate's full name
    formula    of the total, in words
    touched    the denominator of a row of a breakdown, in words
    """

    label: Promise
    rate: Promise
    formula: Promise
    touched: Promise


PER: Mapping[str, Denominator] = MappingProxyType(
    {
        "visitors": Denominator(
            _("visitors"),
            _("Conversion rate of visitors"),
            _("Different visitors who reached the goal on these days, divided by different visitors of these days."),
            _("visitors of these days with a touch of the row in them or within its window before them"),
        ),
        "sessions": Denominator(
            _("sessions"),
            _("Conversion rate of sessions"),
            _("Sessions that began on these days and reached the goal, divided by sessions that began on these days."),
            _("sessions of these days that began with a touch of the row"),
        ),
    }
)

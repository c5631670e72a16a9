"""TERMS: what a formula can name, all of them sums: whose figures, in what kind of unit, and how they add up.

The words are those of Explore's columns. Ratios are none of them: a formula divides the sums itself, so that every row
divides its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.explore.metrics import ALWAYS, BY_VISIT, OF_GOALS, OF_VISITS


class Kind(Enum):
    """What a sum is counted in."""

    COUNT = "count"
    MONEY = "money"  # micros of the goal's currency
    TIME = "time"  # microseconds


@dataclass(frozen=True, slots=True)
class Term:
    """One word of formulas.

    sums     the sums of a row that it adds up; those of a goal without the goal's name
    of_goal  a goal's short name comes after a colon
    adds     as columns of explorations say it
    """

    label: str | Promise
    kind: Kind
    sums: tuple[str, ...]
    of_goal: bool = False
    adds: str = ALWAYS


def _of_column(name: str, kind: Kind = Kind.COUNT) -> Term:
    figure = {**OF_VISITS, **OF_GOALS}[name]
    return Term(figure.label, kind, figure.sums, name in OF_GOALS, figure.adds)


TERMS: Mapping[str, Term] = MappingProxyType(
    {
        **{name: _of_column(name) for name in ("visitors", "sessions", "pageviews", "events")},
        "bounces": Term(_("Sessions with one event alone"), Kind.COUNT, ("bounces",), adds=BY_VISIT),
        "time": Term(_("Time in sessions"), Kind.TIME, ("lasted",), adds=BY_VISIT),
        **{name: _of_column(name) for name in ("conversions", "converters", "participation")},
        "reached": Term(_("Sessions that reached it"), Kind.COUNT, ("reached",), of_goal=True, adds=BY_VISIT),
        **{name: _of_column(name, Kind.MONEY) for name in ("value", "value_net")},
    }
)
# Columns that are ratios already, with what divides the same sums.
RATIOS: Mapping[str, str] = MappingProxyType(
    {
        "pages": "pageviews / sessions",
        "bounce": "bounces / sessions",
        "duration": "time / sessions",
        "rate": "converters:{goal} / visitors",
        "session_rate": "reached:{goal} / sessions",
        "average": "value:{goal} / conversions:{goal}",
    }
)
# Parts that lie in their whole, one or none of each: a share of them has a Wilson interval.
LIES_IN: Mapping[str, str] = MappingProxyType({"converters": "visitors", "reached": "sessions", "bounces": "sessions"})

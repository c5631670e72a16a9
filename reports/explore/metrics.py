"""FIGURES: what a column can show, of visits and of a goal: its sums, what is computed of them, and how, in words.

Sums have names: "sessions", "conversions:sale", "value:sale:NOK". Every ratio is computed from the sums of its own row.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analysis.rates import Rate, ratio
from analysis.rates import rate as proportion
from reports.daily import Figures
from reports.metrics import METRICS, PER

Unit = Literal["count", "number", "share", "percent", "duration", "money"]
Sums = Mapping[str, int]
Credits = Mapping[str, Mapping[str, float]]  # sums by their names, by the values of a dimension
ALWAYS, BY_VISIT, NEVER = "always", "by_visit", "never"
CALCULATED = "metric"  # before the short name of a metric that the workspace wrote itself


@dataclass(frozen=True, slots=True)
class Counted:
    """A goal as columns take it.

    pk           its conversions are the view `paths<pk>` of a connection
    currency     of its average value
    currencies   all that its values are in, each summed by itself
    """

    pk: int
    slug: str
    name: str
    currency: str
    currencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """What one cell holds.

    number    what it is sorted by; None where nothing can be said
    rate      with its interval, where it is one
    part      of a rate or share, and the whole
    amounts   of money: (currency, micros), each of its own
    """

    number: float | None = None
    rate: Rate | None = None
    part: int = 0
    whole: int = 0
    amounts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind of column.

    unit      share: with its part and whole; percent: a fraction that has none
    formula   of what, in words
    sums      the sums it takes; those of a goal without its name
    adds      always: rows add up; by_visit: but for rows of what happens in visits; never: uniques and ratios
    whole     the name of what a rate is of
    """

    label: str | Promise
    unit: Unit
    formula: str | Promise
    sums: tuple[str, ...]
    of: Callable[[Sums, Counted | None], Value]
    adds: str = ALWAYS
    whole: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """One column: a figure, of a goal where it is one of goals.

    currencies   of its amounts, each by itself
    credits      what a model of its own gives to rows of one level, in place of their sums; None where it gives nothing
    """

    key: str
    figure: Figure
    goal: Counted | None = None
    needs: tuple[str, ...] = field(default=(), compare=False)
    currencies: tuple[str, ...] = ()
    credits: Credits | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """Give what people read above it."""
        return f"{self.goal.name}: {self.figure.label}" if self.goal else str(self.figure.label)

    @property
    def is_calculated(self) -> bool:
        """Say whether the workspace wrote it itself."""
        return self.key.startswith(f"{CALCULATED}:")

    def value(self, sums: Sums, keys: Collection[str] | None = None) -> Value:
        """Compute it from the sums of a row.

        keys   the values that the row of a level stands for; None for the total, which nothing is credited to
        """
        if self.credits is None or keys is None:
            return self.figure.of(sums, self.goal)
        names = {name for earned in self.credits.values() for name in earned}
        credited = {name: sum(self.credits.get(key, {}).get(name, 0) for key in keys) for name in names}
        # Of shares, which only metrics that are computed as fractions take.
        return self.figure.of(cast(Sums, {**sums, **credited}), self.goal)


def figures_of(sums: Sums, goal: Counted | None) -> Figures:
    """Give the sums of a row as the goal page's own figures."""
    slug, currency = (goal.slug, goal.currency) if goal else ("", "")
    return Figures(
        conversions=sums.get(f"conversions:{slug}", 0),
        converters=sums.get(f"converters:{slug}", 0),
        converting_sessions=sums.get(f"reached:{slug}", 0),
        value=sums.get(f"value:{slug}:{currency}", 0),
        refund=sums.get(f"refund:{slug}:{currency}", 0),
        visitors=sums.get("visitors", 0),
        sessions=sums.get("sessions", 0),
    )


def _count(name: str) -> Callable[[Sums, Counted | None], Value]:
    def value(sums: Sums, goal: Counted | None) -> Value:
        return Value(sums.get(f"{name}:{goal.slug}" if goal else name, 0))

    return value


def _rate(per: str) -> Callable[[Sums, Counted | None], Value]:
    def value(sums: Sums, goal: Counted | None) -> Value:
        found = figures_of(sums, goal)
        rate = found.rate(per)
        return Value(rate.value if rate else None, rate, found.part(per), found.whole(per))

    return value


def _bounced(sums: Sums, _goal: Counted | None) -> Value:
    part, whole = sums.get("bounces", 0), sums.get("sessions", 0)
    rate = proportion(part, whole)
    return Value(rate.value if rate else None, rate, part, whole)


def _mean(name: str) -> Callable[[Sums, Counted | None], Value]:
    def value(sums: Sums, _goal: Counted | None) -> Value:
        whole = sums.get("sessions", 0)
        return Value(ratio(sums.get(name, 0), whole), part=sums.get(name, 0), whole=whole)

    return value


def _lasted(sums: Sums, _goal: Counted | None) -> Value:
    micros = ratio(sums.get("lasted", 0), sums.get("sessions", 0))
    return Value(None if micros is None else micros / 1_000_000)  # seconds


def _money(*names: str) -> Callable[[Sums, Counted | None], Value]:
    def value(sums: Sums, goal: Counted | None) -> Value:
        if goal is None:
            return Value()
        amounts = tuple(
            (currency, sum(sums.get(f"{name}:{goal.slug}:{currency}", 0) for name in names))
            for currency in goal.currencies
        )
        held = tuple(each for each in amounts if each[1]) or amounts[:1]
        return Value(dict(amounts).get(goal.currency, 0), amounts=held)

    return value


def _average(sums: Sums, goal: Counted | None) -> Value:
    average = figures_of(sums, goal).average
    if goal is None or average is None:
        return Value()
    return Value(average, amounts=((goal.currency, average),))


OF_VISITS: Mapping[str, Figure] = MappingProxyType(
    {
        "visitors": Figure(
            _("Visitors"), "count", _("Different people who were there on these days."), ("visitors",),
            _count("visitors"), NEVER,
        ),
        "sessions": Figure(
            _("Sessions"), "count", _("Sessions that began on these days."), ("sessions",), _count("sessions"), BY_VISIT
        ),
        "pageviews": Figure(
            _("Page views"), "count", _("Page views of these sessions."), ("pageviews",), _count("pageviews")
        ),
        "events": Figure(_("Events"), "count", _("Events of these sessions."), ("events",), _count("events")),
        "pages": Figure(
            _("Pages per session"), "number", _("Page views divided by sessions."), ("pageviews", "sessions"),
            _mean("pageviews"), NEVER,
        ),
        "bounce": Figure(
            _("Bounce rate"), "share", _("Sessions with one event alone, divided by sessions."),
            ("bounces", "sessions"), _bounced, NEVER, PER["sessions"].label,
        ),
        "duration": Figure(
            _("Session duration"), "duration",
            _("Time from the first event of a session to its last, on average of all sessions."),
            ("lasted", "sessions"), _lasted, NEVER,
        ),
    }
)  # fmt: skip
OF_GOALS: Mapping[str, Figure] = MappingProxyType(
    {
        "conversions": Figure(
            METRICS["conversions"].label, "count", METRICS["conversions"].formula, ("conversions",),
            _count("conversions"),
        ),
        "converters": Figure(
            METRICS["converters"].label, "count", METRICS["converters"].formula, ("converters",),
            _count("converters"), NEVER,
        ),
        "rate": Figure(
            PER["visitors"].rate, "share", PER["visitors"].formula, ("converters", "visitors"), _rate("visitors"),
            NEVER, PER["visitors"].label,
        ),
        "session_rate": Figure(
            PER["sessions"].rate, "share", PER["sessions"].formula, ("reached", "sessions"), _rate("sessions"),
            NEVER, PER["sessions"].label,
        ),
        "value": Figure(METRICS["value"].label, "money", METRICS["value"].formula, ("value",), _money("value")),
        "value_net": Figure(
            METRICS["value_net"].label, "money", METRICS["value_net"].formula, ("value", "refund"),
            _money("value", "refund"),
        ),
        "average": Figure(
            METRICS["average"].label, "money", METRICS["average"].formula, ("value", "conversions"), _average, NEVER
        ),
        "participation": Figure(
            _("Participation"), "count",
            _("Conversions in whose session the row's value was there; a conversion counts in each such row."),
            ("participation",), _count("participation"), NEVER,
        ),
    }
)  # fmt: skip


def metric_of(key: str, goals: Mapping[str, Counted], calculated: Mapping[str, Metric]) -> Metric | None:
    """Give the column of a key such as "sessions" or "rate:sale"; None where there is none.

    calculated   columns of the workspace's own metrics, by their keys
    """
    name, _colon, slug = key.partition(":")
    if key in calculated:
        return calculated[key]
    if key in OF_VISITS:
        return Metric(key, OF_VISITS[key], needs=OF_VISITS[key].sums)
    if name not in OF_GOALS or slug not in goals:
        return None
    figure = OF_GOALS[name]
    of_visits = {"visitors", "sessions"}
    needs = tuple(each if each in of_visits else f"{each}:{slug}" for each in figure.sums)
    goal = goals[slug]
    currencies = (goal.currency,) if name == "average" else goal.currencies
    return Metric(key, figure, goal, needs, currencies if figure.unit == "money" else ())

"""Reads a KPI off a metric of the workspace's own: the same figure as in explorations, from the published days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from analysis.pacing import Pace, Record, pace_of_ratio, pace_of_sum
from analysis.targets import Target as Aim
from goals.models import Goal, Kpi
from reports import uniques
from reports.answer import COMPUTING, FAULTY, NO_EVENTS, READY, UNTRACKED, state_of
from reports.calculated.columns import column_of, told
from reports.calculated.formula import Figure as Named
from reports.calculated.formula import Node, figures_in
from reports.calculated.linear import PEOPLE, Ratio, Weights
from reports.calculated.parsing import BadFormula
from reports.calculated.terms import Kind
from reports.daily import GoalDay, VisitDay
from reports.explore.answer import counted_of
from reports.explore.metrics import Metric as Column
from reports.meters.meter import ByDay, Figure
from reports.meters.people import new_people
from reports.models import CalculatedMetric
from reports.publishing import Published
from reports.uniques import DayPersons
from workspaces.models import Workspace

# What a day has of the sums that formulas take, by their names.
_OF_GOALS: Mapping[str, Callable[[GoalDay], int]] = MappingProxyType(
    {
        "conversions": lambda day: day.conversions,
        "reached": lambda day: day.sessions,
        "value": lambda day: day.value,
        "refund": lambda day: day.refund,
    }
)
_OF_VISITS: Mapping[str, Callable[[VisitDay], int]] = MappingProxyType(
    {
        "sessions": lambda day: day.sessions,
        "pageviews": lambda day: day.pageviews,
        "events": lambda day: day.events,
    }
)


@dataclass(frozen=True, slots=True)
class OfMetric:
    """A KPI of a metric.

    named   the goals that the formula names, by their short names
    """

    kpi: Kpi
    metric: CalculatedMetric
    workspace: Workspace
    node: Node
    ratio: Ratio
    named: Mapping[str, Goal]

    @property
    def goals(self) -> tuple[Goal, ...]:
        """Give the goals that the formula names."""
        return tuple(self.named.values())

    def read(self, published: Published) -> "MetricMetered | Unmetered":
        """Take the goals' days and the visits."""
        counted = {slug: counted_of(goal, published, self.workspace) for slug, goal in self.named.items()}
        try:
            column = column_of(self.metric, self.node, counted)
        except BadFormula as refusal:  # its goals have come to be paid in other currencies
            return Unmetered(str(refusal))
        words = told(self.metric, self.node, counted, direction=str(self.kpi.get_direction_display()))
        return MetricMetered(self, published, column, {slug: goal.currency for slug, goal in counted.items()}, words)


@dataclass(frozen=True, slots=True)
class Broken:
    """A KPI of a metric that can't be read any more."""

    fault: str
    goals: tuple[Goal, ...] = ()

    def read(self, published: Published) -> "Unmetered":  # noqa: ARG002  # as every meter is read
        """Say why it can't be."""
        return Unmetered(self.fault)


@dataclass(frozen=True, slots=True)
class Unmetered:
    """No figure, and why."""

    fault: str
    state: str = FAULTY
    currency: str = ""
    is_share: bool = False
    of: str = ""
    told: str = ""

    def figure(self, since: date, until: date) -> Figure:  # noqa: ARG002
        """Give nothing."""
        return Figure(None, 0.0, 0)

    def by_day(self, begin: date, since: date) -> tuple[ByDay, ByDay]:  # noqa: ARG002
        """Give nothing of any day."""
        return lambda _: 0.0, lambda _: 0.0

    def pace(self, target: Aim, above: Record, below: Record) -> Pace:
        """Give the pace of nothing, which nobody is shown."""
        return pace_of_ratio(target, above, below, is_rate=False)


@dataclass(frozen=True, slots=True)
class MetricMetered:
    """The metric's days of one publication.

    column       as explorations show the metric
    currencies   of the values of each goal, by its short name
    """

    meter: OfMetric
    published: Published
    column: Column
    currencies: Mapping[str, str]
    told: str
    fault: str = ""

    @property
    def state(self) -> str:
        """Say whether all goals have figures; of a metric of visits alone, whether there are any."""
        published = self.published
        if published.publication is None:
            return COMPUTING if published.has_events else NO_EVENTS
        states = {state_of(published, goal) for goal in self.meter.goals}
        return next((each for each in (UNTRACKED, FAULTY, COMPUTING) if each in states), READY)

    @property
    def currency(self) -> str:
        """Give the currency of the result."""
        return next(iter(self.column.currencies), "")

    @property
    def of(self) -> str:
        """Name the whole of a share."""
        return str(self.column.figure.whole).lower()

    @property
    def is_share(self) -> bool:
        """Say whether a part is divided by the whole that it lies in."""
        return self.column.figure.unit == "share"

    def figure(self, since: date, until: date) -> Figure:
        """Give the cell that explorations have in the total of these days."""
        figures = list(figures_in(self.meter.node))
        sums = {key: n for each in figures for key, n in self._sums(each, since, until).items()}
        actual = self.column.value(sums).number
        part, whole = (self._weighed(weights, sums) for weights in (self.meter.ratio.above, self.meter.ratio.below))
        return Figure(None if actual is None else float(actual), part, round(whole))

    def by_day(self, begin: date, since: date) -> tuple[ByDay, ByDay]:
        """Give the weighted sums of each day above and below the line."""
        ratio = self.meter.ratio
        above = self._daily(ratio.above, begin, since)
        return above, (lambda _: 1.0) if ratio.below is None else self._daily(ratio.below, begin, since)

    def pace(self, target: Aim, above: Record, below: Record) -> Pace:
        """Give where the target stands."""
        if self.meter.ratio.below is None:
            return pace_of_sum(target, above, is_count=self.meter.ratio.is_count)
        return pace_of_ratio(target, above, below, is_rate=self.is_share)

    def _sums(self, figure: Named, since: date, until: date) -> dict[str, int]:
        """Give the sums that a figure takes, by the names that explorations have for them."""
        ending = f":{self.currencies[figure.goal]}" if figure.term.kind is Kind.MONEY else ""
        if figure.name in PEOPLE:
            return {figure.needs[0]: uniques.distinct(self._persons(figure), since, until)}
        days = [since + timedelta(days=n) for n in range((until - since).days)]
        pairs = zip(figure.needs, figure.term.sums, strict=True)
        return {f"{key}{ending}": sum(self._of(name, figure.goal, day) for day in days) for key, name in pairs}

    def _weighed(self, weights: Weights | None, sums: Mapping[str, int]) -> float:
        total = 0.0
        for figure, weight in (weights or {}).items():
            ending = f":{self.currencies[figure.goal]}" if figure.term.kind is Kind.MONEY else ""
            total += float(weight * sum(sums[f"{key}{ending}"] for key in figure.needs))
        return total

    def _daily(self, weights: Weights, begin: date, since: date) -> ByDay:
        parts = [(float(weight), self._day(figure, begin, since)) for figure, weight in weights.items()]
        return lambda day: sum(weight * of(day) for weight, of in parts)

    def _day(self, figure: Named, begin: date, since: date) -> ByDay:
        if figure.name in PEOPLE:
            return new_people(self._persons(figure), begin, since)
        return lambda day: sum(self._of(name, figure.goal, day) for name in figure.term.sums)

    def _of(self, name: str, goal: str, day: date) -> int:
        if goal:
            row = self.published.days[self.meter.named[goal].pk].get(day)
            return 0 if row is None else _OF_GOALS[name](row)
        seen = self.published.visits.get(day)
        return 0 if seen is None else _OF_VISITS[name](seen)

    def _persons(self, figure: Named) -> Mapping[date, DayPersons]:
        days: Mapping[date, GoalDay | VisitDay] = (
            self.published.days[self.meter.named[figure.goal].pk] if figure.goal else self.published.visits
        )
        return {day: row.persons for day, row in days.items()}

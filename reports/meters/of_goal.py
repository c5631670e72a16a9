"""Reads a KPI off its own goal: conversions, their value, its average, a rate of visitors or sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from analysis.pacing import Pace, Record, pace_of_ratio, pace_of_sum
from analysis.targets import Target as Aim
from goals.models import Goal, Kpi, Measure, Per
from reports.answer import state_of
from reports.daily import Figures, GoalDay, VisitDay, figures
from reports.meters.meter import ByDay, Figure
from reports.meters.people import new_people
from reports.metrics import PER
from reports.publishing import Published

_NONE, _NOBODY = GoalDay(), VisitDay()


@dataclass(frozen=True, slots=True)
class OfGoal:
    """A KPI of one goal."""

    kpi: Kpi

    @property
    def goals(self) -> tuple[Goal, ...]:
        """Give its goal."""
        return (self.kpi.goal,)

    def read(self, published: Published) -> "GoalMetered":
        """Take the goal's days."""
        return GoalMetered(self.kpi, published)


@dataclass(frozen=True, slots=True)
class GoalMetered:
    """The goal's days of one publication."""

    kpi: Kpi
    published: Published
    fault: str = ""
    told: str = ""

    @property
    def state(self) -> str:
        """Say whether the goal has figures."""
        return state_of(self.published, self.kpi.goal)

    @property
    def currency(self) -> str:
        """Give the currency of the goal's values."""
        fill = self.published.fills.get(self.kpi.goal_id)
        return fill.currency if fill else ""

    @property
    def of(self) -> str:
        """Name the denominator of a rate."""
        return str(PER[self.kpi.per].label) if self.kpi.per else ""

    @property
    def is_share(self) -> bool:
        """Say whether it is a rate."""
        return self._measure is Measure.RATE

    def figure(self, since: date, until: date) -> Figure:
        """Give what the days add up to."""
        # Only a rate of visitors asks who they were; counting persons of every week would cost most of the page's time.
        seen = self.published.visits if self._measure is Measure.RATE else {}
        total = figures(self._days, seen, since=since, until=until)
        if self._measure is Measure.RATE:
            return Figure(self._actual(total), total.part(self.kpi.per), total.whole(self.kpi.per))
        return Figure(self._actual(total), total.value, total.conversions)

    def by_day(self, begin: date, since: date) -> tuple[ByDay, ByDay]:
        """Give what each day adds; people are those new to the period, or to the history before it."""
        days, visits = self._days, self.published.visits
        match self._measure, self.kpi.per:
            case Measure.COUNT, _:
                return lambda day: days.get(day, _NONE).conversions, lambda _: 1.0
            case Measure.VALUE, _:
                return lambda day: days.get(day, _NONE).value, lambda _: 1.0
            case Measure.AVERAGE, _:
                return lambda day: days.get(day, _NONE).value, lambda day: days.get(day, _NONE).conversions
            case _, Per.SESSIONS:
                return lambda day: days.get(day, _NONE).sessions, lambda day: visits.get(day, _NOBODY).sessions
        converters = {day: row.persons for day, row in days.items()}
        visitors = {day: row.persons for day, row in visits.items()}
        return new_people(converters, begin, since), new_people(visitors, begin, since)

    def pace(self, target: Aim, above: Record, below: Record) -> Pace:
        """Give where the target stands."""
        if self._measure in {Measure.COUNT, Measure.VALUE}:
            return pace_of_sum(target, above, is_count=self._measure is Measure.COUNT)
        return pace_of_ratio(target, above, below, is_rate=self._measure is Measure.RATE)

    @property
    def _measure(self) -> Measure:
        return Measure(self.kpi.measure)

    @property
    def _days(self) -> Mapping[date, GoalDay]:
        return self.published.days[self.kpi.goal_id]

    def _actual(self, total: Figures) -> float | None:
        match self._measure:
            case Measure.COUNT:
                return float(total.conversions)
            case Measure.VALUE:
                return float(total.value)
            case Measure.AVERAGE:
                return None if total.average is None else float(total.average)
        rate = total.rate(self.kpi.per)
        return None if rate is None else rate.value

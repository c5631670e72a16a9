"""What a KPI was before a target's period: the very figures of the goal's page for those days."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from goals.baselines import Days, stretches
from goals.figures import digits
from goals.models import Kpi, Measure
from reports import publishing
from reports.answer import READY, state_of
from reports.daily import Figures, figures
from reports.progress import actual_of, parts_of
from workspaces.models import Workspace
from workspaces.zones import day_of


@dataclass(frozen=True, slots=True)
class Baseline:
    """The figures of one stretch of days.

    is_covered   whether history reaches back so far; without it nothing else is known
    actual       count, micros or fraction; None where a rate has no denominator
    part, whole  what a rate or average is made of
    """

    days: Days
    is_covered: bool
    actual: float | None = None
    part: float = 0
    whole: int = 0

    @property
    def since(self) -> date:
        """Give the first day."""
        return self.days.since

    @property
    def last(self) -> date:
        """Give the last day, itself inside."""
        return self.days.last


@dataclass(frozen=True, slots=True)
class Baselines:
    """What is known of before.

    state      ready, or why there are no figures, as in reports.answer
    since      the first whole day that was measured
    """

    state: str
    since: date | None
    found: tuple[Baseline, ...]
    currency: str


def baselines(workspace: Workspace, kpi: Kpi, *, first: date, last: date, now: datetime) -> Baselines:
    """Give the KPI's figures before a period with these first and last days."""
    asked = stretches(first, last, today=day_of(now, workspace.zone))
    since, until = min(days.since for days in asked), max(days.until for days in asked)
    published = publishing.read(workspace.pk, [kpi.goal_id], since=since, until=until)
    state = state_of(published, kpi.goal)
    begun = published.publication.first_day if published.publication else None

    def figures_of(days: Days) -> Figures:
        return figures(published.days[kpi.goal_id], published.visits, since=days.since, until=days.until)

    found = tuple(
        _baseline(kpi, days, figures_of(days)) if state == READY and days.is_covered(begun) else Baseline(days, False)
        for days in asked
    )
    fill = published.fills.get(kpi.goal_id)
    return Baselines(state, begun, found, (fill and fill.currency) or workspace.currency)


def typed(kpi: Kpi, actual: float) -> str:
    """Write a figure as people type it into the target's form: per cent, units of the currency, or a count."""
    match Measure(kpi.measure):
        case Measure.RATE:
            return digits(Decimal(f"{actual * 100:.4f}"))
        case Measure.COUNT:
            return digits(Decimal(f"{actual:.0f}"))
    return digits(Decimal(f"{actual / 10**6:.2f}"))


def _baseline(kpi: Kpi, days: Days, total: Figures) -> Baseline:
    part, whole = parts_of(kpi, total)
    return Baseline(days, True, actual_of(kpi, total), part, whole)

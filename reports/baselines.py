"""What a KPI was before a target's period: the very figures of the goal's page for those days."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from goals.baselines import Days, stretches
from goals.figures import digits
from goals.models import Format, Kpi
from reports import publishing
from reports.answer import READY
from reports.meters.found import meters_of
from reports.meters.meter import Metered
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
    is_share   whether figures are counts divided by those that they lie in
    """

    state: str
    since: date | None
    found: tuple[Baseline, ...]
    currency: str
    is_share: bool


def baselines(workspace: Workspace, kpi: Kpi, *, first: date, last: date, now: datetime) -> Baselines:
    """Give the KPI's figures before a period with these first and last days."""
    asked = stretches(first, last, today=day_of(now, workspace.zone))
    since, until = min(days.since for days in asked), max(days.until for days in asked)
    meter = meters_of(workspace, [kpi])[kpi.pk]
    published = publishing.read(workspace.pk, [goal.pk for goal in meter.goals], since=since, until=until)
    metered = meter.read(published)
    begun = published.publication.first_day if published.publication else None
    found = tuple(
        _baseline(metered, days) if metered.state == READY and days.is_covered(begun) else Baseline(days, False)
        for days in asked
    )
    return Baselines(metered.state, begun, found, metered.currency or workspace.currency, metered.is_share)


def typed(kpi: Kpi, actual: float) -> str:
    """Write a figure as people type it into the target's form: per cent, units of the currency, or a number."""
    match kpi.format:
        case Format.PERCENT:
            return digits(Decimal(f"{actual * 100:.4f}"))
        case Format.COUNT:
            return digits(Decimal(f"{actual:.0f}"))
        case Format.MONEY:
            return digits(Decimal(f"{actual / 10**6:.2f}"))
    return digits(Decimal(f"{actual:.2f}"))


def _baseline(metered: Metered, days: Days) -> Baseline:
    found = metered.figure(days.since, days.until)
    return Baseline(days, True, found.actual, found.part, found.whole)

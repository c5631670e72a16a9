"""When an alert would have fired in the last 90 days, by the same steps as those that watch it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from reports import publishing
from reports.alerts.kinds import KINDS
from reports.alerts.stepping import Course, Turn, follow
from reports.models import Alert
from reports.models.alert import AlertKind
from reports.periods import DAY, Span
from tracking.health import complete_through
from workspaces.models import Workspace
from workspaces.zones import day_of

LOOKED_BACK: Final = 90  # days


@dataclass(frozen=True, slots=True)
class Backtest:
    """What would have been on the days, each looked at when it was over.

    turns   beginnings and ends, oldest first
    course  where the alert stands after the last day
    """

    days: Span
    turns: tuple[Turn, ...]
    course: Course

    @property
    def begun(self) -> tuple[Turn, ...]:
        """Give the days on which it would have fired."""
        return tuple(turn for turn in self.turns if not turn.is_over)


def backtest(alert: Alert, *, now: datetime) -> Backtest | None:
    """Follow the alert, saved or not, through the last 90 full days; None while there are no figures."""
    last = last_full_day(alert.workspace, now=now)
    if last is None:
        return None
    days = Span(last - timedelta(days=LOOKED_BACK - 1), last + DAY)
    kind = KINDS[AlertKind(alert.kind)]
    lens = kind.lens(alert, days, now)
    if lens is None:
        return None
    course, turns = follow(Course(), dates(days), lens, kind.patience(alert))
    return Backtest(days, tuple(turns), course)


def last_full_day(workspace: Workspace, *, now: datetime) -> date | None:
    """Give the last day of the workspace's calendar that is over and whose events are in the figures.

    None before the first figures. Where nothing waits to be computed a quiet night is known to be quiet.
    """
    published = publishing.read(workspace.pk, [], since=date.min, until=date.min)  # no day's figures are needed
    if published.publication is None or published.publication.computed_through is None:
        return None
    known = complete_through(workspace.pk, now=now) if published.is_fresh else None
    return day_of(known or published.publication.computed_through, workspace.zone) - DAY


def dates(days: Span) -> list[date]:
    """Give each day of the span."""
    return [days.since + timedelta(days=n) for n in range(days.days)]

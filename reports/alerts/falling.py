"""A goal's rate falls: the last full days against the same weekdays of the weeks before."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from analysis.falls import fall
from goals.models import Goal
from reports import publishing
from reports.alerts.stepping import Lens, Look, Patience, Verdict
from reports.answer import READY, state_of
from reports.daily import figures
from reports.gaps import days_out, gaps_of
from reports.models import Alert
from reports.periods import DAY, WEEK, Span

WEEKS: Final = 4  # before: enough that one odd week does not decide, and near enough to be the same season
LEAST_WEEKS: Final = 2  # of them that have whole days; with one, every weekday would be held against a single other
USUAL_AFTER: Final = WEEKS * WEEK  # days: from then on the weeks before have fallen, too


Counts = tuple[int, int]  # converters and visitors of a span, or converting sessions and sessions


def patience_of(alert: Alert) -> Patience:  # noqa: ARG001  # the same for every rate
    """Tell on the first day; what has fallen for four weeks is the usual."""
    return Patience(usual_after=USUAL_AFTER)


def lens_of(alert: Alert, days: Span, *, now: datetime) -> Lens | None:
    """Read the figures that the days need, once; None while the goal's are not there."""
    goal = alert.goal
    if goal is None:
        return None
    # A day of an episode is held against the weeks before the episode.
    since = days.since - timedelta(days=alert.width_days + USUAL_AFTER + (WEEKS + 1) * WEEK)
    published = publishing.read(alert.workspace_id, [goal.pk], since=since, until=days.until)
    publication = published.publication
    if state_of(published, goal) != READY or publication is None or publication.first_day is None:
        return None
    rows, visits = published.days[goal.pk], published.visits
    first = publication.first_day + DAY  # the first day's boundary may lie before the first event's
    gaps = gaps_of(alert.workspace, [goal.pk], since=since, until=days.until, now=now)

    @cache
    def counts(span: Span) -> Counts:
        row = figures(rows, visits, since=span.since, until=span.until)
        return row.part(alert.per), row.whole(alert.per)

    return _lens(alert, goal, counts, first=first, out=days_out(gaps.get(goal.pk, ())))


def weeks_before(span: Span, began: date | None) -> list[Span]:
    """Give the same weekdays of the weeks before the span, or before the episode that a day began."""
    within = -(-(span.last - began).days // WEEK) if began else 0
    return [span.back(WEEK * (within + week)) for week in range(1, WEEKS + 1)]


def _lens(alert: Alert, goal: Goal, counts: Callable[[Span], Counts], *, first: date, out: frozenset[date]) -> Lens:
    def is_whole(span: Span) -> bool:
        return span.since >= first and not any(span.since <= day < span.until for day in out)

    def look(day: date, began: date | None) -> Look:
        span = Span(day - timedelta(days=alert.width_days - 1), day + DAY)
        before = [counts(each) for each in weeks_before(span, began) if is_whole(each)]
        part, whole = counts(span)
        part_before, whole_before = sum(n for n, _ in before), sum(n for _, n in before)
        facts = {
            "goal": goal.slug, "since": span.since.isoformat(), "until": span.until.isoformat(),
            "part": part, "whole": whole, "part_before": part_before, "whole_before": whole_before,
            "weeks": len(before),
        }  # fmt: skip
        if not is_whole(span) or len(before) < LEAST_WEEKS or part > whole or part_before > whole_before:
            return Look(Verdict.UNKNOWN, facts)
        found = fall(part, whole, part_before, whole_before)
        if found is None:
            return Look(Verdict.UNKNOWN, facts)
        facts |= {"share": found.share, "p": found.p}
        if found.share <= alert.fall_percent / 100:
            return Look(Verdict.OVER, facts)
        # Fallen so far, and perhaps by chance: neither news nor the end of it.
        return Look(Verdict.HOLDS if found.is_beyond_chance else Verdict.UNKNOWN, facts)

    return look

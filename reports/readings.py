"""A KPI's daily values before and in a target's period, as the arithmetic of pace takes them. Pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analysis.arrays import Floats
from goals.models import Kpi, Measure, Per
from reports.daily import GoalDay, VisitDay
from reports.periods import DAY, Span
from reports.uniques import NOBODY, DayPersons

HISTORY_DAYS = 26 * 7  # what the arithmetic remembers of a level; more would cost time on every page


@dataclass(frozen=True, slots=True)
class Reading:
    """Daily values, oldest first, up to the day that runs.

    above, below   float64[days]: numerators (or the sums themselves) and denominators (ones for sums); NaN where not
                   measured, or not whole
    history        how many of the days lie before the period
    besides        what came on days of the period that are not whole: of above and below
    """

    above: Floats
    below: Floats
    history: int
    besides: tuple[float, float] = (0.0, 0.0)


def read_days(
    kpi: Kpi,
    days: Mapping[date, GoalDay],
    visits: Mapping[date, VisitDay],
    *,
    first: date,
    span: Span,
    today: date,
    out: Collection[date] = (),
) -> Reading:
    """Give the KPI's values of each day.

    first   the first whole day that was measured; days of the period before it are NaN
    out     days on which tracking was broken: little came, which says nothing of other days
    """
    begin = min(max(first, span.since - timedelta(days=HISTORY_DAYS)), span.since)
    until = min(span.until, today + DAY)
    dates = [begin + timedelta(days=n) for n in range(max((until - begin).days, 0))]
    above, below = _columns(kpi, days, visits, begin, span.since)
    measured = np.array([day >= first for day in dates], dtype=np.bool_)
    whole = measured & np.array([day not in out for day in dates], dtype=np.bool_)
    lost = measured & ~whole & np.array([day >= span.since for day in dates], dtype=np.bool_)
    upper, lower = (np.array([read(day) for day in dates], dtype=np.float64) for read in (above, below))
    return Reading(
        above=np.where(whole, upper, np.nan),
        below=np.where(whole, lower, np.nan),
        history=min((span.since - begin).days, len(dates)),
        besides=(float(upper[lost].sum()), float(lower[lost].sum())),
    )


def _columns(
    kpi: Kpi, days: Mapping[date, GoalDay], visits: Mapping[date, VisitDay], begin: date, since: date
) -> tuple[Callable[[date], float], Callable[[date], float]]:
    none, nobody = GoalDay(), VisitDay()
    match Measure(kpi.measure), kpi.per:
        case Measure.COUNT, _:
            return lambda day: days.get(day, none).conversions, lambda _: 1.0
        case Measure.VALUE, _:
            return lambda day: days.get(day, none).value, lambda _: 1.0
        case Measure.AVERAGE, _:
            return lambda day: days.get(day, none).value, lambda day: days.get(day, none).conversions
        case Measure.RATE, Per.SESSIONS:
            return lambda day: days.get(day, none).sessions, lambda day: visits.get(day, nobody).sessions
    # Of visitors: each day's persons who are new to the period (or to the history before it). These days add up to
    # the period's different persons, so that the pace's sum is the very figure that every page shows.
    converters = {day: row.persons for day, row in days.items()}
    visitors = {day: row.persons for day, row in visits.items()}

    def new(rows: Mapping[date, DayPersons], day: date) -> float:
        start = since if day >= since else begin
        found = rows.get(day, NOBODY)
        return found.new_since((day - start).days)

    return lambda day: new(converters, day), lambda day: new(visitors, day)

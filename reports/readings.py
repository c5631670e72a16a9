"""A KPI's daily values before and in a target's period, as the arithmetic of pace takes them. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analysis.arrays import Floats
from reports.meters.meter import Metered
from reports.periods import DAY, Span

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


def read_days(metered: Metered, *, first: date, span: Span, today: date, out: Collection[date] = ()) -> Reading:
    """Give the KPI's values of each day.

    first   the first whole day that was measured; days of the period before it are NaN
    out     days on which tracking was broken: little came, which says nothing of other days
    """
    begin = min(max(first, span.since - timedelta(days=HISTORY_DAYS)), span.since)
    until = min(span.until, today + DAY)
    dates = [begin + timedelta(days=n) for n in range(max((until - begin).days, 0))]
    above, below = metered.by_day(begin, span.since)
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

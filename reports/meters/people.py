"""People by day, so that days add up to a period's different people: each on the first day in it alone."""

from collections.abc import Mapping
from datetime import date

from reports.meters.meter import ByDay
from reports.uniques import NOBODY, DayPersons


def new_people(days: Mapping[date, DayPersons], begin: date, since: date) -> ByDay:
    """Count each day's persons who are new to the period, or to the history before it.

    These days add up to the period's different persons, so that the pace's sum is the very figure that pages show.

    begin, since   where the history and the period begin
    """

    def new(day: date) -> float:
        start = since if day >= since else begin
        return days.get(day, NOBODY).new_since((day - start).days)

    return new

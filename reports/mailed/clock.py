"""On which days a schedule is due, and at which instant of each. Days are the workspace's; every period has one."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from reports.models import Cadence, Schedule
from workspaces.zones import clock_time, day_of

DAY: Final = timedelta(days=1)
WEEK_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a schedule is due.

    weekday     of a weekly one; Monday is 0
    month_day   of a monthly one, 1 to 31; in a month that has no such day, its last
    hour        on the clock of the workspace, 0 to 23
    """

    cadence: str
    weekday: int = 0
    month_day: int = 1
    hour: int = 7


def of(schedule: Schedule) -> Rhythm:
    """Give the schedule's rhythm."""
    return Rhythm(schedule.cadence, schedule.weekday, schedule.month_day, schedule.hour)


def next_day(rhythm: Rhythm, since: date) -> date:
    """Give the first day from `since` on that is due."""
    return NEXT[rhythm.cadence](rhythm, since)


def first_day(rhythm: Rhythm, zone: ZoneInfo, *, now: datetime, since: date | None = None) -> date:
    """Give the first due day, of those from `since` on where it is given, whose instant is still to come."""
    today = day_of(now, zone)
    day = next_day(rhythm, max(today, since or today))
    while instant(rhythm, day, zone) <= now:
        day = next_day(rhythm, day + DAY)
    return day


def instant(rhythm: Rhythm, day: date, zone: ZoneInfo) -> datetime:
    """Give the instant of the day, in UTC.

    Of an hour that a clock change repeats it is the first; for one that it skips, the moment after the gap.
    """
    return clock_time(day, time(rhythm.hour), zone)


def due_days(rhythm: Rhythm, zone: ZoneInfo, *, since: date, now: datetime) -> Iterator[date]:
    """Give the due days from `since` on whose instant has come, oldest first."""
    day = next_day(rhythm, since)
    while instant(rhythm, day, zone) <= now:
        yield day
        day = next_day(rhythm, day + DAY)


def changed(old: Rhythm, new: Rhythm, zone: ZoneInfo, *, sent_on: date | None, now: datetime) -> date:
    """Give the first due day of a new rhythm: of a week or month that has had its mail there is no second one.

    sent_on   the last day whose mails were made; None where there is none
    """
    if sent_on is None:
        return first_day(new, zone, now=now)
    # Between days and weeks, or weeks and months, it is another report: then no day has two.
    period = new.cadence if old.cadence == new.cadence else Cadence.DAILY
    return first_day(new, zone, now=now, since=AFTER[period](sent_on))


def _weekly(rhythm: Rhythm, since: date) -> date:
    return since + DAY * ((rhythm.weekday - since.weekday()) % WEEK_DAYS)


def _monthly(rhythm: Rhythm, since: date) -> date:
    day = _in_month(rhythm, since)
    return day if day >= since else _in_month(rhythm, since.replace(day=1) + timedelta(days=31))


def _in_month(rhythm: Rhythm, month: date) -> date:
    """Give the due day of the month in which a day lies."""
    return month.replace(day=min(rhythm.month_day, monthrange(month.year, month.month)[1]))


# The first day after the day, week or month in which a day lies.
AFTER: Final[Mapping[str, Callable[[date], date]]] = {
    Cadence.DAILY: lambda day: day + DAY,
    Cadence.WEEKLY: lambda day: day + DAY * (WEEK_DAYS - day.weekday()),
    Cadence.MONTHLY: lambda day: (day.replace(day=1) + timedelta(days=31)).replace(day=1),
}
NEXT: Final[Mapping[str, Callable[[Rhythm, date], date]]] = {
    Cadence.DAILY: lambda _rhythm, since: since,
    Cadence.WEEKLY: _weekly,
    Cadence.MONTHLY: _monthly,
}

"""Which time zones there are; days as half-open UTC intervals in one of them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Day:
    """One calendar day of a zone: [since, until) in UTC; 23 to 25 hours, in Apia once none at all."""

    day: date
    since: datetime
    until: datetime


def zone_exists(name: str) -> None:
    """Refuse a name that the time zone database does not have."""
    if name not in available_timezones():
        raise ValidationError(_('"%(name)s" is not a time zone; choose one such as Europe/Oslo'), params={"name": name})


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Give the first instant of the zone's calendar day, in UTC."""
    # fold=0 takes the earlier of two midnights; a midnight that a clock change skips maps past the gap,
    # which is that day's first instant.
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def clock_time(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Give the instant at which the zone's clocks show the time on that day, in UTC; the first of two."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def days_between(since: date, until: date, zone: ZoneInfo) -> list[Day]:
    """Give the days of [since, until), oldest first."""
    dates = [since + timedelta(days=n) for n in range((until - since).days)]
    return [Day(day, start_of(day, zone), start_of(day + timedelta(days=1), zone)) for day in dates]


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """Give the zone's calendar day of an instant."""
    return moment.astimezone(zone).date()

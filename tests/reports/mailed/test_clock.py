"""Due times: one a period, on the workspace's clock, through both changes of it and in months of every length."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.mailed import clock
from reports.mailed.clock import Rhythm
from reports.models import Cadence

OSLO = ZoneInfo("Europe/Oslo")
ZONES = st.sampled_from(["Europe/Oslo", "America/New_York", "Pacific/Apia", "Asia/Kolkata", "UTC"]).map(ZoneInfo)
RHYTHMS = st.builds(Rhythm, st.sampled_from(Cadence.values), st.integers(0, 6), st.integers(1, 31), st.integers(0, 23))
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("hour", "day", "expected"),
    [
        (7, "2026-03-28", "2026-03-28T06:00"),
        (7, "2026-03-29", "2026-03-29T05:00"),
        (2, "2026-03-29", "2026-03-29T01:00"),
        (3, "2026-03-29", "2026-03-29T01:00"),
        (7, "2026-10-24", "2026-10-24T05:00"),
        (7, "2026-10-25", "2026-10-25T06:00"),
        (2, "2026-10-25", "2026-10-25T00:00"),
        (3, "2026-10-25", "2026-10-25T02:00"),
    ],
    ids=[
        "winter", "the day summer begins", "an hour that is skipped", "the hour after it",
        "summer", "the day winter begins", "an hour that comes twice", "the hour after both",
    ],
)  # fmt: skip
def test_a_mail_keeps_its_hour_through_both_clock_changes(hour: int, day: str, expected: str) -> None:
    found = clock.instant(Rhythm(Cadence.DAILY, hour=hour), date.fromisoformat(day), OSLO)
    assert f"{found:%Y-%m-%dT%H:%M}" == expected


@pytest.mark.parametrize(
    ("since", "day", "expected"),
    [
        ("2026-01-31", 31, "2026-01-31"),
        ("2026-02-01", 31, "2026-02-28"),
        ("2028-02-01", 31, "2028-02-29"),
        ("2028-02-01", 29, "2028-02-29"),
        ("2026-02-01", 29, "2026-02-28"),
        ("2026-04-01", 31, "2026-04-30"),
        ("2026-04-16", 15, "2026-05-15"),
        ("2026-12-31", 30, "2027-01-30"),
    ],
)
def test_a_day_that_a_month_lacks_is_its_last(since: str, day: int, expected: str) -> None:
    found = clock.next_day(Rhythm(Cadence.MONTHLY, month_day=day), date.fromisoformat(since))
    assert found == date.fromisoformat(expected)


def period_of(rhythm: Rhythm, day: date) -> tuple[int, ...]:
    """Name the period of a day: its own date, ISO week, or month."""
    if rhythm.cadence == Cadence.DAILY:
        return (day.toordinal(),)
    return day.isocalendar()[:2] if rhythm.cadence == Cadence.WEEKLY else (day.year, day.month)


@given(rhythm=RHYTHMS, zone=ZONES, since=DAYS, length=st.integers(0, 120))
def test_every_period_has_one_due_day_and_no_two(rhythm: Rhythm, zone: ZoneInfo, since: date, length: int) -> None:
    now = clock.instant(Rhythm(Cadence.DAILY, hour=23), since + timedelta(days=length), zone)
    found = list(clock.due_days(rhythm, zone, since=since, now=now))
    periods = [period_of(rhythm, day) for day in found]
    assert len(periods) == len(set(periods)), "never twice"
    # Slowly: a period whose days all lie in the range has one.
    within = [since + timedelta(days=n) for n in range(length + 1)]
    around = {period_of(rhythm, day) for day in (since - timedelta(days=1), within[-1] + timedelta(days=1))}
    assert {period_of(rhythm, day) for day in within} - around <= set(periods), "never none"
    instants = [clock.instant(rhythm, day, zone) for day in found]
    assert all(earlier < later for earlier, later in pairwise(instants))
    assert all(at <= now for at in instants)


@given(rhythm=RHYTHMS, zone=ZONES, day=DAYS, minute=st.integers(0, 1439))
def test_the_first_due_time_is_the_next_one_to_come(rhythm: Rhythm, zone: ZoneInfo, day: date, minute: int) -> None:
    moment = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=UTC)
    day = clock.first_day(rhythm, zone, now=moment)
    assert clock.instant(rhythm, day, zone) > moment
    days = [day - timedelta(days=n) for n in range(1, 32)]
    earlier = [each for each in days if clock.next_day(rhythm, each) == each]
    assert all(clock.instant(rhythm, each, zone) <= moment for each in earlier)

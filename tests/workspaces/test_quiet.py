"""Quiet hours against a reference that asks the clock minute by minute, over both clock changes of a year."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workspaces.quiet import TIMES, Quiet, first_loud

OSLO = ZoneInfo("Europe/Oslo")
SPRING, AUTUMN = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)  # the changes
CLOCKS = st.sampled_from(TIMES)
HOURS = st.tuples(CLOCKS, CLOCKS).filter(lambda pair: pair[0] != pair[1]) | st.just((None, None))
MOMENTS = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    st.sampled_from([SPRING, AUTUMN]),
    st.integers(-4 * 1440, 4 * 1440),
)


def is_quiet(quiet: Quiet, local: datetime) -> bool:
    if quiet.weekends and local.strftime("%a") in {"Sat", "Sun"}:
        return True
    if quiet.begins is None or quiet.ends is None:
        return False
    minute, begins, ends = (each.hour * 60 + each.minute for each in (local.time(), quiet.begins, quiet.ends))
    return minute in {(begins + n) % 1440 for n in range((ends - begins) % 1440)}


@given(HOURS, st.booleans(), MOMENTS)
@example((time(20), time(7)), True, datetime(2026, 3, 27, 20, tzinfo=UTC))
@example((time(22), time(2, 30)), False, SPRING - timedelta(minutes=20))  # 2:30 does not come that night
@example((time(22), time(2, 30)), False, AUTUMN + timedelta(minutes=5))  # 2:05 for the second time
@pytest.mark.parametrize("zone", [OSLO, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu")], ids=str)
def test_a_mail_falls_due_at_the_first_minute_that_is_not_quiet(
    zone: ZoneInfo, hours: tuple[time | None, time | None], weekends: bool, moment: datetime
) -> None:
    quiet = Quiet(*hours, weekends=weekends)
    expected = moment
    while is_quiet(quiet, expected.astimezone(zone)):
        expected += timedelta(minutes=1)
    assert first_loud(quiet, zone, since=moment) == expected


def test_an_evening_before_a_weekend_waits_for_monday_morning() -> None:
    friday = datetime(2026, 11, 20, 21, 14, tzinfo=OSLO)
    due = first_loud(Quiet(time(20), time(7), weekends=True), OSLO, since=friday)
    assert due.astimezone(OSLO) == datetime(2026, 11, 23, 7, tzinfo=OSLO)


@pytest.mark.parametrize("hours", [(time(7), None), (None, time(7)), (time(7), time(7)), (time(7, 10), time(8))])
def test_hours_that_cannot_be_meant_are_refused(hours: tuple[time | None, time | None]) -> None:
    with pytest.raises(ValueError, match="quiet hours"):
        Quiet(*hours)

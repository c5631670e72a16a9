"""What a window may be."""

import pytest

from analysis.windows import Windows


def test_the_defaults_are_those_of_the_semantics() -> None:
    assert Windows().reach_us().tolist() == [86_400_000_000, 2_592_000_000_000, 2_592_000_000_000]


@pytest.mark.parametrize(("days", "microseconds"), [(0.3, 25_920_000_000), (90, 7_776_000_000_000), (0, 0), (None, -1)])
def test_days_become_microseconds_exactly(days: float | None, microseconds: int) -> None:
    assert Windows(click_days=days).reach_us()[2] == microseconds


@pytest.mark.parametrize("days", [-1, 90.1, float("nan"), float("inf")])
def test_a_window_that_cannot_be_is_refused_with_its_name_and_value(days: float) -> None:
    with pytest.raises(ValueError, match=f"click window of {days} days"):
        Windows(click_days=days)

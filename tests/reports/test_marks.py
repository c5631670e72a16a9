"""The bullet bar and the sparkline keep what they draw inside, and draw nothing where there is nothing to draw."""

import pytest

from reports import marks


def test_the_target_stands_inside_the_bar_with_room_behind_it() -> None:
    drawn = marks.bullet(actual=50, target=100, expected=60)
    assert drawn == marks.Bullet(actual="43.5%", target="87.0%", expected="52.2%", band_from="", band_width="")


def test_a_forecast_far_over_the_target_moves_the_target_not_the_bars_end() -> None:
    drawn = marks.bullet(actual=170, target=100, low=180, high=200)
    assert drawn == marks.Bullet(actual="85.0%", target="50.0%", expected="", band_from="90.0%", band_width="10.0%")


@pytest.mark.parametrize("target", [None, 0, -5], ids=["no target", "target zero", "negative target"])
def test_there_is_no_bar_without_a_target_above_zero(target: float | None) -> None:
    assert marks.bullet(actual=50, target=target) is None


def test_a_negative_actual_starts_at_the_bars_start() -> None:
    drawn = marks.bullet(actual=-20, target=100)
    assert drawn is not None
    assert drawn.actual == "0.0%"


def test_a_sparkline_goes_from_edge_to_edge() -> None:
    drawn = marks.spark([0, 10])
    assert drawn == marks.Spark("M4.0 26.0 L100.0 4.0", "M4.0 26.0 L100.0 4.0 L100.0 30 L4.0 30Z", "100.0", "4.0")


def test_an_unknown_week_is_a_gap_not_a_zero() -> None:
    drawn = marks.spark([1, 2, None, 3, 4])
    assert drawn is not None
    assert drawn.line.count("M") == 2


def test_a_flat_line_runs_through_the_middle() -> None:
    drawn = marks.spark([5, 5, 5])
    assert drawn is not None
    assert drawn.line == "M4.0 15.0 L52.0 15.0 L100.0 15.0"


@pytest.mark.parametrize("values", [[], [5], [None, 5, None]], ids=["none", "one", "one known"])
def test_one_known_value_is_no_line(values: list[float | None]) -> None:
    assert marks.spark(values) is None

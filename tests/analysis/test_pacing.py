"""Pace against a target: by hand, at the edges, and over simulated futures."""

from typing import Any

import numpy as np
import pytest

from analysis.arrays import Floats
from analysis.pacing import Pace, Reason, Record, pace_of_ratio, pace_of_sum
from analysis.targets import Status, Target

NOTHING = np.array([])
WEEK = np.array([1.5, 1.0, 1.0, 1.0, 1.5, 0.5, 0.5])


def make_record(so_far: Any = NOTHING, *, history: Any = NOTHING, days: int = 28, share: float = 1.0) -> Record:
    """Make the record of a period that begins on a Monday."""
    return Record(np.asarray(history, float), np.asarray(so_far, float), days, 0, share)


def flat(days: int, level: float = 10.0) -> Floats:
    return np.full(days, level)


def test_expected_to_date_follows_the_weekdays_and_not_a_straight_line() -> None:
    history = np.tile(100 * WEEK, 12)
    pace = pace_of_sum(Target(2800), make_record(100 * WEEK[:5], history=history, days=28), is_count=True)
    assert pace.expected == pytest.approx(600, rel=0.01), "Monday to Friday bring 6 of a week's 7 parts"
    assert pace.status is Status.TOO_EARLY


def test_a_day_that_is_partly_over_is_expected_in_part() -> None:
    record = make_record([10.0] * 6 + [5.0], history=flat(56), share=0.5)
    pace = pace_of_sum(Target(280), record, is_count=True)
    assert pace.expected == pytest.approx(65)
    assert pace.forecast is not None
    assert pace.forecast.mean == pytest.approx(280, rel=0.02)
    assert pace.needed_per_day == pytest.approx((280 - 65) / 21.5)


@pytest.mark.parametrize(
    ("per_day", "status"),
    [
        (10.6, Status.AHEAD),
        (10.0, Status.ON_TRACK),
        (9.6, Status.ON_TRACK),
        (9.0, Status.AT_RISK),
        (7.0, Status.BEHIND),
        (28.0, Status.MET),
    ],
)
def test_the_status_compares_with_what_was_expected_to_date(per_day: float, status: Status) -> None:
    record = make_record(flat(14, per_day), history=flat(56))
    assert pace_of_sum(Target(280), record, is_count=False).status is status


@pytest.mark.parametrize(("days", "status"), [(5, Status.TOO_EARLY), (6, Status.ON_TRACK)])
def test_below_a_fifth_of_the_period_is_too_early(days: int, status: Status) -> None:
    assert pace_of_sum(Target(280), make_record(flat(days)), is_count=True).status is status


@pytest.mark.parametrize(
    ("target", "per_day", "status"),
    [
        (Target(280), 10, Status.MET),
        (Target(281), 10, Status.MISSED),
        (Target(280, "down"), 10, Status.MET),
        (Target(279, "down"), 10, Status.MISSED),
        (Target(270, "band", 290), 10, Status.MET),
        (Target(281, "band", 290), 10, Status.MISSED),
    ],
)
def test_a_period_that_is_over_met_or_missed_its_target(target: Target, per_day: int, status: Status) -> None:
    pace = pace_of_sum(target, make_record(flat(28, per_day)), is_count=True)
    assert (pace.status, pace.forecast, pace.needed_per_day) == (status, None, None)


@pytest.mark.parametrize(
    ("target", "per_day", "status"),
    [
        (Target(280, "down"), 9, Status.AHEAD),
        (Target(280, "down"), 10, Status.ON_TRACK),
        (Target(280, "down"), 11, Status.AT_RISK),
        (Target(280, "down"), 15, Status.BEHIND),
        (Target(280, "down"), 30, Status.MISSED),
        (Target(280, "down"), 0, Status.AHEAD),
        (Target(0, "down"), 0, Status.ON_TRACK),
        (Target(0, "down"), 1, Status.MISSED),
        (Target(250, "band", 310), 10, Status.ON_TRACK),
        (Target(280, "band", 310), 9, Status.AT_RISK),
        (Target(280, "band", 310), 1, Status.BEHIND),
        (Target(100, "band", 200), 15, Status.MISSED),
    ],
)
def test_less_is_better_where_the_direction_is_down_and_a_band_has_two_ends(
    target: Target, per_day: int, status: Status
) -> None:
    assert pace_of_sum(target, make_record(flat(14, per_day)), is_count=True).status is status


def test_a_target_of_zero_to_reach_has_no_status_and_says_why() -> None:
    pace = pace_of_sum(Target(0), make_record(flat(14)), is_count=True)
    assert (pace.status, pace.reason, pace.needed_per_day) == (None, Reason.TARGET_ZERO, None)


def test_nothing_known_says_so() -> None:
    pace = pace_of_sum(Target(10), make_record(), is_count=True)
    assert pace == Pace(0.0, 0.0, None, None, 10 / 28, 0.0, Reason.NO_DATA)


@pytest.mark.parametrize("is_count", [True, False])
def test_days_that_were_never_measured_are_nothing_known(is_count: bool) -> None:
    record = make_record([np.nan] * 3, history=[np.nan] * 40)
    pace = pace_of_sum(Target(10), record, is_count=is_count)
    assert (pace.status, pace.forecast, pace.reason) == (None, None, Reason.NO_DATA)


def test_a_period_that_has_not_begun_is_forecast_from_its_history() -> None:
    pace = pace_of_sum(Target(280), make_record(history=flat(56)), is_count=True)
    assert (pace.actual, pace.expected, pace.status) == (0.0, 0.0, Status.TOO_EARLY)
    assert pace.forecast is not None
    assert pace.forecast.mean == pytest.approx(280, rel=0.02)


def test_zeros_do_not_prove_that_nothing_will_come() -> None:
    forecast = pace_of_sum(Target(1), make_record(flat(10, 0)), is_count=True).forecast
    assert forecast is not None
    assert forecast.low == 0
    assert 0.1 < forecast.chance < 0.9


def test_amounts_that_were_all_zero_have_no_forecast() -> None:
    assert pace_of_sum(Target(1), make_record(flat(10, 0)), is_count=False).forecast is None


def test_an_outage_marked_as_not_measured_does_not_lower_the_forecast() -> None:
    history = flat(56)
    history[30:40] = np.nan
    forecast = pace_of_sum(Target(280), make_record(history=history), is_count=True).forecast
    assert forecast is not None
    assert forecast.mean == pytest.approx(280, rel=0.02)


def test_under_three_weeks_every_weekday_is_alike() -> None:
    pace = pace_of_sum(Target(70), make_record(100 * WEEK[:2], days=7), is_count=True)
    assert pace.expected == pytest.approx(20)


def test_a_season_of_the_year_before_bends_what_is_expected() -> None:
    day = np.arange(800)
    season = 1 + 0.5 * np.sin(2 * np.pi * day / 364)
    history = np.random.default_rng(3).poisson(200 * season[:740]).astype(float)
    record = make_record(history=history, days=60)
    forecast = pace_of_sum(Target(10_000), record, is_count=True).forecast
    assert forecast is not None
    truth = 200 * season[740:].sum()
    assert forecast.mean == pytest.approx(truth, rel=0.08)
    flat_guess = 200 * season[712:740].mean() * 60
    assert abs(flat_guess / truth - 1) > 0.15, "the case needs a season that matters"


@pytest.mark.parametrize("history_days", [0, 5, 20, 21, 90, 391, 392, 800])
@pytest.mark.parametrize("begun", [0, 1, 27])
@pytest.mark.parametrize("is_count", [True, False])
def test_any_length_of_history_gives_finite_figures(history_days: int, begun: int, is_count: bool) -> None:
    random = np.random.default_rng(history_days)
    history = random.poisson(3, history_days).astype(float)
    pace = pace_of_sum(
        Target(100), make_record(random.poisson(3, begun), history=history, share=0.4), is_count=is_count
    )
    if not history_days and not begun:
        assert pace.reason is Reason.NO_DATA
        return
    assert pace.forecast is not None
    figures = [pace.expected, pace.forecast.mean, pace.forecast.low, pace.forecast.high, pace.forecast.chance]
    assert np.isfinite(figures).all()
    assert pace.forecast.low <= pace.forecast.mean <= pace.forecast.high
    assert 0 <= pace.forecast.chance <= 1


RUNS = 120  # a share of 80 % is then known to 4 points
# The first has no weekdays yet: their swing counts as noise, so its interval is wide. That is the safe side.
SERIES = [
    (20.0, 1.0, 0.0, 10, 1.0),
    (20.0, 2.0, 0.01, 84, 0.97),
    (5.0, 2.0, 0.01, 60, 0.97),
    (100.0, 4.0, 0.02, 120, 0.97),
]


@pytest.mark.parametrize(("level", "dispersion", "drift", "known", "most"), SERIES)
def test_the_interval_holds_four_of_five_simulated_periods_and_chances_come_true(
    level: float, dispersion: float, drift: float, known: int, most: float
) -> None:
    random = np.random.default_rng(17)
    held, foretold, came_true = [], [], []
    for _ in range(RUNS):
        days = known + 28
        mean = level * np.exp(np.cumsum(random.normal(0, drift, days))) * WEEK[np.arange(-known, 28) % 7]
        if dispersion == 1:
            daily = random.poisson(mean).astype(float)
        else:
            daily = random.negative_binomial(mean / (dispersion - 1), 1 / dispersion).astype(float)
        target = round(28 * level)
        record = make_record(daily[known : known + 8], history=daily[:known])
        forecast = pace_of_sum(Target(target), record, is_count=True).forecast
        assert forecast is not None
        final = daily[known:].sum()
        held.append(forecast.low <= final <= forecast.high)
        foretold.append(forecast.chance)
        came_true.append(final >= target)
    assert 0.70 <= np.mean(held) <= most
    assert np.mean(foretold) == pytest.approx(np.mean(came_true), abs=0.1)


def test_the_interval_of_amounts_holds_four_of_five_simulated_periods() -> None:
    random = np.random.default_rng(23)
    held = []
    for _ in range(RUNS):
        orders = random.poisson(12, 84 + 28)
        daily = np.array([random.lognormal(4, 0.8, n).sum() for n in orders])
        forecast = pace_of_sum(Target(1), make_record(history=daily[:84]), is_count=False).forecast
        assert forecast is not None
        held.append(forecast.low <= daily[84:].sum() <= forecast.high)
    assert 0.70 <= np.mean(held) <= 0.97


def test_the_interval_of_a_rate_holds_four_of_five_simulated_periods() -> None:
    random = np.random.default_rng(29)
    held = []
    for _ in range(RUNS):
        visits = random.poisson(200, 84 + 28)
        sales = random.binomial(visits, 0.04)
        so_far = slice(84, 92)
        forecast = pace_of_ratio(
            Target(0.04),
            make_record(sales[so_far], history=sales[:84]),
            make_record(visits[so_far], history=visits[:84]),
            is_rate=True,
        ).forecast
        assert forecast is not None
        held.append(forecast.low <= sales[84:].sum() / visits[84:].sum() <= forecast.high)
    assert 0.70 <= np.mean(held) <= 0.97


def test_a_rate_is_a_ratio_of_sums_and_its_target_is_what_is_expected() -> None:
    sales, visits = [1.0, 0.0] * 7, [10.0, 40.0] * 7
    pace = pace_of_ratio(Target(0.02), make_record(sales), make_record(visits), is_rate=True)
    assert pace.actual == pytest.approx(7 / 350)
    assert (pace.expected, pace.status, pace.needed_per_day) == (0.02, Status.ON_TRACK, None)


@pytest.mark.parametrize(
    ("visits", "actual", "status"),
    [(0.0, None, Status.TOO_EARLY), (2.0, 0.5, Status.TOO_EARLY), (3.0, 1 / 3, Status.AHEAD)],
    ids=["no visits", "under 30", "enough"],
)
def test_a_rate_on_little_data_is_too_early_and_without_any_has_no_value(
    visits: float, actual: float | None, status: Status
) -> None:
    sales = flat(14, 1.0 if visits else 0.0)
    pace = pace_of_ratio(Target(0.02), make_record(sales), make_record(flat(14, visits)), is_rate=True)
    assert pace.actual == pytest.approx(actual) if actual else pace.actual is None
    assert pace.status is status


def test_a_rate_that_never_had_a_visit_ends_without_a_status() -> None:
    pace = pace_of_ratio(Target(0.02), make_record(flat(28, 0)), make_record(flat(28, 0)), is_rate=True)
    assert (pace.actual, pace.status, pace.reason) == (None, None, Reason.NO_DATA)


def test_a_rate_of_different_days_is_refused() -> None:
    with pytest.raises(ValueError, match="same days"):
        pace_of_ratio(Target(1), make_record(flat(3)), make_record(flat(4)), is_rate=True)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Target(-1), "-1"),
        (lambda: Target(float("nan")), "nan"),
        (lambda: Target(5, "band"), "None"),
        (lambda: Target(5, "band", 4), "from 5 to 4"),
        (lambda: Target(5, "up", 9), "9"),
        (lambda: Target(5, green=0.7, amber=0.8), "0.7 and 0.8"),
        (lambda: make_record(flat(29)), "29 days so far in a period of 28"),
        (lambda: make_record(flat(2), share=0), "0"),
    ],
)
def test_what_contradicts_itself_is_refused_with_its_value(make: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()

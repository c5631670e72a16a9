"""The weights of days."""

import numpy as np
import pytest

from analysis.shape import LEAST_DAYS, SEASON_DAYS, shape

WEEK = np.array([1.5, 1.0, 1.0, 1.0, 1.5, 0.5, 0.5])


def test_weekdays_are_found_wherever_the_history_ends() -> None:
    for weekday in range(7):
        history = 50 * WEEK[np.arange(weekday - 70, weekday) % 7]
        assert shape(history, 7, weekday)[70:] == pytest.approx(np.roll(WEEK, -weekday)), weekday


def test_days_that_were_not_measured_leave_the_weekdays_alone() -> None:
    history = 50 * np.tile(WEEK, 10)
    history[[0, 7, 15, 40]] = np.nan
    assert shape(history, 7)[70:] == pytest.approx(WEEK, rel=0.01)


def test_noise_without_a_shape_is_pulled_towards_one() -> None:
    history = np.random.default_rng(2).poisson(1.0, 28).astype(float)
    raw = history.reshape(4, 7).mean(axis=0) / history.mean()
    assert np.abs(raw - 1).max() > 0.4, "the case needs weekdays that differ by chance"
    assert np.abs(shape(history, 7)[28:] - 1).max() < 0.5 * np.abs(raw - 1).max()


@pytest.mark.parametrize("history", [np.array([]), np.ones(LEAST_DAYS - 1), np.full(90, np.nan), np.zeros(90)])
def test_without_a_shape_to_learn_every_day_weighs_one(history: np.ndarray) -> None:
    assert shape(history, 5).tolist() == [1.0] * (len(history) + 5)


def test_growth_through_the_only_year_is_not_taken_for_a_season() -> None:
    history = 100 * 1.002 ** np.arange(SEASON_DAYS - 1)
    assert shape(history, 28)[-28:] == pytest.approx(np.ones(28), abs=0.02)

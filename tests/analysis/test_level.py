"""The level of a KPI and its spread."""

import numpy as np
import pytest

from analysis.level import level_of


def test_nothing_exposed_has_no_level() -> None:
    assert level_of(np.array([]), np.array([]), is_count=True) is None
    assert level_of(np.array([np.nan, 3.0]), np.array([1.0, 0.0]), is_count=True) is None


def test_a_steady_level_is_found_and_its_sum_ahead_has_at_least_the_variance_of_poisson() -> None:
    level = level_of(np.full(60, 10.0), np.ones(60), is_count=True)
    assert level is not None
    mean, variance = level.ahead(np.ones(10))
    assert mean == pytest.approx(100, rel=1e-6)
    assert variance >= 100


def test_amounts_that_never_change_have_hardly_any_spread() -> None:
    level = level_of(np.full(60, 10.0), np.ones(60), is_count=False)
    assert level is not None
    mean, variance = level.ahead(np.ones(10))
    assert mean == pytest.approx(100)
    assert variance**0.5 < 2


def test_the_yield_is_weighed_by_exposure() -> None:
    sales, visits = np.array([1.0, 30.0] * 20), np.array([10.0, 1000.0] * 20)
    level = level_of(sales, visits, is_count=False)
    assert level is not None
    assert level.weight @ level.mean == pytest.approx(31 / 1010, rel=0.05)


def test_a_level_that_stepped_up_is_followed() -> None:
    random = np.random.default_rng(4)
    amounts = np.concatenate((random.poisson(20, 60), random.poisson(60, 14))).astype(float)
    level = level_of(amounts, np.ones(74), is_count=True)
    assert level is not None
    assert level.weight @ level.mean == pytest.approx(60, rel=0.2)
    quiet = level_of(random.poisson(20, 74).astype(float), np.ones(74), is_count=True)
    assert quiet is not None
    assert level.weight @ level.drift > 5 * (quiet.weight @ quiet.drift), "a step is drift"

"""Rates with intervals, by hand and against published figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2

from analysis.rates import frequency, rate, ratio


@pytest.mark.parametrize(
    ("conversions", "visits", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_that_of_newcombes_table(conversions: int, visits: int, low: float, high: float) -> None:
    # Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3 (score, no continuity correction).
    found = rate(conversions, visits)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert found.value == conversions / visits


@given(visits=st.integers(1, 10**9), part=st.floats(0, 1), confidence=st.floats(0.5, 0.999))
def test_a_rate_lies_in_its_interval_and_the_interval_in_zero_to_one(
    visits: int, part: float, confidence: float
) -> None:
    found = rate(visits * part, visits, confidence)
    assert found is not None
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_the_interval_covers_about_what_it_says() -> None:
    visits, truth = 60, 0.2
    covered = 0.0
    for conversions in range(visits + 1):
        found = rate(conversions, visits)
        assert found is not None
        covered += binom.pmf(conversions, visits, truth) * (found.low <= truth <= found.high)
    assert 0.93 < covered < 0.97


def test_no_visits_are_no_rate() -> None:
    assert rate(0, 0) is None
    assert frequency(0, 0) is None
    assert ratio(5, 0) is None


@pytest.mark.parametrize(("visits", "little"), [(29, True), (30, False)])
def test_below_thirty_is_little_data(visits: int, little: bool) -> None:
    found = rate(3, visits)
    assert found is not None
    assert found.is_little_data is little


@pytest.mark.parametrize(("conversions", "visits"), [(2, 1), (-1, 3), (1, -1), (float("nan"), 2)])
def test_contradicting_counts_are_refused(conversions: float, visits: int) -> None:
    with pytest.raises(ValueError, match="conversions in"):
        rate(conversions, visits)


def test_shares_that_round_past_the_whole_are_still_a_rate() -> None:
    found = rate(sum([0.1] * 30) + 1e-10, 3)
    assert found is not None
    assert found.value == 1.0


def test_conversions_per_visit_may_exceed_one_and_carry_the_exact_poisson_interval() -> None:
    found = frequency(12, 8)
    assert found is not None
    assert found.value == 1.5
    assert (found.low, found.high) == pytest.approx((chi2.ppf(0.025, 24) / 16, chi2.ppf(0.975, 26) / 16))


def test_a_ratio_is_one_of_sums() -> None:
    assert ratio(900.0, 12) == 75.0
    with pytest.raises(ValueError, match="-1"):
        ratio(1, -1)

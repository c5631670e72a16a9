"""Risk ratios: by hand, against statsmodels, and by what must hold whatever the counts."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence.ratios import Strata, raw, strata, stratified

# (reached with, with, reached without, without)
THREE = ((9, 50, 6, 50), (20, 40, 30, 120), (3, 90, 4, 200))
tables = st.lists(
    st.tuples(*[st.integers(0, 60)] * 4).map(lambda four: (min(four[:2]), four[1], min(four[2:]), max(four[2:]))),
    min_size=1,
    max_size=6,
)


def test_katz_by_hand() -> None:
    # 15 of 100 against 5 of 100: ratio 3, variance 1/15 - 1/100 + 1/5 - 1/100 of the logarithm.
    ratio = raw(strata((15, 100, 5, 100)))
    assert ratio is not None
    reach = 1.959963984540054 * math.sqrt(1 / 15 - 1 / 100 + 1 / 5 - 1 / 100)
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((3, 3 * math.exp(-reach), 3 * math.exp(reach)))


def test_katz_as_statsmodels_gives_it() -> None:
    # Table2x2.riskratio_confint, statsmodels 0.15.0
    ratio = raw(strata((15, 100, 5, 100)))
    assert ratio is not None
    assert (ratio.low, ratio.high) == pytest.approx((1.133358596189788, 7.9409994597093005), rel=1e-12)


def test_the_pooled_ratio_as_statsmodels_gives_it() -> None:
    # StratifiedTable.riskratio_pooled, statsmodels 0.15.0
    ratio = stratified(strata(*THREE))
    assert ratio is not None
    assert ratio.value == pytest.approx(1.8370044052863437, rel=1e-12)


def test_the_pooled_ratio_and_its_interval_by_hand() -> None:
    # Two strata of 100: 10 of 50 against 5 of 50, and 8 of 20 against 16 of 80.
    ratio = stratified(strata((10, 50, 5, 50), (8, 20, 16, 80)))
    above, below = 10 * 50 / 100 + 8 * 80 / 100, 5 * 50 / 100 + 16 * 20 / 100
    spread = (50 * 50 * 15 - 10 * 5 * 100) / 100**2 + (20 * 80 * 24 - 8 * 16 * 100) / 100**2
    reach = 1.959963984540054 * math.sqrt(spread / (above * below))
    assert ratio is not None
    assert (above, below) == (11.4, 5.7)
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((2, 2 * math.exp(-reach), 2 * math.exp(reach)))


def test_a_confounder_is_taken_out() -> None:
    # In each stratum the rates are equal; the stratum that reaches more also does more.
    confounded = strata((40, 400, 10, 100), (2, 100, 8, 400))
    overall, within = raw(confounded), stratified(confounded)
    assert overall is not None
    assert within is not None
    assert overall.value > 2
    assert overall.is_away_from_one
    assert within.value == pytest.approx(1)
    assert not within.is_away_from_one


@given(tables)
def test_one_stratum_gives_katz_s_interval(rows: list[tuple[int, int, int, int]]) -> None:
    one = strata(rows[0])
    overall, within = raw(one), stratified(one)
    assert (overall is None) == (within is None)
    if overall and within:
        assert (within.value, within.low, within.high) == pytest.approx((overall.value, overall.low, overall.high))


@given(tables)
def test_order_of_strata_and_strata_with_an_empty_side_change_nothing(rows: list[tuple[int, int, int, int]]) -> None:
    ratio = stratified(strata(*rows))
    other = stratified(strata((3, 7, 0, 0), *reversed(rows), (0, 0, 4, 9)))
    assert (ratio is None) == (other is None)
    if ratio and other:
        assert (ratio.value, ratio.low, ratio.high) == pytest.approx((other.value, other.low, other.high))


@given(tables)
def test_exchanging_the_sides_turns_the_ratio_over(rows: list[tuple[int, int, int, int]]) -> None:
    for estimate in (raw, stratified):
        ratio, turned = estimate(strata(*rows)), estimate(strata(*((b, m, a, n) for a, n, b, m in rows)))
        assert (ratio is None) == (turned is None)
        if ratio and turned:
            assert ratio.value * turned.value == pytest.approx(1)
            assert (ratio.low * turned.high, ratio.high * turned.low) == pytest.approx((1, 1))


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    chance = np.random.default_rng(11)
    with_it, without, base = np.array([300, 60, 900]), np.array([900, 700, 200]), np.array([0.05, 0.2, 0.02])
    held = 0
    for _ in range(1_000):
        drawn = Strata(chance.binomial(with_it, 1.6 * base), with_it, chance.binomial(without, base), without)
        ratio = stratified(drawn)
        assert ratio is not None
        held += ratio.low <= 1.6 <= ratio.high
    assert 0.93 < held / 1_000 < 0.97


@pytest.mark.parametrize("table", [(0, 10, 3, 10), (3, 10, 0, 10), (0, 0, 3, 10), (3, 10, 0, 0)])
def test_where_nobody_is_there_is_no_ratio(table: tuple[int, int, int, int]) -> None:
    assert raw(strata(table)) is None
    assert stratified(strata(table)) is None


def test_counts_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="more reached"):
        strata((11, 10, 0, 5))
    with pytest.raises(ValueError, match="shapes"):
        Strata(np.zeros(2, np.int64), np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(1, np.int64))

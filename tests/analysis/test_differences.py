"""Differences of rates: a published interval, and what always holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.differences import difference
from analysis.rates import rate

COUNTS = st.integers(1, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0)],
    ids=["a", "b", "h"],
)
def test_the_interval_is_the_published_one(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe 1998, table II, method 10."""
    found = difference(rate(*one), rate(*other))
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.is_clear


@given(COUNTS, COUNTS)
def test_turned_round_it_is_the_same_with_another_sign(one: tuple[int, int], other: tuple[int, int]) -> None:
    found, turned = difference(rate(*one), rate(*other)), difference(rate(*other), rate(*one))
    assert found is not None
    assert turned is not None
    assert (found.value, found.low, found.high) == pytest.approx((-turned.value, -turned.high, -turned.low))
    assert -1 <= found.low <= found.value <= found.high <= 1


def test_without_a_rate_there_is_no_difference() -> None:
    assert difference(None, rate(1, 2)) is difference(rate(1, 2), None) is None

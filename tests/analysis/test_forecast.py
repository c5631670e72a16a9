"""Intervals and chances of sums still to come, against scipy's own distributions."""

import pytest
from scipy.stats import gamma, nbinom, norm, poisson

from analysis.forecast import Law, Remainder


@pytest.mark.parametrize(("mean", "variance"), [(0.3, 0.9), (5.0, 12.0), (4000.0, 90_000.0)])
def test_counts_with_more_variance_than_mean_are_negative_binomial(mean: float, variance: float) -> None:
    law = nbinom(mean**2 / (variance - mean), mean / variance)
    rest = Remainder(mean, variance, "count")
    assert rest.interval() == (law.ppf(0.1), law.ppf(0.9))
    assert rest.at_least(mean + 1.5) == pytest.approx(law.sf(int(mean + 1.5)))
    assert rest.at_most(mean + 1.5) == pytest.approx(law.cdf(int(mean + 1.5)))


def test_counts_without_more_variance_are_poisson() -> None:
    rest = Remainder(7.0, 7.0, "count")
    assert rest.interval() == (poisson.ppf(0.1, 7), poisson.ppf(0.9, 7))
    assert rest.at_least(10) == pytest.approx(poisson.sf(9, 7))


def test_amounts_are_gamma() -> None:
    law = gamma(4.0, scale=25.0)
    rest = Remainder(100.0, 2500.0, "amount")
    assert rest.interval() == pytest.approx((law.ppf(0.1), law.ppf(0.9)))
    assert rest.at_least(150) == pytest.approx(law.sf(150))
    assert rest.at_most(150) == pytest.approx(law.cdf(150))


@pytest.mark.parametrize(("mean", "law"), [(-3.0, "amount"), (0.4, "ratio")])
def test_ratios_and_sums_that_may_be_negative_are_normal(mean: float, law: Law) -> None:
    rest = Remainder(mean, 4.0, law)
    assert rest.interval() == pytest.approx(norm.ppf([0.1, 0.9], mean, 2))
    assert rest.at_most(1) == pytest.approx(norm.cdf(1, mean, 2))


@pytest.mark.parametrize("law", ["count", "amount", "ratio"])
def test_what_cannot_vary_is_certain(law: Law) -> None:
    rest = Remainder(5.0, 0.0, law)
    assert rest.interval() == (5.0, 5.0)
    assert (rest.at_least(5), rest.at_least(5.1), rest.at_most(5), rest.at_most(4)) == (1, 0, 1, 0)

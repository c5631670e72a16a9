"""The grade that data earn, how much more is needed, and what is warned of."""

import math

import numpy as np
import pytest

from analysis.evidence.grading import Grade, weigh
from analysis.evidence.needed import persons_needed
from analysis.evidence.ratios import strata
from analysis.evidence.worth import worth


@pytest.mark.parametrize(
    ("rate", "per_person", "lift", "expected"),
    [(0.1, 1.0, 1.5, 686), (0.2, 1.0, 1.5, 294), (0.05, 1.0, 2.0, 435)],
    ids=["10 to 15 %", "20 to 30 %", "5 to 10 %"],
)
def test_persons_needed_as_tables_of_sample_sizes_have_it(
    rate: float, per_person: float, lift: float, expected: int
) -> None:
    # Fleiss' formula without correction; tables round to the next or the nearest whole number.
    found = persons_needed(rate, per_person, lift=lift)
    assert found is not None
    assert abs(found - expected) <= 1


def test_so_many_persons_find_the_lift_as_often_as_promised() -> None:
    chance, without = np.random.default_rng(3), 4.0
    needed = persons_needed(0.05, without)
    assert needed is not None
    with_it = chance.binomial(needed, 0.075, size=4_000) / needed
    rest = chance.binomial(int(needed * without), 0.05, size=4_000) / (needed * without)
    mean = (with_it + without * rest) / (1 + without)
    deviation = np.sqrt(mean * (1 - mean) * (1 / needed + 1 / (needed * without)))
    power = float(np.mean(np.abs(with_it - rest) / deviation > 1.959963984540054))
    assert 0.77 < power < 0.83


def test_where_no_number_of_persons_helps_there_is_none() -> None:
    assert persons_needed(0.0, 2.0) is None
    assert persons_needed(0.7, 2.0) is None


def test_enough_data_within_strata_earns_a_b() -> None:
    evidence = weigh(strata((20, 200, 40, 800), (30, 150, 60, 600)))
    assert (evidence.grade, evidence.missing) == (Grade.STRATIFIED, 0)
    assert evidence.raw is not None
    assert evidence.stratified is not None


def test_who_has_nobody_in_their_stratum_to_be_compared_with_earns_a_c() -> None:
    evidence = weigh(strata((40, 300, 0, 0), (5, 60, 60, 900)))
    assert evidence.grade is Grade.RAW
    assert evidence.raw is not None
    assert evidence.stratified is None


@pytest.mark.parametrize(
    ("table", "missing"),
    [((1, 29, 60, 900), True), ((1, 60, 9, 900), True), ((0, 500, 0, 900), None), ((3, 40, 0, 0), None)],
    ids=["few persons", "few would be expected to reach", "nobody reached", "everybody did it"],
)
def test_too_little_data_is_an_opinion_and_says_how_much_more(
    table: tuple[int, int, int, int], missing: bool | None
) -> None:
    evidence = weigh(strata(table))
    assert (evidence.grade, evidence.raw, evidence.stratified) == (Grade.OPINION, None, None)
    assert (evidence.missing is None) == (missing is None)
    if missing:
        wanted = persons_needed(table[2] / table[3], table[3] / table[1])
        assert wanted is not None
        assert evidence.missing == wanted - table[1]


def test_a_difference_that_goes_away_within_strata_is_called_explained() -> None:
    assert weigh(strata((40, 400, 10, 100), (2, 100, 8, 400))).is_explained
    assert not weigh(strata((60, 400, 10, 200), (12, 100, 14, 400))).is_explained


def test_a_derived_value_by_hand() -> None:
    # 40 of 100 go on, a conversion brings 500 +- 100 over 25 of them: 200, by Goodman's variance.
    found = worth(40, 100, mean=500, spread=100, conversions=25)
    assert found is not None
    variance = 0.4**2 * 100**2 / 25 + 500**2 * 0.4 * 0.6 / 100 + (0.4 * 0.6 / 100) * (100**2 / 25)
    assert found.value == 200
    assert (found.low, found.high) == pytest.approx(
        (200 - 1.959963984540054 * math.sqrt(variance), 200 + 1.959963984540054 * math.sqrt(variance))
    )


def test_without_persons_or_conversions_nothing_has_a_worth() -> None:
    assert worth(0, 0, mean=500, spread=1, conversions=9) is None
    assert worth(1, 2, mean=500, spread=0, conversions=1) is None

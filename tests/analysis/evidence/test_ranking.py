"""The exact test, the false discovery rate, and what is suggested of many candidates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, hypergeom

from analysis.evidence.exact import p_value
from analysis.evidence.ranking import benjamini_hochberg, rank
from analysis.evidence.ratios import Strata, strata

PERSONS = np.array([900, 500, 300, 80, 20])
BASE = np.array([0.02, 0.06, 0.03, 0.1, 0.05])


def test_of_one_stratum_it_is_twice_fisher_s_smaller_tail() -> None:
    # 6 of 8 against 3 of 12
    assert p_value(strata((6, 8, 3, 12))) == pytest.approx(2 * hypergeom.sf(5, 20, 8, 9))


def test_of_two_strata_by_writing_all_cases_down() -> None:
    # Each stratum: 2 with, 2 without, 2 reached; 0, 1, 2 of those with in 1, 4, 1 of 6 ways.
    # Both reached by those with in both strata: 1 way of 36, and as many the other way round.
    assert p_value(strata((2, 2, 0, 2), (2, 2, 0, 2))) == pytest.approx(2 / 36)
    assert p_value(strata((2, 2, 0, 2), (1, 2, 1, 2))) == pytest.approx(2 * (1 + 4 + 4) / 36)


def test_strata_that_compare_nobody_say_nothing() -> None:
    assert p_value(strata((3, 7, 0, 0), (0, 9, 0, 9))) == 1
    assert p_value(strata((6, 8, 3, 12), (3, 7, 0, 0), (4, 4, 3, 3))) == p_value(strata((6, 8, 3, 12)))


def test_it_is_never_smaller_than_chance_has_it() -> None:
    chance = np.random.default_rng(2)
    p_values = np.array([p_value(drawn(chance)) for _ in range(2_000)])
    for level in (0.2, 0.05, 0.01):
        assert (p_values <= level).mean() <= level + 3 * np.sqrt(level / 2_000), level
    assert (p_values <= 0.2).mean() > 0.1, "so careful that it finds nothing"


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_as_scipy_has_it(p_values: list[float]) -> None:
    ours = benjamini_hochberg(np.array(p_values))
    assert ours == pytest.approx(false_discovery_control(p_values, method="bh"))


def test_a_planted_predictor_comes_first_among_two_hundred() -> None:
    chance = np.random.default_rng(8)
    candidates = [drawn(chance) for _ in range(199)]
    candidates.insert(120, drawn(chance, lift=3))
    ranked = rank(candidates)
    assert ranked[0].place == 120
    assert ranked[0].is_suggested
    assert sum(each.is_suggested for each in ranked) <= 3


def test_pure_noise_with_two_hundred_events_suggests_something_in_at_most_five_per_cent_of_runs() -> None:
    runs = 200
    named = sum(any(each.is_suggested for each in rank(noise(np.random.default_rng([9, run])))) for run in range(runs))
    assert named <= 0.05 * runs


def test_what_goes_along_with_less_of_the_macro_goal_is_not_suggested() -> None:
    chance = np.random.default_rng(8)
    [only] = rank([drawn(chance, lift=0.2, use=0.4)])
    assert only.adjusted < 0.05
    assert not only.is_suggested


def test_who_has_too_little_data_is_not_tested() -> None:
    assert rank([strata((3, 20, 60, 900)), strata((40, 300, 0, 0), (0, 10, 60, 900))]) == ()
    assert rank([]) == ()


def noise(chance: np.random.Generator) -> list[Strata]:
    """Give two hundred events of which none has anything to do with the macro goal, rare ones and common ones."""
    return [drawn(chance, use=chance.choice([0.08, 0.15, 0.3])) for _ in range(200)]


def drawn(chance: np.random.Generator, *, lift: float = 1.0, use: float = 0.2) -> Strata:
    """Draw a candidate whose use differs between strata, as the macro goal does."""
    with_it = chance.binomial(PERSONS, use * np.array([0.5, 1.5, 1, 1.2, 0.8]))
    without = PERSONS - with_it
    reached = chance.binomial(with_it, np.minimum(1, lift * BASE)), chance.binomial(without, BASE)
    return Strata(reached[0], with_it, reached[1], without)

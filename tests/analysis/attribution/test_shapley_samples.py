"""Shapley credits of samples: sampled orders of many keys, lifts that were planted, and published paths."""

from collections.abc import Callable

import numpy as np
import pytest

from analysis.attribution import shapley
from analysis.attribution.aggregated import Aggregated
from analysis.attribution.shapley import Shapley
from tests.analysis.attribution.games import Row, aggregated
from tests.published import NEEDS_PATHDATA, published_paths


def many_keys(n: int, seed: int) -> Aggregated:
    random = np.random.default_rng(seed)
    rows = []
    for _ in range(200):
        path = random.choice(n, size=random.integers(1, 5), replace=False)
        rows.append(Row(tuple(path.tolist()), int(random.binomial(20, 0.1 + 0.02 * path.min())), 20, 5))
    return aggregated(rows, n)


def test_twelve_keys_are_exact_and_thirteen_are_sampled_with_an_error_for_each() -> None:
    exact, sampled = shapley.of_all(many_keys(12, 1)), shapley.of_all(many_keys(13, 1))
    assert exact.permutations == 0
    assert not exact.error.any()
    assert sampled.permutations >= 2_000
    assert np.all(sampled.error > 0)


def test_sampling_loses_no_credit_and_comes_within_its_error_of_the_exact_values() -> None:
    paths = many_keys(10, 2)
    exact, sampled = shapley.of_all(paths), shapley.of_all(paths, exact_to=0)
    assert sampled.conversions.sum() == pytest.approx(paths.conversions.sum(), rel=1e-12)
    assert sampled.value.sum() == pytest.approx(paths.value.sum(), rel=1e-12)
    assert np.all(np.abs(sampled.conversions - exact.conversions)[:-1] < 4 * sampled.error)


def test_the_standard_error_covers_the_exact_value_as_often_as_it_should() -> None:
    paths = many_keys(6, 3)
    exact = shapley.of_all(paths).conversions[:-1]
    runs = [shapley.of_all(paths, exact_to=0, permutations=180, seed=seed) for seed in range(60)]
    inside = [np.abs(run.conversions[:-1] - exact) < 2 * run.error for run in runs]
    # 360 intervals of two errors from 30 draws each: 94.5 % by Student's t, with a deviation of 2.9 %
    # as if the six of a run were one.
    assert 0.86 <= np.mean(inside) <= 1.0


def test_the_same_seed_samples_the_same_bits_and_another_does_not() -> None:
    paths = many_keys(13, 4)
    first, again, other = (shapley.of_all(paths, permutations=100, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.conversions, again.conversions)
    assert not np.array_equal(first.conversions, other.conversions)


LIFT = np.array([0.20, 0.10, 0.05, 0.0])  # what each key adds to the rate of a journey that meets it


def planted(draws: int | None) -> Aggregated:
    """Give all sets of four keys, walked 1,000 times each, with the rates expected or drawn."""
    paths = [tuple(key for key in range(4) if bits >> key & 1) for bits in range(1, 16)]
    rates = np.array([LIFT[list(path)].sum() for path in paths])
    won = 1_000 * rates if draws is None else np.random.default_rng(draws).binomial(1_000, rates).astype(np.float64)
    return aggregated([Row(path, count, 1_000 - count) for path, count in zip(paths, won, strict=True)], 4)


def test_lifts_that_add_up_are_found_exactly_set_by_set() -> None:
    # Each key is in 8 of the 15 sets, and brings its lift in each of their 1,000 journeys.
    assert list(shapley.per_set(planted(None)).conversions) == pytest.approx([*(8_000 * LIFT), 0], abs=1e-9)


def test_drawn_lifts_are_found_within_their_noise_and_a_bystander_earns_next_to_nothing() -> None:
    found = shapley.per_set(planted(7)).conversions[:-1]
    # A credit is a sum of 8 rates with weights below 1, of 1,000 draws each: a deviation below 40.
    assert found == pytest.approx(8_000 * LIFT, abs=120)
    assert shapley.simplified(planted(7)).conversions[3] > 500, "the simplified share cannot tell"


def test_the_game_of_all_recovers_the_values_of_the_law_that_was_drawn_from() -> None:
    expected, found = shapley.of_all(planted(None)), shapley.of_all(planted(8))
    assert found.worth == pytest.approx(expected.worth, abs=0.02)
    assert list(np.argsort(-found.worth)) == [0, 1, 2, 3]


# attribution_shapley of marketing-attribution-models 2.1.1, max_size=12, conv_rate; conversions and value.
PUBLISHED = {
    "alpha": (7487.101094, 24166.251613),
    "beta": (1973.829750, 8448.654514),
    "delta": (-2.545589, -5.671403),
    "epsilon": (440.622863, 1794.151237),
    "eta": (3594.717819, 13970.627702),
    "gamma": (124.940901, 564.093999),
    "iota": (3377.557437, 13995.319738),
    "kappa": (159.527150, 711.901955),
    "lambda": (1022.493272, 4393.990164),
    "mi": (2.191110, 5.968258),
    "theta": (1598.106821, 6726.928310),
    "zeta": (6.457371, 30.755500),
}


@NEEDS_PATHDATA
def test_set_by_set_equals_marketing_attribution_models_on_published_paths() -> None:
    paths, names = published_paths()
    found = shapley.per_set(paths)
    pairs = zip(found.conversions[:-1].tolist(), found.value[:-1].tolist(), strict=True)
    credit = dict(zip(names, pairs, strict=True))
    assert credit.keys() == PUBLISHED.keys()
    for name, pair in PUBLISHED.items():
        assert credit[name] == pytest.approx(pair, abs=1e-6), name


@NEEDS_PATHDATA
@pytest.mark.parametrize("model", [shapley.simplified, shapley.of_all, shapley.per_set])
def test_the_published_paths_give_their_published_totals(model: Callable[[Aggregated], Shapley]) -> None:
    found = model(published_paths()[0])
    assert found.conversions.sum() == pytest.approx(19_785, rel=1e-12)
    assert found.value.sum() == pytest.approx(74_802.971587, abs=1e-6)
    assert found.conversions[-1] == 0

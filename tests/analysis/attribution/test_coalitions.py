"""Games over sets: known solutions, the axioms of Shapley, and sums over subsets."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.attribution import coalitions
from analysis.attribution.aggregated import Aggregated
from analysis.attribution.coalitions import as_sets, rates_of, shapley_values, sums_within, values_within_each
from analysis.attribution.shapley import simplified
from tests.analysis.attribution.games import Row, aggregated, some_rows, values_by_order

WORTHS = st.integers(0, 5).flatmap(
    lambda n: st.lists(st.integers(-9, 9).map(float), min_size=2**n, max_size=2**n).map(np.array)
)


@pytest.mark.parametrize(
    ("worth", "values"),
    [
        # One left glove and two right ones; a pair is worth 1.
        ([0, 0, 0, 1, 0, 1, 0, 1], [2 / 3, 1 / 6, 1 / 6]),
        # Runways of 1, 2 and 3 (Littlechild and Owen 1973): 1/3; 1/3 + 1/2; 1/3 + 1/2 + 1.
        ([0, 1, 2, 2, 3, 3, 3, 3], [1 / 3, 5 / 6, 11 / 6]),
        # Two of three decide.
        ([0, 0, 0, 1, 0, 1, 1, 1], [1 / 3, 1 / 3, 1 / 3]),
        ([0, 7], [7]),
        ([4], []),
    ],
    ids=["gloves", "airport", "majority", "alone", "nobody"],
)
def test_known_games_have_their_known_values(worth: list[float], values: list[float]) -> None:
    assert list(shapley_values(np.array(worth, dtype=np.float64))) == pytest.approx(values, abs=1e-15)


@given(worth=WORTHS)
@settings(max_examples=60, deadline=None)
def test_values_equal_those_of_all_orders_and_sum_to_the_worth_of_all(worth: np.ndarray) -> None:
    n = len(worth).bit_length() - 1
    expected = values_by_order(range(n), lambda some: worth[sum(1 << player for player in some)])
    found = shapley_values(worth)
    assert list(found) == pytest.approx([expected[player] for player in range(n)], abs=1e-12)
    assert found.sum() == pytest.approx(worth[-1] - worth[0], abs=1e-12)


@given(worth=WORTHS, place=st.integers(0, 5))
@settings(max_examples=60)
def test_who_adds_nothing_to_any_coalition_gets_nothing_to_the_last_bit(worth: np.ndarray, place: int) -> None:
    n = len(worth).bit_length() - 1
    null = min(place, n)
    bits = np.arange(2 ** (n + 1))
    without = (bits & ((1 << null) - 1)) | (bits >> (null + 1) << null)  # the same coalition but for one player
    found = shapley_values(worth[without])
    assert found[null] == 0
    assert np.delete(found, null) == pytest.approx(shapley_values(worth), abs=1e-12)


@given(games=WORTHS.flatmap(lambda one: st.tuples(st.just(one), st.permutations(one.tolist()).map(np.array))))
@settings(max_examples=60)
def test_the_values_of_two_games_add_up_to_those_of_their_sum(games: tuple[np.ndarray, np.ndarray]) -> None:
    one, other = games
    assert shapley_values(one + other) == pytest.approx(shapley_values(one) + shapley_values(other), abs=1e-12)


@given(amounts=st.lists(st.tuples(st.integers(0, 31), st.integers(-9, 9)), max_size=40))
@settings(max_examples=60)
def test_sums_within_a_coalition_are_those_of_its_subsets(amounts: list[tuple[int, int]]) -> None:
    coalition = np.array([bits for bits, _ in amounts], dtype=np.int64)
    found = sums_within(coalition, np.array([amount for _, amount in amounts], dtype=np.float64), 5)
    for whole in range(32):
        assert found[whole] == sum(amount for bits, amount in amounts if bits & whole == bits), whole


@given(rows=some_rows(5))
@settings(max_examples=60, deadline=None)
def test_simplified_is_the_shapley_value_of_counted_conversions(rows: list[Row]) -> None:
    bits = np.array([sum(1 << key for key in set(row.path)) for row in rows], dtype=np.int64)
    counts = sums_within(bits, np.array([row.conversions for row in rows], dtype=np.float64), 5)
    found = simplified(aggregated(rows, 5)).conversions
    assert list(found[:-1]) == pytest.approx(list(shapley_values(counts)), abs=1e-9)


@pytest.mark.parametrize("n_keys", [3, 63, 64], ids=["few keys", "as many as bits", "more keys than bits"])
def test_sets_are_distinct_with_each_key_once_and_their_journeys_summed(n_keys: int) -> None:
    last = n_keys - 1
    rows = [Row((1, 0, 1), 2, 3, 10), Row((), 4, 0, 1), Row((0, 1), 5, 1, 20), Row((last, last), 0, 6)]
    sets = as_sets(aggregated(rows, n_keys))
    found = {
        tuple(sets.key[sets.offsets[i] : sets.offsets[i + 1]].tolist()): tuple(
            float(column[i]) for column in (sets.conversions, sets.nulls, sets.value)
        )
        for i in range(len(sets))
    }
    assert found == {(0, 1): (7, 4, 30), (): (4, 0, 1), (last,): (0, 6, 0)}


def some_sets(n: int, keys: int) -> Aggregated:
    """Draw sets of up to four keys, with rates that are told by their rows."""
    random = np.random.default_rng(n)
    paths = [random.choice(keys, size=random.integers(1, 5), replace=False) for _ in range(n)]
    return as_sets(aggregated([Row(tuple(path.tolist()), row + 1, n) for row, path in enumerate(paths)], keys))


@pytest.mark.parametrize("keys", [4, 12])
def test_asking_for_every_part_of_a_set_finds_what_comparing_all_sets_does(keys: int) -> None:
    sets = some_sets(90, keys)
    rates, weights = rates_of(sets.conversions, sets.journeys), coalitions._weights(4)
    for size in (1, 2, 3, 4):
        some = np.flatnonzero(sets.lengths == size)
        assert len(some), "needs sets of every size"
        ways = coalitions._by_parts, coalitions._by_comparing
        by_parts, by_comparing = (way(sets, rates, some, weights) for way in ways)
        assert by_parts == pytest.approx(by_comparing, abs=1e-12), size


def test_more_keys_than_bits_are_compared_and_too_many_sets_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = some_sets(40, 12), replace(some_sets(40, 12), n_keys=99)
    rates = rates_of(few.conversions, few.journeys)
    assert values_within_each(many, rates) == pytest.approx(values_within_each(few, rates), abs=1e-12)
    monkeypatch.setattr(coalitions, "MOST_COMPARED", 1_000)
    with pytest.raises(ValueError, match="sets of 99 keys are too many to compare"):
        values_within_each(many, rates)

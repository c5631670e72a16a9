"""Removal effects: by hand, as published, against fractions, and on chains that are slow to end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.attribution import removal
from analysis.attribution.aggregated import Aggregated
from analysis.attribution.chain import chain_of
from analysis.attribution.removal import removal_effects
from tests.analysis.attribution.walks import Table, by_name, effects, tables, walked

# Half of those who start with a stop there; b converts 2 of 3 times, and always after a.
HAND: Table = [("a > b", 1, 0, 0), ("a", 0, 0, 1), ("b", 1, 0, 1)]
# S. Bryl, "Attribution model with R (part 1: Markov chains concept)", analyzecore.com, 2016: 0.5, 1 and 1.
BRYL: Table = [("c1 > c2 > c3", 1, 0, 0), ("c1", 0, 0, 1), ("c2 > c3", 0, 0, 1)]


@pytest.mark.parametrize(
    ("table", "order", "expected"),
    [
        # Without a: 1/2 start with b, of which 2/3 convert, 1/3 instead of 1/2.
        (HAND, 1, {"a": 1 / 3, "b": 1}),
        # b alone converts 1 of 2 times, so without a: 1/4.
        (HAND, 2, {"a": 1 / 2, "b": 1}),
        (BRYL, 1, {"c1": 0.5, "c2": 1, "c3": 1}),
        ([("a", 3, 0, 5)], 1, {"a": 1}),
        ([("a", 1, 0, 0), ("b", 3, 0, 0)], 1, {"a": 1 / 4, "b": 3 / 4}),
        ([("a", 1, 0, 1), ("b", 0, 0, 4)], 1, {"a": 1, "b": 0}),
        ([("a", 0, 9, 4), ("", 2, 0, 0)], 1, {"a": 0}),
        ([("a", 0, 0, 0), ("b", 1, 0, 0)], 3, {"a": 0, "b": 1}),
    ],
    ids=[
        "first order",
        "second order",
        "published",
        "one key",
        "no null",
        "never converts",
        "no conversion",
        "no walk",
    ],
)
def test_effects_are_those_worked_out_by_hand(table: Table, order: int, expected: dict[str, float]) -> None:
    paths, names = walked(table)
    assert by_name(names, removal_effects(paths, order=order)) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("order", [1, 2, 3])
@given(table=tables())
@settings(max_examples=60)
def test_effects_equal_those_of_exact_fractions(order: int, table: Table) -> None:
    paths, names = walked(table)
    expected = {key: float(effect) for key, effect in effects(table, order).items()}
    assert by_name(names, removal_effects(paths, order=order)) == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize("order", [1, 2, 3])
@given(table=tables(most=20, longest=9))
@settings(max_examples=30)
def test_both_ways_to_solve_a_chain_agree(order: int, table: Table) -> None:
    paths, _ = walked(table)
    chain = chain_of(paths, order)
    if not chain.rate > 0:
        return
    met = np.unique(paths.key)
    by_inverse, by_solving = removal._lost_by_inverse(chain, met), removal._lost_by_solving(chain, met)
    assert by_solving == pytest.approx(by_inverse, abs=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("pattern", [[0], [0, 1], [0, 1, 2]], ids=["one key", "to and fro", "a round"])
def test_a_path_of_two_hundred_thousand_places_neither_stalls_nor_blurs(pattern: list[int], order: int) -> None:
    bot = np.resize(pattern, 200_000)
    paths = Aggregated(
        key=np.concatenate([bot, [0, 3], [3]]),
        offsets=np.array([0, 200_000, 200_002, 200_003]),
        conversions=np.array([0.0, 3.0, 1.0]),
        value=np.zeros(3),
        nulls=np.array([1.0, 2.0, 4.0]),
        n_keys=4,
    )
    chain, met = chain_of(paths, order), np.unique(paths.key)
    by_inverse, by_solving = removal._lost_by_inverse(chain, met), removal._lost_by_solving(chain, met)
    assert by_solving == pytest.approx(by_inverse, abs=1e-9)
    # All who convert meet the last key, and whoever never meets it does not convert.
    assert removal_effects(paths, order=order)[3] == pytest.approx(1, abs=1e-9)


def test_many_keys_are_solved_one_by_one_and_agree_with_one_inverse() -> None:
    draw = np.random.default_rng(5)
    lengths = draw.integers(1, 5, 3000)
    converted = draw.integers(0, 2, 3000).astype(np.float64)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    paths = Aggregated(draw.integers(0, 30, offsets[-1]), offsets, converted, converted, 1 - converted, n_keys=30)
    chain = chain_of(paths, 3)
    assert len(chain.context) > 3000, "needs more states than are inverted"
    some = np.array([0, 17])
    assert removal_effects(paths, order=3)[some] * chain.rate == pytest.approx(
        removal._lost_by_inverse(chain, some), abs=1e-12
    )


@given(table=tables(), twice=st.integers(0, 5))
@settings(max_examples=50)
def test_of_order_one_a_repeat_changes_nothing(table: Table, twice: int) -> None:
    def stuttered(path: str) -> str:
        keys = path.split(" > ")
        at = twice % len(keys)
        return " > ".join([*keys[: at + 1], *keys[at:]]) if path else path

    paths, _ = walked(table)
    again, _ = walked([(stuttered(path), *rest) for path, *rest in table])
    assert removal_effects(again) == pytest.approx(removal_effects(paths), abs=1e-11)


@pytest.mark.parametrize("order", [0, 4])
def test_an_order_beyond_three_is_refused(order: int) -> None:
    with pytest.raises(ValueError, match=f"order {order}: give one of 1, 2, 3"):
        removal_effects(walked(HAND)[0], order=order)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_of_no_keys_there_are_no_effects(order: int) -> None:
    assert removal_effects(walked([("", 3, 0, 1)])[0], order=order).tolist() == []
    assert removal_effects(walked([])[0], order=order).tolist() == []

"""Shapley credits by hand, against all orders of the players, and by their axioms."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.attribution import shapley
from analysis.attribution.aggregated import Aggregated, together
from analysis.attribution.shapley import Shapley
from tests.analysis.attribution import games
from tests.analysis.attribution.games import Row, aggregated, some_rows
from tests.analysis.builders import credited, make_conversion, make_touch

A, B = range(2)
MODELS: dict[str, Callable[[Aggregated], Shapley]] = {
    "simplified": shapley.simplified,
    "of_all": shapley.of_all,
    "per_set": shapley.per_set,
}
EACH = pytest.mark.parametrize("model", MODELS)


def conversions(model: str, rows: Sequence[Row], n_keys: int) -> list[float]:
    return list(MODELS[model](aggregated(rows, n_keys)).conversions)


TWO = [Row((A,), 2, 8, 20), Row((B,), 1, 9, 30), Row((A, B, A), 9, 11, 90)]


@pytest.mark.parametrize(
    ("model", "counts", "values"),
    [
        # a: 2 + 9/2; b: 1 + 9/2. Value: 20 + 45 and 30 + 45.
        ("simplified", [6.5, 5.5, 0], [65, 75, 0]),
        # v(a) = 2/10, v(b) = 1/10, v(ab) = 12/40. a: (0.2 + 0.3 - 0.1)/2 = 0.2; b: (0.1 + 0.3 - 0.2)/2 = 0.1.
        ("of_all", [8, 4, 0], [280 / 3, 140 / 3, 0]),
        # In {a, b}, worth 9/20: a (0.2 + 0.45 - 0.1)/2 = 0.275, b 0.175, so of its 9 conversions 5.5 and 3.5.
        ("per_set", [7.5, 4.5, 0], [20 + 55, 30 + 35, 0]),
    ],
)
def test_two_keys_by_hand(model: str, counts: list[float], values: list[float]) -> None:
    found = MODELS[model](aggregated(TWO, 2))
    assert list(found.conversions) == pytest.approx(counts, abs=1e-12)
    assert list(found.value) == pytest.approx(values, abs=1e-12)
    assert not found.negative
    assert not found.error.any()


def test_a_key_whose_company_lowers_the_rate_earns_less_than_nothing_and_is_told() -> None:
    # v(a) = 1, v(b) = 0, v(ab) = 20/50: a (1 + 0.4)/2 = 0.7, b (0.4 - 1)/2 = -0.3; times 20 / 0.4.
    found = shapley.of_all(aggregated([Row((A,), 10), Row((A, B), 10, 30)], 2))
    assert list(found.worth) == pytest.approx([0.7, -0.3])
    assert list(found.conversions) == pytest.approx([35, -15, 0])
    assert found.negative == (B,)


@pytest.mark.parametrize("amount", ["conversions", "value"])
@EACH
@given(rows=some_rows(5))
@settings(max_examples=80, deadline=None)
def test_credits_equal_those_of_all_orders_of_the_players(model: str, amount: str, rows: list[Row]) -> None:
    expected = getattr(games, model)(rows, 5, amount)
    assert list(getattr(MODELS[model](aggregated(rows, 5)), amount)) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_six_keys_equal_all_720_orders() -> None:
    random = np.random.default_rng(6)
    paths = [tuple(np.flatnonzero(random.random(6) < 0.5).tolist()) for _ in range(60)]
    rows = [Row(path, int(random.integers(0, 9)), int(random.integers(0, 40))) for path in paths]
    for model in MODELS:
        expected = getattr(games, model)(rows, 6, "conversions")
        assert conversions(model, rows, 6) == pytest.approx(expected, rel=1e-9), model


@EACH
@given(rows=some_rows(15, most=20))
@settings(max_examples=60, deadline=None)
def test_credits_and_none_sum_to_the_totals(model: str, rows: list[Row]) -> None:
    found = MODELS[model](aggregated(rows, 15))
    assert found.conversions.sum() == pytest.approx(sum(row.conversions for row in rows), rel=1e-9, abs=1e-9)
    assert found.value.sum() == pytest.approx(sum(row.value for row in rows), rel=1e-9, abs=1e-9)


@EACH
@given(rows=some_rows(5), names=st.permutations(range(5)))
@settings(max_examples=60, deadline=None)
def test_other_names_for_the_keys_change_no_credit(model: str, rows: list[Row], names: list[int]) -> None:
    renamed = [row._replace(path=tuple(names[key] for key in row.path)) for row in rows]
    before, after = conversions(model, rows, 5), conversions(model, renamed, 5)
    assert [after[key] for key in names] == pytest.approx(before[:5], rel=1e-9, abs=1e-9)


@EACH
@given(rows=some_rows(4))
@settings(max_examples=60, deadline=None)
def test_keys_that_stand_in_for_each_other_earn_the_same(model: str, rows: list[Row]) -> None:
    other = {A: B, B: A}
    swapped = [row._replace(path=tuple(other.get(key, key) for key in row.path)) for row in rows]
    credit = conversions(model, rows + swapped, 4)
    assert credit[A] == pytest.approx(credit[B], rel=1e-9, abs=1e-9)


@EACH
@given(rows=some_rows(4))
@settings(max_examples=60, deadline=None)
def test_a_key_on_no_path_earns_nothing_and_changes_nothing(model: str, rows: list[Row]) -> None:
    few, many = conversions(model, rows, 4), conversions(model, rows, 6)
    assert many[4:6] == [0, 0]
    assert many[:4] == few[:4]


@EACH
@given(rows=some_rows(4), random=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_repeats_and_split_rows_change_nothing(model: str, rows: list[Row], random: object) -> None:
    halves = [row._replace(conversions=row.conversions / 2, nulls=row.nulls / 2, value=row.value / 2) for row in rows]
    walked = [half._replace(path=tuple(reversed(half.path + half.path))) for half in halves]
    mixed = halves + walked
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert conversions(model, mixed, 4) == pytest.approx(conversions(model, rows, 4), rel=1e-9, abs=1e-9)


@given(one=some_rows(5), other=some_rows(5))
@settings(max_examples=60, deadline=None)
def test_simplified_credits_of_two_files_add_up(one: list[Row], other: list[Row]) -> None:
    both = shapley.simplified(together(aggregated(one, 5), aggregated(other, 5)))
    parts = [shapley.simplified(aggregated(rows, 5)) for rows in (one, other)]
    assert both.conversions == pytest.approx(parts[0].conversions + parts[1].conversions, abs=1e-9)
    assert both.value == pytest.approx(parts[0].value + parts[1].value, abs=1e-9)


@EACH
@given(rows=some_rows(5))
@settings(max_examples=40, deadline=None)
def test_the_same_file_twice_doubles_every_credit(model: str, rows: list[Row]) -> None:
    twice = 2 * np.array(conversions(model, rows, 5))
    assert conversions(model, rows + rows, 5) == pytest.approx(twice, rel=1e-9, abs=1e-9)


@given(rows=some_rows(5))
@settings(max_examples=60, deadline=None)
def test_simplified_is_linear_over_the_distinct_keys(rows: list[Row]) -> None:
    sales = [make_conversion(day=40, person=i, value=row.value) for i, row in enumerate(rows)]
    touches = [
        make_touch(f"k{key}", day=30 + place, person=i)
        for i, row in enumerate(rows)
        for place, key in enumerate(dict.fromkeys(row.path))
    ]
    found = shapley.simplified(aggregated([row._replace(conversions=1) for row in rows], 5))
    for amount, credit in ((None, found.conversions), ("value", found.value)):
        by_name = {f"k{key}": share for key, share in enumerate(credit[:5])} | {"(none)": credit[5]}
        expected = credited(touches, sales, model="linear", amount=amount)
        assert by_name == pytest.approx(dict.fromkeys(by_name, 0.0) | expected, abs=1e-9)


@pytest.mark.parametrize(
    ("rows", "counts", "values", "said"),
    [
        ([], [0, 0, 0], [0, 0, 0], "No path has a touch"),
        ([Row((), 3, 5, 9)], [0, 0, 3], [0, 0, 9], "No path has a touch"),
        ([Row((A, A), 3, 5, 9)], [3, 0, 0], [9, 0, 0], None),
        ([Row((A, B), 4, 1, 8)], [2, 2, 0], [4, 4, 0], None),
        ([Row((A,), 0, 5)], [0, 0, 0], [0, 0, 0], "No journey with a touch converted"),
    ],
    ids=["no paths", "no path with a place", "one key", "no smaller sets", "no conversions"],
)
@EACH
def test_files_with_little_in_them_are_shared_and_what_is_odd_is_told(
    model: str, rows: list[Row], counts: list[float], values: list[float], said: str | None
) -> None:
    found = MODELS[model](aggregated(rows, 2))
    assert list(found.conversions) == pytest.approx(counts)
    assert list(found.value) == pytest.approx(values)
    assert (found.note or "").startswith(said or "")
    assert bool(found.note) == bool(said)


@EACH
def test_no_keys_at_all_leave_everything_to_none(model: str) -> None:
    assert conversions(model, [Row((), 3)], 0) == [3]


@pytest.mark.parametrize("model", ["of_all", "per_set"])
def test_a_refund_on_a_path_without_conversions_goes_to_none(model: str) -> None:
    assert list(MODELS[model](aggregated([Row((A,), 0, 5, -7)], 1)).value) == [0, -7]


def test_without_journeys_that_failed_the_rate_tells_only_which_sets_came_up() -> None:
    paths = aggregated([Row((A,), 90), Row((B,), 1), Row((A, B), 9)], 2)
    found = shapley.of_all(paths)
    assert list(found.conversions) == pytest.approx([50, 50, 0])
    assert found.note
    assert "Every journey" in found.note
    assert shapley.simplified(paths).note is None, "it reads no rates"


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"exact_to": 21}, "exact_to of 21"), ({"permutations": 0}, "0 permutations"), ({"seed": -1}, "seed -1")],
)
def test_what_cannot_be_computed_is_refused_by_name(asked: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        shapley.of_all(aggregated(TWO, 2), **asked)

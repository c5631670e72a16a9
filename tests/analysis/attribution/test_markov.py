"""Conversions shared by removal effects: by hand, invariants, and the published paths."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.attribution.aggregated import Aggregated, merged, together
from analysis.attribution.credited import NO_CONVERSION, NO_TOUCH
from analysis.attribution.datadriven import DATA_DRIVEN, share
from analysis.attribution.markov import Markov, Split, markov
from tests.analysis.attribution.walks import Table, by_name, tables, walked
from tests.published import NEEDS_PATHDATA, published_paths

# Effects are 1/3 for a and 1 for b: see test_removal.py.
HAND: Table = [("a > b", 1, 40, 0), ("a", 0, 0, 1), ("b", 1, 8, 1), ("", 2, 5, 3)]
SPLITS: list[Split] = ["global", "journey"]
ASKED = [(order, split) for order in (1, 2, 3) for split in SPLITS]


@pytest.mark.parametrize(
    ("split", "conversions", "value"),
    [
        ("global", {"a": 0.5, "b": 1.5, "(none)": 2}, {"a": 12, "b": 36, "(none)": 5}),
        ("journey", {"a": 0.25, "b": 1.75, "(none)": 2}, {"a": 10, "b": 38, "(none)": 5}),
    ],
)
def test_credit_follows_the_effects_over_all_paths_or_within_each(
    split: Split, conversions: dict[str, float], value: dict[str, float]
) -> None:
    paths, names = walked(HAND)
    found = markov(paths, split=split)
    assert by_name(names, found.conversions) == pytest.approx(conversions)
    assert by_name(names, found.value) == pytest.approx(value)
    assert found.note is None


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize(
    ("table", "conversions", "value", "note"),
    [
        ([], [0], [0], NO_TOUCH),
        ([("", 3, 9, 1)], [3], [9], NO_TOUCH),
        ([("a", 0, 0, 4)], [0, 0], [0, 0], NO_CONVERSION),
        ([("a", 0, -7, 4), ("", 2, 5, 0)], [0, 2], [0, -2], NO_CONVERSION),
        ([("a", 3, 9, 4), ("", 1, 1, 0)], [3, 1], [9, 1], None),
        ([("a > a > a", 3, 9, 0)], [3, 0], [9, 0], None),
    ],
    ids=["nothing", "no touches", "no conversions", "value of nobody", "one channel", "one channel thrice"],
)
def test_where_there_is_little_to_share_nothing_is_lost(
    split: Split, table: Table, conversions: list[float], value: list[float], note: str | None
) -> None:
    found = markov(walked(table)[0], split=split)
    assert found.conversions.tolist() == pytest.approx(conversions)
    assert found.value.tolist() == pytest.approx(value)
    assert found.note == note


def test_split_by_journey_a_path_without_effects_shares_its_value_equally() -> None:
    paths, names = walked([("a", 1, 10, 0), ("b > c", 0, -6, 2)])
    assert by_name(names, markov(paths, split="journey").value) == pytest.approx(
        {"a": 10, "b": -3, "c": -3, "(none)": 0}
    )


@pytest.mark.parametrize(("order", "split"), ASKED)
@given(table=tables(most=12))
@settings(max_examples=40)
def test_credits_and_none_sum_to_conversions_and_value(order: int, split: Split, table: Table) -> None:
    found = markov(walked(table)[0], order=order, split=split)
    assert found.conversions.sum() == pytest.approx(sum(row[1] for row in table), rel=1e-9, abs=1e-9)
    assert found.value.sum() == pytest.approx(sum(row[2] for row in table), rel=1e-9, abs=1e-9)
    assert (found.conversions >= 0).all()


def _same(left: Markov, right: Markov) -> None:
    for figure in ("conversions", "value", "effect"):
        assert getattr(left, figure) == pytest.approx(getattr(right, figure), abs=1e-9), figure


@pytest.mark.parametrize(("order", "split"), ASKED)
@given(table=tables(), random=st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_neither_order_of_rows_nor_splitting_nor_merging_them_matters(
    order: int, split: Split, table: Table, random: st.DataObject
) -> None:
    # Each row is halved, and the halves shuffled: doubled counts are whole again.
    halves = [row for row in table for _ in range(2)]
    random.shuffle(halves)  # type: ignore[attr-defined]
    whole = [(path, 2 * conversions, 2 * value, 2 * nulls) for path, conversions, value, nulls in table]
    expected, found = (markov(walked(rows)[0], order=order, split=split) for rows in (whole, halves))
    _same(found, expected)
    _same(markov(merged(walked(halves)[0]), order=order, split=split), expected)


@pytest.mark.parametrize(("order", "split"), ASKED)
@given(table=tables(), renamed=st.permutations(range(4)))
@settings(max_examples=25)
def test_other_codes_for_the_same_keys_change_nothing(
    order: int, split: Split, table: Table, renamed: list[int]
) -> None:
    paths, _ = walked([*table, ("a > b > c > d", 1, 1, 1)])
    code = np.array(renamed)
    other = Aggregated(code[paths.key], paths.offsets, paths.conversions, paths.value, paths.nulls, n_keys=4)
    expected, found = (markov(some, order=order, split=split) for some in (paths, other))
    assert found.conversions[code] == pytest.approx(expected.conversions[:-1], abs=1e-9)
    assert found.value[code] == pytest.approx(expected.value[:-1], abs=1e-9)


def test_a_null_journey_takes_from_the_key_that_lost_it() -> None:
    paths, _ = walked([("a > c", 2, 0, 0), ("b > c", 2, 0, 0), ("a", 0, 0, 0)])
    more, _ = walked([("a", 0, 0, 6), ("b", 0, 0, 0), ("c", 0, 0, 0)])
    before, after = markov(paths).conversions, markov(together(paths, more)).conversions
    assert before[0] == pytest.approx(before[1])
    assert after[0] == pytest.approx(after[1]), "fewer go on from a, and those are half of all who convert"
    longer, _ = walked([("a > b > c", 0, 0, 6)])
    lost = markov(together(paths, longer)).conversions
    assert lost[1] > before[1], "b now stands on the way that a's journeys take to c"


def test_a_model_is_asked_by_name_and_refuses_what_it_does_not_take() -> None:
    paths, _ = walked(HAND)
    assert share(paths, "markov", order=2).conversions.tolist() == markov(paths, order=2).conversions.tolist()
    for model, given_, said in (
        ("markow", {}, "markow"),
        ("markov", {"ordre": 2}, "takes no ordre"),
        ("markov", {"order": 5}, "order 5"),
        ("markov", {"split": "halves"}, "split 'halves'"),
    ):
        with pytest.raises(ValueError, match=said):
            share(paths, model, **given_)
    assert set(DATA_DRIVEN["markov"].parameters) == {"order", "split"}


# What ChannelAttribution 2.2.5 gives of these paths: markov_model with nulls, which draws journeys until the
# results of ten draws vary by less than conv_par, 0.002 for order 1 and 0.005 for orders 2 and 3.
CHANNEL_ATTRIBUTION = {
    1: {"alpha": 5343.3, "iota": 3880.3, "eta": 3340.2, "beta": 2533.4, "theta": 1970.0, "lambda": 1282.9},
    2: {"alpha": 5615.7, "iota": 3809.1, "eta": 3380.4, "beta": 2436.8, "theta": 1908.4, "lambda": 1199.0},
    3: {"alpha": 5746.2, "iota": 3794.9, "eta": 3395.4, "beta": 2400.3, "theta": 1857.6, "lambda": 1144.5},
}
# What marketing-attribution-models 2.1.1 gives: its removal effects, and its split, which is by journey.
MAM_EFFECTS = {"alpha": 0.558399, "iota": 0.405835, "eta": 0.349026, "lambda": 0.134022, "mi": 0.000180}
MAM_CREDITS = {"alpha": 8285.48253, "iota": 4238.956632, "eta": 3667.185547, "gamma": 46.822359, "delta": 0.003707}


@NEEDS_PATHDATA
@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_published_paths_agree_with_a_simulation_within_its_noise(order: int) -> None:
    paths, names = published_paths()
    found = markov(paths, order=order)
    assert found.conversions.sum() == pytest.approx(19_785, rel=1e-9)
    assert found.value.sum() == pytest.approx(74_802.971587, rel=1e-9)
    credited = by_name(names, found.conversions)
    for name, theirs in CHANNEL_ATTRIBUTION[order].items():
        assert credited[name] == pytest.approx(theirs, rel=0.01), name


@NEEDS_PATHDATA
def test_the_published_paths_agree_with_an_exact_peer_to_its_last_digit() -> None:
    paths, names = published_paths()
    found = markov(paths, split="journey")
    effects, credited = by_name(names, found.effect), by_name(names, found.conversions)
    assert {name: effects[name] for name in MAM_EFFECTS} == pytest.approx(MAM_EFFECTS, abs=6e-7)
    assert {name: credited[name] for name in MAM_CREDITS} == pytest.approx(MAM_CREDITS, abs=6e-6)

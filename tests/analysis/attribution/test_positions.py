"""Models of position: tables by place say what the shares of every touch say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.attribution.credit import Tally
from analysis.attribution.models import weigh
from analysis.attribution.paths import Paths, Weights, paths_of
from analysis.attribution.positions import Positions
from analysis.journeys import NEVER, Journeys
from analysis.windows import CLICK, WIDEST

MODELS = {
    "first": {},
    "last": {},
    "position": {},
    "j_curve": {},
    "inverse_j": {},
    "custom": {"first": 1.0, "middle": 3.0, "last": 0.0},
}
FIGURES = ("conversions", "value", "value_net")


def paths_with(lengths: list[int]) -> Paths:
    offsets = np.cumsum([0, *lengths])
    touches = int(offsets[-1])
    off, kind = np.zeros(touches, dtype=np.bool_), np.full(touches, CLICK, dtype=np.int8)
    age_us = np.repeat(offsets[1:], lengths) - np.arange(touches)
    gap_us = np.full(len(lengths), NEVER)
    return paths_of(Journeys(offsets, np.arange(touches), age_us, kind, off, off, off, gap_us), WIDEST)


@pytest.mark.parametrize("model", MODELS)
@given(lengths=st.lists(st.integers(0, 6), max_size=12), seed=st.integers(0, 1_000), is_grouped=st.booleans())
@settings(max_examples=40)
def test_tables_by_place_are_the_sums_of_the_shares(
    model: str, lengths: list[int], seed: int, *, is_grouped: bool
) -> None:
    paths, random = paths_with(lengths), np.random.default_rng(seed)
    n = len(lengths)
    asked = {
        "keys": random.integers(0, 3, len(paths.row)),
        "n_keys": 3,
        "value": random.integers(0, 1_000_000, n),
        "value_net": random.integers(0, 1_000, n),
        "count": random.integers(1, 5, n),
        "group": random.integers(0, 2, n) if is_grouped else None,
        "n_groups": 2,
    }
    weights = weigh(paths, model, **MODELS[model])
    assert isinstance(weights, Positions)
    tally = Tally(paths, **asked)  # type: ignore[arg-type]
    found, expected = tally.of(weights), tally.of(Weights(paths, None, weights.share))
    for figure in FIGURES:
        assert getattr(found, figure) == pytest.approx(getattr(expected, figure), rel=1e-12, abs=1e-12), figure


@pytest.mark.parametrize(
    ("length", "shares"),
    [(1, [1]), (2, [0.25, 0.75]), (3, [0.2, 0.2, 0.6]), (4, [0.2, 0.1, 0.1, 0.6])],
)
def test_a_place_has_its_part_however_long_the_path(length: int, shares: list[float]) -> None:
    assert weigh(paths_with([0, length]), "j_curve").share == pytest.approx(shares)


def test_whole_conversions_stay_whole_to_the_last_bit() -> None:
    lengths = [1, 2, 3, 4] * 2_500
    paths = paths_with(lengths)
    value = np.full(len(lengths), 333_333_333_333)
    tally = Tally(paths, keys=np.zeros(len(paths.row), dtype=np.int64), n_keys=1, value=value)
    for model in ("first", "last"):
        found = tally.of(weigh(paths, model))
        assert (found.conversions[0, 0], found.value[0, 0]) == (10_000, 3_333_333_333_330_000), model

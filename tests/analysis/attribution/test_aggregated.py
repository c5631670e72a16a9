"""Paths with how often each was walked."""

import numpy as np
import pytest
from hypothesis import given

from analysis.attribution import aggregated as module
from analysis.attribution.aggregated import Aggregated, distinct, merged, of_paths, of_texts, together
from analysis.attribution.paths import paths_of
from analysis.windows import Windows
from tests.analysis.attribution.walks import Table, tables, walked
from tests.analysis.builders import journeys_from, make_conversion, make_touch


def _rows(paths: Aggregated) -> list[tuple[list[int], float, float, float]]:
    return [
        (paths.key[begin:end].tolist(), *(float(column[i]) for column in (paths.conversions, paths.value, paths.nulls)))
        for i, (begin, end) in enumerate(zip(paths.offsets[:-1], paths.offsets[1:], strict=True))
    ]


def test_texts_become_codes_of_sorted_names_and_an_empty_one_has_no_place() -> None:
    paths, names = of_texts(["email > ads", "", "email"], conversions=[2, 1, 0], nulls=[0, 3, 4])
    assert names == ["ads", "email"]
    assert _rows(paths) == [([1, 0], 2, 0, 0), ([], 1, 0, 3), ([1], 0, 0, 4)]
    assert paths.journeys.tolist() == [2, 4, 4]


def test_eligible_paths_and_null_journeys_stand_together() -> None:
    touches = [make_touch(day=1, person=1), make_touch(day=2, person=1)]
    paths = paths_of(journeys_from(touches, [make_conversion(day=3, person=person) for person in (1, 2)]), Windows())
    keys = np.array([1, 0])
    won = of_paths(paths, keys=keys, n_keys=2, value=np.array([10, 20]))
    lost = of_paths(paths, keys=keys, n_keys=2, walks=np.array([4, 6]), converted=False)
    assert _rows(merged(together(won, lost))) == [([1, 0], 1, 10, 4), ([], 1, 20, 6)]


@given(table=tables(most=12, keys="ab", longest=4))
def test_equal_paths_become_one_in_the_order_they_came_and_sums_stay(table: Table) -> None:
    paths, names = walked(table)
    expected: dict[str, list[int]] = {}
    for path, *row in table:
        expected[path] = [a + b for a, b in zip(expected.get(path, [0, 0, 0]), row, strict=True)]
    found = _rows(merged(paths))
    assert [(" > ".join(names[key] for key in keys), row) for keys, *row in found] == list(expected.items())
    assert _rows(merged(merged(paths))) == found


def test_paths_that_share_a_hash_are_still_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = module._hashes
    seeds = []

    def poor_at_first(paths: Aggregated, seed: int) -> np.ndarray:
        seeds.append(seed)
        return drawn(paths, seed) if seed else np.zeros(len(paths), dtype=np.int64)

    monkeypatch.setattr(module, "_hashes", poor_at_first)
    paths, _ = walked([("a > b", 1, 0, 0), ("b > a", 1, 0, 0), ("a > b", 1, 0, 0)])
    first, code = distinct(paths)
    assert (first.tolist(), code.tolist(), seeds) == ([0, 1], [0, 1, 0], [0, 1])


@pytest.mark.parametrize(
    ("key", "offsets", "conversions", "said"),
    [
        ([0, 2], [0, 2], [1.0], "codes from 0 to 2: must lie in 0 to 1"),
        ([0, 1], [0, 1], [1.0], "rise from 0 to the 2 places"),
        ([0, 1], [0, 2], [1.0, 2.0], "for 1 paths"),
        ([0, 1], [0, 2], [-1.0], "0 or more"),
        ([0, 1], [0, 2], [float("nan")], "finite"),
    ],
)
def test_what_would_be_counted_wrong_is_refused(
    key: list[int], offsets: list[int], conversions: list[float], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Aggregated(np.array(key), np.array(offsets), np.array(conversions), np.zeros(1), np.zeros(1), n_keys=2)


def test_other_refusals_say_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="a step without a name"):
        of_texts(["a >  > b"], conversions=[1])
    with pytest.raises(ValueError, match="have the same keys"):
        together(walked([("a", 1, 0, 0)])[0], walked([("a > b", 1, 0, 0)])[0])
    paths = paths_of(journeys_from([make_touch(day=1)], [make_conversion(day=3)]), Windows())
    with pytest.raises(ValueError, match="2 keys for 1 rows"):
        of_paths(paths, keys=np.array([0, 0]), n_keys=1)

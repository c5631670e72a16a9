"""Journeys gathered part by part: any parts give the paths, sums and walks of all at once."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.arrays import Floats, Ints
from analysis.attribution import gathering
from analysis.attribution.aggregated import Aggregated
from analysis.attribution.coalitions import keys_once
from analysis.attribution.gathering import Gathered, Gathering, with_paths
from analysis.attribution.transforms import last_places
from tests.analysis.attribution.games import Row, aggregated, some_rows

KEYS = 3


def walked(paths: Aggregated) -> list[tuple[int, ...]]:
    """Give the path of each row."""
    bounds = zip(paths.offsets[:-1].tolist(), paths.offsets[1:].tolist(), strict=True)
    return [tuple(paths.key[a:b].tolist()) for a, b in bounds]


def rows_of(paths: Aggregated, net: Floats) -> Counter[tuple[int, ...]]:
    """Tell the rows apart by path and their four sums."""
    columns = zip(walked(paths), paths.conversions, paths.value, paths.nulls, net, strict=True)
    return Counter((*text, -1, *map(round, sums)) for text, *sums in columns)


def gathered(rows: list[Row], person: Ints, size: int, wait: int) -> Gathered:
    """Give the rows in parts of `size`; net is the value less one."""
    found = Gathering(KEYS, keeps_walks=True, wait=wait)
    for begin in range(0, len(rows), size):
        part = aggregated(rows[begin : begin + size], KEYS)
        found.add(part, person=person[begin : begin + size], value_net=part.value - 1)
    return found.gathered()


@given(rows=some_rows(KEYS, most=20), size=st.integers(1, 7), wait=st.integers(1, 30), seed=st.integers(0, 99))
def test_any_parts_give_the_paths_and_walks_of_all_rows_at_once(
    rows: list[Row], size: int, wait: int, seed: int
) -> None:
    person = np.random.default_rng(seed).integers(0, 4, len(rows)) * 10
    found = gathered(rows, person, size, wait)
    sums: dict[tuple[int, ...], Floats] = {}
    for row in rows:
        columns = [row.conversions, row.value, row.nulls, row.value - 1]
        sums[row.path] = sums.get(row.path, np.zeros(4)) + np.array(columns)
    expected = Counter((*path, -1, *map(int, four)) for path, four in sums.items())
    assert rows_of(found.paths, found.value_net) == expected
    walks = found.walks
    assert walks is not None
    assert walks.persons == len(set(person.tolist()))
    numbers = {path: number for number, path in enumerate(sums)}  # paths are numbered as they come up
    assert walks.path.tolist() == [numbers[row.path] for row in rows]
    assert walks.person.tolist() == np.unique(person, return_inverse=True)[1].tolist()
    assert walks.conversions.tolist() == [row.conversions for row in rows]


@given(rows=some_rows(KEYS, most=12))
def test_other_paths_are_merged_anew_and_walks_follow(rows: list[Row]) -> None:
    found = gathered(rows, np.arange(len(rows)), 5, 1)
    for made in (last_places(found.paths, 1), keys_once(found.paths)):
        other = with_paths(found, made)
        assert other.walks is not None
        assert len(set(walked(other.paths))) == len(other.paths), "a path stands there twice"
        assert other.value_net.sum() == pytest.approx(found.value_net.sum())
        conversions = np.bincount(other.walks.path, other.walks.conversions, len(other.paths))
        assert conversions.tolist() == other.paths.conversions.tolist()


def test_what_waits_is_merged_when_it_is_as_much_as_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    merges = []
    distinct = gathering.distinct

    def counted(rows: Aggregated) -> tuple[Ints, Ints]:
        merges.append(len(rows))
        return distinct(rows)

    monkeypatch.setattr(gathering, "distinct", counted)
    found = Gathering(KEYS, wait=10)
    for _ in range(1_000):
        found.add(aggregated([Row((0, 1), 1), Row((1,), 0, 1)], KEYS), person=np.zeros(2, dtype=np.int64))
    assert len(found.gathered().paths) == 2
    # Two paths of three places are 5 a part, so two parts make a merge of four rows, two more being there.
    assert max(merges) == 6
    assert len(merges) == 501


def test_of_no_journeys_there_are_no_paths() -> None:
    found = Gathering(KEYS, keeps_walks=True).gathered()
    assert (len(found.paths), found.paths.n_keys, len(found.value_net)) == (0, KEYS, 0)
    assert found.walks is not None
    assert found.walks.persons == 0

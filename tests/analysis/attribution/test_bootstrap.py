"""Bootstrap intervals: against the normal one, by coverage, and where there is nothing to share."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from analysis.attribution.aggregated import Aggregated
from analysis.attribution.bootstrap import Intervals, Shares, Walks, intervals, walks_of
from analysis.attribution.coalitions import keys_once
from analysis.attribution.shapley import of_all, per_set, simplified
from tests.analysis.attribution.games import Row, aggregated

PATHS = [(0,), (1,), (0, 1), (2,)]
LAW = np.array([0.3, 0.1, 0.2, 0.4])  # how conversions fall on the paths
TRUTH = np.array([0.4, 0.2, 0.4, 0.0])  # and so the simplified shares, (none) last


PARTS = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0.5, 0.5, 0, 0], [0, 0, 1, 0]])  # of each path, by key and (none)


class Credit(NamedTuple):
    conversions: np.ndarray
    value: np.ndarray
    note: str | None = None


def shared(paths: Aggregated) -> Credit:
    """Share as `simplified` does the four paths above, in less time."""
    return Credit(paths.conversions @ PARTS, paths.value @ PARTS)


def of_counts(counts: np.ndarray) -> Aggregated:
    return aggregated([Row(path, float(n), 50, 2 * float(n)) for path, n in zip(PATHS, counts, strict=True)], 3)


def conversions_of(found: Intervals) -> Shares:
    assert found.conversions is not None
    return found.conversions


def test_the_interval_of_counts_is_about_the_normal_one() -> None:
    counts = 10_000 * LAW
    found = conversions_of(intervals(replace(of_counts(counts), nulls=np.zeros(4)), simplified, replicates=1_000))
    normal = 1.96 * np.sqrt(0.4 * 0.6 / 10_000)
    assert found.share == pytest.approx(TRUTH, abs=1e-12)
    # Percentiles of 1,000 replicates are sure to about 5 % of the width.
    assert found.share[2] - found.low[2] == pytest.approx(normal, rel=0.15)
    assert found.high[2] - found.share[2] == pytest.approx(normal, rel=0.15)


def test_a_higher_level_is_never_narrower() -> None:
    paths = of_counts(np.array([9, 5, 7, 11]))
    narrow, wide = (conversions_of(intervals(paths, per_set, replicates=200, level=level)) for level in (0.8, 0.95))
    assert np.all(wide.low <= narrow.low)
    assert np.all(wide.high >= narrow.high)
    assert np.all(wide.high[:3] > wide.low[:3])


def test_intervals_of_95_percent_hold_the_truth_about_as_often() -> None:
    random = np.random.default_rng(95)
    held = []
    for _ in range(120):
        found = conversions_of(intervals(of_counts(random.multinomial(300, LAW)), shared, replicates=120))
        held.append((found.low <= TRUTH)[:3] & (found.high >= TRUTH)[:3])
    # 0.95 with a deviation of 0.02 for 120 files; percentiles of 120 replicates are a little short.
    assert 0.89 <= np.mean(held) <= 0.99


def drawn_persons(random: np.random.Generator, persons: int, journeys: int) -> tuple[Aggregated, Walks]:
    """Let every person walk one path again and again, as people do."""
    path = random.choice(4, size=persons, p=LAW)
    count = np.full(persons, float(journeys))
    walks = Walks(path, np.arange(persons), count, 2 * count, np.zeros(persons), persons)
    rows = np.bincount(path, count, 4)
    return replace(of_counts(rows), nulls=np.zeros(4)), walks


def test_drawing_persons_holds_the_truth_where_drawing_their_journeys_is_too_sure() -> None:
    random = np.random.default_rng(7)
    by_person, by_journey = [], []
    for _ in range(80):
        paths, walks = drawn_persons(random, persons=150, journeys=8)
        for held, given in ((by_person, walks), (by_journey, None)):
            found = conversions_of(intervals(paths, shared, walks=given, replicates=100))
            held.append((found.low <= TRUTH)[:3] & (found.high >= TRUTH)[:3])
    assert 0.87 <= np.mean(by_person) <= 1.0
    assert np.mean(by_journey) < 0.7


def test_with_one_journey_each_persons_and_journeys_give_the_same_width() -> None:
    paths, walks = drawn_persons(np.random.default_rng(3), persons=2_000, journeys=1)
    by_person, by_journey = (conversions_of(intervals(paths, simplified, walks=w)) for w in (walks, None))
    widths = by_person.high - by_person.low, by_journey.high - by_journey.low
    assert widths[0][:3] == pytest.approx(widths[1][:3], rel=0.2)


def test_the_same_seed_gives_the_same_bits_and_another_does_not() -> None:
    paths = of_counts(np.array([9, 5, 7, 11]))
    first, again, other = (conversions_of(intervals(paths, of_all, replicates=50, seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(first.low, again.low)
    assert not np.array_equal(first.low, other.low)


def test_every_replicate_holds_as_many_journeys_as_there_were_and_values_of_its_conversions() -> None:
    seen: list[Aggregated] = []

    def watched(paths: Aggregated) -> object:
        seen.append(paths)
        return simplified(paths)

    paths = of_counts(np.array([9, 5, 7, 11]))
    intervals(paths, watched, replicates=40)  # type: ignore[arg-type]
    assert len(seen) == 41
    for drawn in seen:
        assert drawn.journeys.sum() == paths.journeys.sum()
        assert drawn.value == pytest.approx(2 * drawn.conversions)


def test_one_person_alone_tells_nothing_of_others() -> None:
    paths = aggregated([Row((0,), 3, 1, 9), Row((1,), 1, 0, 5)], 2)
    walks = Walks(np.array([0, 1]), np.array([0, 0]), paths.conversions, paths.value, paths.nulls, 1)
    found = conversions_of(intervals(paths, simplified, walks=walks, replicates=40))
    assert list(found.low) == list(found.high) == [0.75, 0.25, 0]


@pytest.mark.parametrize("rows", [[], [Row((0,), 0, 9)]], ids=["no paths", "no conversions"])
def test_without_conversions_nothing_has_a_share(rows: list[Row]) -> None:
    found = intervals(aggregated(rows, 1), simplified, replicates=40)
    assert (found.conversions, found.value, found.replicates) == (None, None, 0)


def test_conversions_of_no_value_have_shares_of_conversions_only() -> None:
    found = intervals(aggregated([Row((0,), 5), Row((), 5)], 1), simplified, replicates=40)
    assert list(conversions_of(found).share) == [0.5, 0.5]
    assert found.value is None


def test_replicates_without_a_conversion_are_left_out_and_counted() -> None:
    found = intervals(aggregated([Row((0,), 1, 99, 3)], 1), simplified, replicates=200)
    assert 100 < found.replicates < 150  # 1 - 1/e of 200 is 126, with a deviation of 7
    assert list(conversions_of(found).low) == [1, 0]


def test_rows_of_persons_become_distinct_paths_and_who_walked_them() -> None:
    rows = aggregated([Row((0, 1), 1, 0, 5), Row((2,), 0, 1), Row((1, 0), 1, 0, 7), Row((2,), 1, 0, 2)], 3)
    paths, walks = walks_of(keys_once(rows), person=np.array([4, 4, 0, 1]), persons=5)
    assert (list(paths.key), list(paths.conversions), list(paths.nulls)) == ([0, 1, 2], [2, 1], [0, 1])
    assert (list(walks.path), list(walks.person)) == ([0, 1, 0, 1], [4, 4, 0, 1])
    found = conversions_of(intervals(paths, simplified, walks=walks, replicates=40))
    assert list(found.share) == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])


PLAIN = of_counts(np.array([9, 5, 7, 11]))
WALKS = Walks(np.arange(4), np.arange(4), PLAIN.conversions, PLAIN.value, PLAIN.nulls, 4)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"replicates": 39}, "39 replicates"),
        ({"level": 1.0}, "level 1.0"),
        ({"seed": -1}, "seed -1"),
        ({"walks": replace(WALKS, persons=3)}, "persons from 0 to 3"),
        ({"walks": replace(WALKS, path=np.arange(1, 5))}, "paths from 1 to 4"),
        ({"walks": replace(WALKS, person=np.arange(3))}, "for 4 rows"),
        ({"walks": replace(WALKS, nulls=np.zeros(4))}, "the walks' nulls"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(asked: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        intervals(PLAIN, simplified, **asked)  # type: ignore[arg-type]

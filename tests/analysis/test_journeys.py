"""Order, the join of touches with conversions, parts, and heavy persons."""

import tracemalloc
from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest

from analysis.attribution.credit import Credits, tally
from analysis.attribution.models import attribute
from analysis.journeys import (
    MOST_TOUCHES,
    NEVER,
    Conversions,
    Journeys,
    Touches,
    in_order,
    journeys_in_parts,
    journeys_of,
)
from analysis.windows import CLICK, WIDEST, Windows
from tests.analysis.builders import arrays_of, at, column, journeys_from, make_conversion, make_touch, sort


def test_touches_of_one_moment_stand_by_sequence_then_event_id() -> None:
    rows = [
        make_touch("third", day=1, sequence=2, event_id="a"),
        make_touch("second", day=1, sequence=1, event_id="b"),
        make_touch("first", day=1, sequence=1, event_id="a"),
        make_touch("before", day=0, sequence=9, event_id="z"),
        make_touch("another", day=0, person=2),
    ]
    assert [row["channel"] for row in sort(rows)] == ["before", "first", "second", "third", "another"]


def test_event_ids_are_text_so_ten_stands_before_nine() -> None:
    rows = [make_touch(str(i), day=1, event_id=str(i)) for i in (9, 10)]
    assert [row["channel"] for row in sort(rows)] == ["10", "9"]


def test_without_sequence_and_event_id_equal_rows_keep_their_place() -> None:
    same = np.zeros(4, dtype=np.int64)
    assert in_order(same, same).tolist() == [0, 1, 2, 3]


def test_a_journey_reaches_back_as_far_as_asked_and_carries_what_its_touches_are() -> None:
    touches = [
        make_touch("email", day=1, session=7),
        make_touch("paid_search", day=95, session=8),
        make_touch("direct", day=99, session=9, kind="view"),
        make_touch("sms", day=101),
    ]
    journeys = journeys_from(touches, [make_conversion(day=100, session=9)])
    assert journeys.touch.tolist() == [1, 2]
    assert journeys.age_us.tolist() == [at(100) - at(95), at(100) - at(99)]
    assert journeys.paid.tolist() == [True, False]
    assert journeys.direct.tolist() == [False, True]
    assert journeys.same_session.tolist() == [False, True]


def test_the_gap_is_to_the_same_persons_earlier_conversion() -> None:
    sales = [make_conversion(day=3), make_conversion(day=5), make_conversion(day=6, person=2)]
    assert journeys_from([], sales).gap_us.tolist() == [NEVER, at(5) - at(3), NEVER]


def test_a_stored_paths_table_gives_the_same_journeys() -> None:
    touches = sort([make_touch("email", day=1), make_touch("sms", day=5), make_touch("sms", day=5, person=3)])
    sales = [make_conversion(day=4), make_conversion(day=6), make_conversion(day=6, person=2)]
    joined = journeys_from(touches, sales)
    stored = Journeys.from_rows(
        conversion=np.array([0, 1, 1, 2]),
        has_touch=np.array([True, True, True, False]),
        touch_time_us=np.array([at(1), at(1), at(5), 0]),
        kind=np.full(4, CLICK, dtype=np.int8),
        direct=np.zeros(4, dtype=np.bool_),
        paid=np.zeros(4, dtype=np.bool_),
        same_session=np.zeros(4, dtype=np.bool_),
        conversion_time_us=np.array([at(4), at(6), at(6)]),
        previous_time_us=np.array([-1, at(4), -1]),
    )
    for name in ("offsets", "age_us", "kind", "direct", "paid", "same_session", "gap_us"):
        assert getattr(stored, name).tolist() == getattr(joined, name).tolist(), name
    assert stored.touch.tolist() == [0, 1, 2]


@pytest.mark.parametrize("wrong", ["touches", "conversions"])
def test_rows_out_of_order_are_refused_rather_than_joined_wrongly(wrong: str) -> None:
    touches, sales = [make_touch(day=1), make_touch(day=2)], [make_conversion(day=3), make_conversion(day=4)]
    disordered = arrays_of(touches[::-1], sales) if wrong == "touches" else arrays_of(touches, sales[::-1])
    with pytest.raises(ValueError, match=f"{wrong} must be sorted"):
        journeys_of(*disordered)


def test_a_stored_touch_after_its_conversion_is_refused() -> None:
    flag = np.zeros(1, dtype=np.bool_)
    with pytest.raises(ValueError, match="after its conversion"):
        Journeys.from_rows(
            conversion=np.array([0]),
            has_touch=~flag,
            touch_time_us=np.array([2]),
            kind=np.zeros(1, dtype=np.int8),
            direct=flag,
            paid=flag,
            same_session=flag,
            conversion_time_us=np.array([1]),
        )


def test_tables_of_parts_add_up_to_the_whole_table() -> None:
    rows = sort([make_touch(f"c{i % 3}", day=i / 7, person=i % 5) for i in range(60)])
    touches, sales = arrays_of(rows, sort([make_conversion(day=i / 3, person=i % 5, value=i) for i in range(24)]))
    keys = column(rows, "channel", object)
    codes = np.array([int(key[1:]) for key in keys])

    def table(part: slice, journeys: Journeys) -> Credits:
        value = np.arange(24.0)[part]
        weights = attribute(journeys, model="linear")
        return tally(weights, keys=codes[journeys.touch], n_keys=3, value=value)

    parts = list(journeys_in_parts(touches, sales, rows=17))
    assert len(parts) > 3, "the case needs several parts"
    total = table(*parts[0])
    for part in parts[1:]:
        total += table(*part)
    whole = table(slice(None), journeys_of(touches, sales))
    assert total.conversions == pytest.approx(whole.conversions, abs=1e-12)
    assert total.value == pytest.approx(whole.value, abs=1e-12)


def test_ready_journeys_are_cut_into_the_parts_that_joining_in_parts_gives() -> None:
    rows = sort([make_touch(f"c{i % 3}", day=i / 7, person=i % 5) for i in range(60)])
    touches, sales = arrays_of(rows, sort([make_conversion(day=i / 3, person=i % 5) for i in range(24)]))
    expected = list(journeys_in_parts(touches, sales, rows=17))
    found = list(journeys_of(touches, sales).parts(17))
    assert [part for part, _ in found] == [part for part, _ in expected]
    for (_, some), (_, same) in zip(found, expected, strict=True):
        for each in fields(Journeys):
            assert np.array_equal(getattr(some, each.name), getattr(same, each.name)), each.name


def test_a_heavy_person_costs_bounded_memory() -> None:
    n, sales = 20_000, 500
    zeros = np.zeros(n, dtype=np.int64)
    touches = Touches(
        person=zeros,
        time_us=np.arange(n, dtype=np.int64),
        kind=np.full(n, CLICK, dtype=np.int8),
        direct=zeros.astype(np.bool_),
        paid=zeros.astype(np.bool_),
        session=zeros - 1,
    )
    conversions = Conversions(zeros[:sales], np.arange(n - sales, n, dtype=np.int64), zeros[:sales] - 1)
    tracemalloc.start()
    pairs = sum(len(part.touch) for _, part in journeys_in_parts(touches, conversions, rows=100_000))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert pairs == sum(range(n - sales + 1, n + 1)), "every touch of the person stands before each conversion"
    assert peak_bytes < 20_000_000, "ten million pairs at once would take 300 MB"


def test_the_search_in_stretches_equals_one_over_all_pairs() -> None:
    random = np.random.default_rng(5)
    rows = sort([make_touch(day=float(random.integers(0, 40)), person=int(random.integers(0, 9))) for _ in range(300)])
    sales = sort(
        [make_conversion(day=float(random.integers(0, 40)), person=int(random.integers(0, 11))) for _ in range(80)]
    )
    journeys = journeys_of(*arrays_of(rows, sales), Windows(click_days=10))
    for i, sale in enumerate(sales):
        expected = [
            j
            for j, row in enumerate(rows)
            if row["person"] == sale["person"]
            and 0 <= sale["time_us"] - row["time_us"] <= at(30) - at(0)  # the widest of the three windows
        ]
        assert journeys.touch[journeys.offsets[i] : journeys.offsets[i + 1]].tolist() == expected, sale


def test_the_widest_window_is_what_a_stored_paths_table_holds() -> None:
    assert WIDEST.days() == (90, 90, 90)


def test_a_capped_conversion_keeps_its_newest_touches_and_is_counted() -> None:
    touches = [make_touch(f"c{day}", day=day) for day in range(1, 6)]
    sales = [make_conversion(day=2.5), make_conversion(day=6)]
    ((_, journeys),) = journeys_in_parts(*arrays_of(sort(touches), sort(sales)), rows=None, most_touches=3)
    kept = [journeys.touch[start:end].tolist() for start, end in pairwise(journeys.offsets)]
    assert kept == [[0, 1], [2, 3, 4]]
    assert journeys.capped == 1


def test_parts_of_capped_journeys_count_what_was_capped_once() -> None:
    touches, sales = arrays_of([make_touch(day=n) for n in range(9)], [make_conversion(day=9 + n) for n in range(4)])
    ((_, journeys),) = journeys_in_parts(touches, sales, rows=None, most_touches=3)
    parts = [part for _, part in journeys.parts(5)]
    assert len(parts) > 1, "the case needs several parts"
    assert sum(part.capped for part in parts) == journeys.capped == 4


def test_a_robots_touches_and_conversions_cost_their_sum_and_not_their_product() -> None:
    n, sales = 200_000, 5_000
    zeros = np.zeros(n, dtype=np.int64)
    touches = Touches(zeros, np.arange(n), np.full(n, CLICK, dtype=np.int8), zeros > 0, zeros > 0, zeros - 1)
    conversions = Conversions(zeros[:sales], np.arange(n - sales, n), zeros[:sales] - 1)
    parts = [part for _, part in journeys_in_parts(touches, conversions, most_touches=MOST_TOUCHES)]
    assert sum(len(part.touch) for part in parts) == sales * MOST_TOUCHES, "all pairs would be a thousand million"
    assert sum(part.capped for part in parts) == sales

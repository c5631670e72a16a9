"""Journeys of those who did not convert: where they end, and what stands in them."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from analysis.attribution.aggregated import of_paths
from analysis.attribution.paths import paths_of
from analysis.attribution.unconverted import unconverted
from analysis.journeys import journeys_in_parts, journeys_of
from analysis.windows import Windows
from tests.analysis import oracle
from tests.analysis.builders import Row, arrays_of, make_conversion, make_touch, sort, windows_of
from tests.analysis.histories import SALES, TOUCHES, WINDOWS

DAY_1_30 = Windows(1, 30, 30)


def walked(touches: list[Row], sales: list[Row], windows: Windows = DAY_1_30) -> Counter[tuple[str, ...]]:
    """Give the paths of those who did not convert, as the product finds them."""
    touches = sort(touches)
    channels = [touch["channel"] for touch in touches]
    names = sorted(set(channels))
    all_touches, conversions = arrays_of(touches, sort(sales))
    ends = unconverted(all_touches, conversions, windows)
    journeys = journeys_of(all_touches, ends, windows)
    keys = np.array([names.index(channel) for channel in channels], dtype=np.int64)[journeys.touch]
    found = of_paths(paths_of(journeys, windows), keys=keys, n_keys=len(names), converted=False)
    assert found.nulls.tolist() == [1.0] * len(found)
    assert not found.conversions.any()
    bounds = zip(found.offsets[:-1].tolist(), found.offsets[1:].tolist(), strict=True)
    return Counter(tuple(names[key] for key in found.key[a:b].tolist()) for a, b in bounds)


def test_a_journey_ends_with_the_latest_touch_and_looks_back_over_the_window() -> None:
    touches = [
        make_touch("email", day=0, person=0),
        make_touch("referral", day=20, person=0),
        make_touch("paid_search", day=50, person=0),
        make_touch("direct", day=50.5, person=0),
    ]
    assert walked(touches, []) == {("paid_search",): 1}, "20 is 30.5 days back; direct gives way"
    assert walked([*touches[:2], make_touch("email", day=50, person=0)], []) == {("referral", "email"): 1}


def test_who_converted_has_no_such_journey_neither_before_nor_after() -> None:
    sale = make_conversion(day=5, person=0)
    touches = [
        make_touch("email", day=1, person=0),
        make_touch("referral", day=9, person=0),
        make_touch("email", day=1, person=1),
    ]
    assert walked(touches, [sale]) == {("email",): 1}


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        (Windows(1, 30, 30), {("display",): 1}),
        (Windows(None, 30, 30), {("email",): 1}),
        (Windows(0, None, None), {("display",): 1}),
        (Windows(None, 30, None), {}),
    ],
    ids=["view last", "views off", "window of nothing", "no touch of a type that is on"],
)
def test_a_type_that_is_off_neither_ends_nor_opens_a_journey(windows: Windows, expected: dict[Any, int]) -> None:
    assert (
        walked(
            [make_touch("email", day=0, person=0), make_touch("display", day=40, person=0, kind="view")], [], windows
        )
        == expected
    )


@pytest.mark.parametrize("windows", WINDOWS)
@given(touches=TOUCHES, sales=SALES)
def test_the_paths_are_those_of_plain_loops(
    windows: dict[str, float | None], touches: list[dict[str, Any]], sales: list[dict[str, Any]]
) -> None:
    expected = Counter(path for path, sale in oracle.journeys(touches, sales, windows=windows) if sale is None)
    assert walked(touches, sales, windows_of(windows)) == expected


@given(touches=TOUCHES, sales=SALES, others=TOUCHES)
def test_another_persons_touches_change_nobody_elses_journey(
    touches: list[dict[str, Any]], sales: list[dict[str, Any]], others: list[dict[str, Any]]
) -> None:
    strangers = [other | {"person": other["person"] + 9} for other in others]
    alone, together = (walked(rows, sales) for rows in (touches, [*touches, *strangers]))
    assert together - alone == walked(strangers, [])
    assert not alone - together


def test_parts_give_the_same_journeys_as_all_at_once() -> None:
    rows = [
        make_touch(channel, day=day, person=person)
        for person in range(7)
        for day, channel in ((0, "email"), (3, "referral"))
    ]
    touches, conversions = arrays_of(sort(rows), [])
    ends = unconverted(touches, conversions, DAY_1_30)
    parts = [journeys.conversions for _, journeys in journeys_in_parts(touches, ends, DAY_1_30, rows=4)]
    assert parts == [2, 2, 2, 1]


def test_of_no_touches_there_are_no_journeys() -> None:
    assert walked([], []) == {}
    assert walked([], [make_conversion(day=1)]) == {}

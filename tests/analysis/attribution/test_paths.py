"""Windows to the microsecond, scopes, and the direct rule."""

from typing import Any

import pytest

from analysis.attribution.paths import eligible
from analysis.windows import Windows
from tests.analysis.builders import DAY_US, credited, journeys_from, make_conversion, make_touch

SALE = make_conversion(day=40)


@pytest.mark.parametrize(
    ("kind", "days"), [("view", 1), ("engagement", 30), ("click", 30)], ids=["view", "engagement", "click"]
)
@pytest.mark.parametrize(("microseconds_older", "earns"), [(0, True), (1, False)], ids=["at the end", "past it"])
def test_a_window_includes_its_end_to_the_microsecond(
    kind: str, days: int, microseconds_older: int, earns: bool
) -> None:
    touch = make_touch(day=0, kind=kind)
    touch["time_us"] = SALE["time_us"] - days * DAY_US - microseconds_older
    assert credited([touch], [SALE], model="linear") == {("email" if earns else "(none)"): 1.0}


@pytest.mark.parametrize(("later", "earns"), [(0, True), (1, False)], ids=["same time", "later"])
def test_a_touch_at_the_conversions_own_time_is_in_and_a_later_one_is_not(later: int, earns: bool) -> None:
    touch = make_touch(day=40, event_id="the sale itself")
    touch["time_us"] += later
    assert credited([touch], [SALE], model="last") == {("email" if earns else "(none)"): 1.0}


def test_a_type_that_is_off_earns_nothing_not_even_at_the_same_time() -> None:
    touches = [make_touch(day=40)]
    assert credited(touches, [SALE], model="last", windows=Windows(click_days=None)) == {"(none)": 1.0}


def test_a_window_of_half_an_hour_is_exact() -> None:
    half_hour = Windows(click_days=1 / 48)
    inside = make_touch(day=0) | {"time_us": SALE["time_us"] - DAY_US // 48}
    outside = make_touch(day=0) | {"time_us": SALE["time_us"] - DAY_US // 48 - 1}
    assert credited([inside], [SALE], model="last", windows=half_hour) == {"email": 1.0}
    assert credited([outside], [SALE], model="last", windows=half_hour) == {"(none)": 1.0}


def test_the_window_comes_before_the_direct_rule() -> None:
    touches = [make_touch("email", day=1), make_touch("direct", day=39)]
    assert credited(touches, [SALE], model="linear") == {"direct": 1.0}


def test_an_all_direct_path_stays_direct() -> None:
    touches = [make_touch("direct", day=38), make_touch("direct", day=39)]
    assert credited(touches, [SALE], model="linear") == {"direct": 1.0}


def test_direct_touches_give_way_to_any_other_also_a_view() -> None:
    touches = [make_touch("display", day=39.5, kind="view"), make_touch("direct", day=39.9)]
    assert credited(touches, [SALE], model="linear") == {"display": 1.0}


def test_another_persons_touches_earn_nothing() -> None:
    touches = [make_touch(day=39, person=0), make_touch(day=39, person=2)]
    assert credited(touches, [SALE], model="linear") == {"(none)": 1.0}


TWO_SALES = [make_conversion(day=40), make_conversion(day=42)]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [("all", {"email": 1.5, "sms": 0.5}), ("reset", {"email": 1.0, "sms": 1.0})],
)
def test_reset_spends_the_touches_of_an_earlier_conversion(scope: Any, expected: dict[str, float]) -> None:
    touches = [make_touch("email", day=39), make_touch("sms", day=41)]
    assert credited(touches, TWO_SALES, model="linear", scope=scope) == expected


def test_reset_does_not_spend_what_was_too_old_for_the_earlier_conversion_nor_revive_it() -> None:
    touches = [make_touch("email", day=38, kind="view")]
    assert credited(touches, TWO_SALES, model="linear", scope="reset") == {"(none)": 2.0}


def test_of_two_conversions_at_one_moment_the_first_in_order_spends_the_touches() -> None:
    sales = [make_conversion(day=40, event_id=name, value=worth) for name, worth in (("b", 1), ("a", 10))]
    got = credited([make_touch(day=39)], sales, amount="value", model="last", scope="reset")
    assert got == {"email": 10.0, "(none)": 1.0}


def test_an_unknown_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="'some'"):
        eligible(journeys_from([], []), Windows(), scope="some")  # type: ignore[arg-type]

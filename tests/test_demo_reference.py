"""The reference is itself held to journeys worked out by hand, and to the laws that every model keeps."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from measureplan.demo import Shop
from measureplan.demo.schema import EVENT_SCHEMA
from tests.demo_reference import CLOSED_FORM, NONE, Credit, Derived, Windows, credit_by_channel, derive
from tests.measureplan.demo.conftest import demo, derived

__all__ = ["demo", "derived"]

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = "www.shop.example"
CHANNELS = {"google": "paid_search", "mail": "email", "meta": "paid_social"}


def event(name: str, at: timedelta, **more: object) -> dict[str, object]:
    """Give a row of visitor v; its event id is its offset in seconds, unless one is given."""
    row = dict.fromkeys(EVENT_SCHEMA.names)
    row |= {"event_id": f"{at.total_seconds():012.3f}", "name": name, "time": START + at, "visitor_id": "v"}
    row |= {"received_at": START + at, "day": START.date(), "source_id": 1, "refund": False, "protocol": "own"}
    return row | {"sequence": 0, "host": HOST} | more


def visit(at: timedelta, source: str | None = None, **more: object) -> dict[str, object]:
    return event("page_view", at, utm_source=source, **more)


def buy(at: timedelta, transaction: str, kroner: int = 100, **more: object) -> dict[str, object]:
    return event("purchase", at, transaction_id=transaction, value_micros=kroner * 1_000_000, **more)


def read(*rows: dict[str, object]) -> Derived:
    """Derive a made-up story; a touch's channel follows its source, and direct where it has none."""
    channel_of = {str(row["event_id"]): CHANNELS.get(str(row["utm_source"]), "direct") for row in rows}
    return derive(pa.Table.from_pylist(list(rows), schema=EVENT_SCHEMA), channel_of)


def shares(derived: Derived, model: str, windows: Windows | None = None, **rules: object) -> dict[str, float]:
    found = credit_by_channel(derived, model, windows or Windows(), **rules)
    return {channel: round(credit.conversions, 12) for channel, credit in found.items()}


def days(count: float) -> timedelta:
    return timedelta(days=count)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


JOURNEY = (
    visit(days(0), "google"),
    visit(days(3), "mail"),
    visit(days(6)),
    visit(days(7), "meta"),
    buy(days(7) + minutes(5), "T1"),
)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("first", {"paid_search": 1}),
        ("last", {"paid_social": 1}),
        ("last_priority", {"paid_social": 1}),
        ("same_touch", {"paid_social": 1}),
        ("linear", {"paid_search": 1 / 3, "email": 1 / 3, "paid_social": 1 / 3}),
        ("position", {"paid_search": 0.4, "email": 0.2, "paid_social": 0.4}),
        ("j_curve", {"paid_search": 0.2, "email": 0.2, "paid_social": 0.6}),
        ("inverse_j", {"paid_search": 0.6, "email": 0.2, "paid_social": 0.2}),
        ("participation", {"paid_search": 1, "email": 1, "paid_social": 1}),
    ],
)
def test_three_touches_share_by_hand(model: str, expected: dict[str, float]) -> None:
    assert shares(read(*JOURNEY), model) == pytest.approx(expected)


def test_a_touch_a_half_life_older_earns_half() -> None:
    story = read(visit(days(0), "google"), visit(days(7), "mail"), buy(days(7), "T1", event_id="x", sequence=1))
    assert shares(story, "time_decay") == pytest.approx({"paid_search": 1 / 3, "email": 2 / 3})


@pytest.mark.parametrize(
    ("model", "first"), [("position", 0.5), ("j_curve", 0.25), ("inverse_j", 0.75), ("linear", 0.5)]
)
def test_two_touches_share_by_hand(model: str, first: float) -> None:
    story = read(visit(days(0), "google"), visit(days(1), "mail"), buy(days(1) + minutes(1), "T1"))
    assert shares(story, model) == pytest.approx({"paid_search": first, "email": 1 - first})


def test_direct_stands_aside_only_for_others() -> None:
    alone = read(visit(days(0)), buy(minutes(1), "T1"))
    assert shares(alone, "linear") == {"direct": 1}
    both = read(visit(days(0), "mail"), visit(days(1)), buy(days(1) + minutes(1), "T1"))
    assert shares(both, "last") == {"email": 1}
    assert shares(both, "last", ignore_direct=False) == {"direct": 1}
    assert shares(both, "same_touch") == {NONE: 1}
    assert shares(both, "last", Windows(click=0.5)) == {"direct": 1}, "window first, then the direct rule"


@pytest.mark.parametrize(
    ("idle", "sessions"), [(timedelta(minutes=30), 2), (timedelta(minutes=30, microseconds=-1), 1)]
)
def test_thirty_minutes_begin_a_new_session_and_a_microsecond_less_does_not(idle: timedelta, sessions: int) -> None:
    story = read(visit(days(0), "mail"), visit(idle, event_id="later"))
    assert len(set(story.session_of.values())) == sessions
    assert [touch.direct for touch in story.touches] == [False, True][:sessions]


def test_another_campaign_in_a_session_is_a_touch_but_the_same_one_or_a_referrer_is_not() -> None:
    story = read(
        visit(minutes(0), "google", click_id="a"),
        visit(minutes(1), "google", click_id="a"),
        visit(minutes(2), referrer="https://pay.example/"),
        visit(minutes(3), "google", click_id="b"),
        visit(minutes(4), "mail"),
    )
    assert [touch.key[2] for touch in story.touches] == ["00000000.000", "00000180.000", "00000240.000"]


@pytest.mark.parametrize(("reaches", "expected"), [(0, {"paid_social": 1}), (1, {NONE: 1})])
def test_a_window_ends_on_the_microsecond(reaches: int, expected: dict[str, float]) -> None:
    seen = event("ad_impression", days(0) - timedelta(microseconds=reaches), utm_source="meta", sequence=None)
    story = read(seen, buy(days(1), "T1"))
    assert shares(story, "last", Windows(view=1, click=None)) == expected


def test_a_touch_at_the_very_instant_of_the_conversion_counts() -> None:
    story = read(buy(days(0), "T1", utm_source="mail"))
    assert shares(story, "time_decay") == {"email": 1}


def test_a_click_goes_before_a_later_engagement_and_that_before_a_later_view() -> None:
    story = read(
        visit(days(0), "mail"),
        event("ad_engagement", days(0.5), utm_source="meta", sequence=None),
        event("ad_impression", days(1), utm_source="google", sequence=None),
        event("purchase", days(1) + minutes(50), transaction_id="T1", value_micros=1),
    )
    assert shares(story, "last_priority") == {"email": 1}
    assert shares(story, "last_priority", Windows(click=None)) == {"paid_social": 1}
    assert shares(story, "last", Windows(click=None)) == {"paid_search": 1}


def test_a_transaction_counts_once_at_its_earliest_and_its_refund_lessens_the_net() -> None:
    story = read(
        visit(days(0), "mail"),
        buy(minutes(1), "T1", 300),
        buy(minutes(3), "T1", 300),
        event("refund", days(9), transaction_id="T1", value_micros=-100_000_000, refund=True, sequence=None),
        event("refund", days(9.1), transaction_id="T0", value_micros=-9_000_000, refund=True, sequence=None),
    )
    assert credit_by_channel(story, "linear", Windows()) == {"email": Credit(1.0, 300e6, 200e6)}
    assert len(set(story.session_of.values())) == 1, "a refund opens no session"


def test_spent_touches_leave_the_next_conversion_without_any() -> None:
    story = read(visit(days(0), "mail"), buy(minutes(1), "T1"), buy(minutes(2), "T2"))
    assert shares(story, "linear", scope="reset") == {"email": 1, NONE: 1}
    assert shares(story, "linear", scope="all") == {"email": 2}


def test_events_at_one_instant_are_ordered_by_sequence_then_by_id() -> None:
    story = read(
        visit(days(0), "mail", sequence=1, event_id="a"),
        visit(days(0), "google", sequence=0, event_id="b"),
        buy(minutes(1), "T1"),
    )
    assert shares(story, "first") == {"paid_search": 1}
    assert shares(story, "last") == {"email": 1}


@pytest.mark.parametrize("windows", [Windows(), Windows(7, 7, 7), Windows(1, 30, None)], ids=["default", "7", "ads"])
@pytest.mark.parametrize("model", [model for model in CLOSED_FORM if model != "participation"])
def test_credits_add_up_to_the_conversions_of_the_demo(
    model: str, windows: Windows, demo: Shop, derived: Derived
) -> None:
    found = credit_by_channel(derived, model, windows)
    assert sum(credit.conversions for credit in found.values()) == pytest.approx(len(derived.conversions), abs=1e-9)
    value = sum(conversion.value_micros for conversion in derived.conversions)
    assert sum(credit.value_micros for credit in found.values()) == pytest.approx(value, rel=1e-12)
    refunded = sum(conversion.refunded_micros for conversion in derived.conversions)
    assert refunded < 0
    assert sum(credit.value_net_micros for credit in found.values()) == pytest.approx(value + refunded, rel=1e-12)

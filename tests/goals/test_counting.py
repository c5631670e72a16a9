"""Conversions by SQL equal a plain count in Python, event by event, on whatever arrives."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goals.conditions import parse
from goals.counting import CONVERSIONS, GOAL, conversions_of, dated_of
from goals.definition import Definition
from goals.models import Counting, ValueRule
from tests.goals.lake import answer, sessions_of
from workspaces.zones import start_of

OSLO = ZoneInfo("Europe/Oslo")
SINCE, UNTIL = date(2026, 3, 27), date(2026, 4, 1)  # 29 March 2026 has 23 hours in Oslo
PURCHASE = parse([[{"field": "name", "operator": "is", "value": "purchase"}]])


def event(event_id: str, time: str, **more: Any) -> dict[str, Any]:
    """Make a purchase of Kari's at a time of Oslo's clocks."""
    moment = datetime.fromisoformat(time).replace(tzinfo=OSLO).astimezone(UTC)
    defaults = {"name": "purchase", "visitor_id": "kari", "source_id": 1, "refund": False}
    return defaults | {"event_id": event_id, "time": moment} | more


def found(events: list[dict[str, Any]], since: date = SINCE, until: date = UNTIL, **parts: Any) -> list[dict[str, Any]]:
    definition = Definition(PURCHASE, **parts)
    return answer(conversions_of([definition], since=since, until=until, zone=OSLO, sources={}), events)


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["event_id"] for row in rows]


def test_a_transaction_counts_once_and_its_earliest_event_wins() -> None:
    events = [
        event("late", "2026-03-28T12:00", transaction_id="A"),
        event("early", "2026-03-28T09:00", transaction_id="A"),
        event("other-source", "2026-03-28T13:00", transaction_id="A", source_id=2),
        event("without", "2026-03-28T14:00"),
        event("without-too", "2026-03-28T14:01"),
    ]
    assert ids(found(events)) == ["early", "other-source", "without", "without-too"]


def test_a_transaction_of_long_ago_still_counts_once() -> None:
    events = [
        event("first", "2024-01-01T12:00", transaction_id="A"),
        event("again", "2026-03-28T12:00", transaction_id="A"),
    ]
    assert ids(found(events)) == []


def test_once_per_session_takes_the_first_of_a_visit() -> None:
    events = [
        event("look", "2026-03-28T11:45", name="page_view"),
        event("one", "2026-03-28T12:00"),
        event("two", "2026-03-28T12:29:59"),
        event("next-visit", "2026-03-28T12:59:59"),  # a gap of exactly 30 minutes
    ]
    rows = found(events, counting=Counting.SESSION)
    assert [(row["event_id"], row["session_id"]) for row in rows] == [("one", "look"), ("next-visit", "next-visit")]


def test_once_per_person_means_in_all_time() -> None:
    events = [event("first", "2025-12-24T12:00"), event("second", "2026-03-28T12:00")]
    assert ids(found(events, counting=Counting.PERSON)) == []
    assert ids(found(events, since=date(2025, 12, 1), counting=Counting.PERSON)) == ["first"]


def test_a_window_starts_again_with_each_conversion_that_counts() -> None:
    events = [
        event("a", "2026-03-27T12:00"),
        event("b", "2026-03-28T12:00"),  # exactly one day after a: still inside
        event("c", "2026-03-28T12:00:01"),
        event("d", "2026-03-29T13:00"),  # the clocks moved: 24 hours less a second after c
        event("e", "2026-03-29T13:00:02"),
    ]
    assert ids(found(events, counting=Counting.PERSON_WINDOW, counting_days=1)) == ["a", "c", "e"]


def test_refunds_go_to_their_own_conversion_whenever_they_come() -> None:
    events = [
        event("a", "2026-03-28T12:00", transaction_id="A", value_micros=100_000_000, currency="NOK"),
        event("b", "2026-03-28T13:00", transaction_id="B", value_micros=50_000_000, currency="NOK"),
        event("r1", "2026-06-01T12:00", transaction_id="A", value_micros=-30_000_000, currency="NOK", refund=True),
        event("r2", "2026-06-02T12:00", transaction_id="A", value_micros=-20_000_000, currency="NOK", refund=True),
        event("euros", "2026-06-02T12:00", transaction_id="B", value_micros=-1_000_000, currency="EUR", refund=True),
        event("elsewhere", "2026-06-02T12:00", transaction_id="B", value_micros=-7, source_id=2, refund=True),
    ]
    rows = found(events, value_rule=ValueRule.EVENT)
    assert [(row["event_id"], row["value_micros"], row["refund_micros"], row["currency"]) for row in rows] == [
        ("a", 100_000_000, -50_000_000, "NOK"),
        ("b", 50_000_000, 0, "NOK"),
    ]


@pytest.mark.parametrize(
    ("parts", "value", "currency"),
    [
        ({"value_rule": ValueRule.NONE}, 0, None),
        ({"value_rule": ValueRule.FIXED, "value_micros": 250_000_000, "currency": "SEK"}, 250_000_000, "SEK"),
        ({"value_rule": ValueRule.EVENT}, 99_000_000, "NOK"),
    ],
    ids=["none", "fixed", "event"],
)
def test_the_value_comes_from_the_goals_rule(parts: dict[str, Any], value: int, currency: str | None) -> None:
    [row] = found([event("a", "2026-03-28T12:00", value_micros=99_000_000, currency="NOK")], **parts)
    assert (row["value_micros"], row["refund_micros"], row["currency"]) == (value, 0, currency)


def test_an_event_without_a_value_counts_with_zero() -> None:
    [row] = found([event("a", "2026-03-28T12:00")], value_rule=ValueRule.EVENT)
    assert (row["value_micros"], row["currency"]) == (0, None)


@pytest.mark.parametrize(
    ("time", "day"),
    [
        ("2026-03-28T23:59:59.999999", date(2026, 3, 28)),
        ("2026-03-29T00:00", date(2026, 3, 29)),
        ("2026-03-29T23:59", date(2026, 3, 29)),
        ("2026-03-30T00:00", date(2026, 3, 30)),
    ],
)
def test_a_day_is_the_workspaces_own(time: str, day: date) -> None:
    [row] = found([event("a", time)])
    assert row["day"] == day


def test_a_day_that_the_zone_skipped_takes_nothing() -> None:
    apia = ZoneInfo("Pacific/Apia")  # had no 30 December 2011
    moment = datetime(2011, 12, 30, 10, 0, tzinfo=UTC)  # the first instant of the 31st
    events = [event("a", "2026-03-28T12:00") | {"time": moment}]
    asked = conversions_of(
        [Definition(PURCHASE)], since=date(2011, 12, 29), until=date(2012, 1, 2), zone=apia, sources={}
    )
    assert [row["day"] for row in answer(asked, events)] == [date(2011, 12, 31)]


def test_the_answer_has_the_written_columns() -> None:
    assert list(found([event("a", "2026-03-28T12:00")])[0]) == [GOAL, *CONVERSIONS.names]


# -- the independent count ------------------------------------------------------------------------------------


def once_per_transaction(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the purchases without a transaction id, and of each transaction the earliest."""
    seen: set[Any] = set()
    kept = []
    for each in sorted(events, key=lambda e: (e["time"], e["event_id"])):
        if each["name"] != "purchase" or each["refund"]:
            continue
        transaction = (each["source_id"], each["transaction_id"])
        if each["transaction_id"] and transaction in seen:
            continue
        seen.add(transaction)
        kept.append(each)
    return sorted(kept, key=lambda e: (e["time"], e["sequence"] or 0, e["event_id"]))


def counts(each: dict[str, Any], memory: dict[Any, datetime], definition: Definition, sessions: list[Any]) -> bool:
    """Say whether a purchase counts after those in memory, and remember it."""
    key: Any = each["visitor_id"]
    if definition.counting is Counting.EVERY:
        return True
    if definition.counting is Counting.SESSION:
        own = [s for s in sessions if (s["source_id"], s["person_id"]) == (each["source_id"], key)]
        key = next(s["session_id"] for s in own if s["started_at"] <= each["time"] <= s["ended_at"])
    if key in memory:
        apart = each["time"] - memory[key] > timedelta(days=definition.counting_days)
        if definition.counting is not Counting.PERSON_WINDOW or not apart:
            return False
    memory[key] = each["time"]
    return True


def plain_count(events: list[dict[str, Any]], definition: Definition) -> list[tuple[Any, ...]]:
    """Count as SEMANTICS says, one event after the other."""
    refunds: dict[Any, int] = defaultdict(int)
    for each in events:
        if each["refund"] and each["transaction_id"]:
            refunds[each["source_id"], each["transaction_id"], each["currency"]] += each["value_micros"]
    sessions = sessions_of(events)
    memory: dict[Any, datetime] = {}
    rows = []
    for each in once_per_transaction(events):
        day = each["time"].astimezone(OSLO).date()
        if counts(each, memory, definition, sessions) and SINCE <= day < UNTIL:
            refund = refunds.get((each["source_id"], each["transaction_id"], each["currency"]), 0)
            rows.append((each["event_id"], day, each["value_micros"] or 0, refund))
    return rows


def reach_of(events: list[dict[str, Any]]) -> datetime:
    """Give the start of the earliest visit that has an event on the days asked for, or their own start."""
    begins = start_of(SINCE, OSLO)
    crossing = [visit["started_at"] for visit in sessions_of(events) if visit["ended_at"] >= begins]
    return min([begins, *crossing])


STARTS = datetime(2026, 3, 26, 22, 30, tzinfo=UTC)
moments = st.integers(0, 6 * 24 * 12).map(lambda n: STARTS + timedelta(minutes=5 * n))


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "name": st.sampled_from(["purchase", "purchase", "page_view"]),
                    "visitor_id": st.sampled_from(["kari", "ola"]),
                    "source_id": st.sampled_from([1, 2]),
                    "time": moments,
                    "refund": st.sampled_from([False, False, False, True]),
                    "sequence": st.sampled_from([None, 0, 1, 2]),
                    "transaction_id": st.sampled_from([None, None, "A", "B", "C"]),
                    "value_micros": st.integers(0, 5) | st.none(),
                    "currency": st.sampled_from(["NOK", "EUR", None]),
                }
            ),
            max_size=25,
        )
    )
    for number, row in enumerate(draw(st.permutations(rows))):
        row["event_id"] = f"e{number}"
        if row["refund"]:
            row["value_micros"] = -(row["value_micros"] or 0)
    return rows


@settings(max_examples=80)
@given(events=histories(), counting=st.sampled_from(list(Counting)), counting_days=st.integers(1, 3))
def test_every_history_counts_as_plain_python_counts_it(
    events: list[dict[str, Any]], counting: Counting, counting_days: int
) -> None:
    definition = Definition(PURCHASE, counting=counting, counting_days=counting_days, value_rule=ValueRule.EVENT)
    counted = plain_count(events, definition)
    for reach in (None, reach_of(events)):
        asked = conversions_of([definition], since=SINCE, until=UNTIL, zone=OSLO, sources={}, reach=reach)
        rows = answer(asked, events)
        found = [(row["event_id"], row["day"], row["value_micros"], row["refund_micros"]) for row in rows]
        assert found == counted, f"reading from {reach}"
        assert answer(asked, events, at_once=3) == rows, "a few at a time"
    asked = dated_of(definition, since=SINCE, until=UNTIL, zone=OSLO, sources={}, reach=reach_of(events))
    columns = ("person_id", "time", "day")
    dated = [tuple(row[name] for name in columns) for row in answer(asked, events)]
    assert sorted(dated) == sorted(tuple(row[name] for name in columns) for row in rows)


KINDS = [*Counting, Counting.PERSON_WINDOW]


@settings(max_examples=40)
@given(events=histories(), days=st.lists(st.integers(1, 3), min_size=len(KINDS), max_size=len(KINDS)))
def test_goals_that_are_asked_together_are_counted_as_each_alone(events: list[dict[str, Any]], days: list[int]) -> None:
    kept = {"counting_days": 1, "value_rule": ValueRule.EVENT}
    looks = parse([[{"field": "name", "operator": "is", "value": "page_view"}]])
    definitions = [
        *(Definition(PURCHASE, **kept | {"counting": c, "counting_days": n}) for c, n in zip(KINDS, days, strict=True)),
        Definition((), **kept),
        *(Definition((*PURCHASE, *looks), counting=counting) for counting in Counting),
        Definition(looks, value_rule=ValueRule.FIXED, value_micros=7, currency="SEK"),
    ]
    every = {"since": SINCE, "until": UNTIL, "zone": OSLO, "sources": {}}
    for reach in (None, reach_of(events)):
        rows = answer(conversions_of(definitions, **every, reach=reach), events)
        assert [row[GOAL] for row in rows] == sorted(row[GOAL] for row in rows)
        assert answer(conversions_of(definitions, **every, reach=reach), events, at_once=20) == rows, "some at a time"
        for n, definition in enumerate(definitions):
            alone = answer(conversions_of([definition], **every, reach=reach), events)
            assert [row | {GOAL: 0} for row in rows if row[GOAL] == n] == alone, definition
            if definition.rules == PURCHASE:
                found = [(row["event_id"], row["day"], row["value_micros"], row["refund_micros"]) for row in alone]
                assert found == plain_count(events, definition), definition


def test_a_conversion_says_on_which_day_its_session_began() -> None:
    events = [
        event("look", "2026-03-28T23:50", name="page_view"),
        event("buy", "2026-03-29T00:10"),
    ]
    [row] = found(events)
    assert (row["day"], row["session_day"]) == (date(2026, 3, 29), date(2026, 3, 28))

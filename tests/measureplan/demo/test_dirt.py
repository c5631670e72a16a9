"""The demo has the dirt of real data, and it is where it was meant to be."""

import json
from collections import Counter, defaultdict

import pyarrow as pa
import pyarrow.compute as pc

from measureplan.demo import Shop
from tests.demo_reference import DAY_US, IDLE_US, Derived


def of_name(shop: Shop, name: str) -> pa.Table:
    return shop.events.filter(pc.equal(shop.events["name"], name))


def test_some_receipts_are_loaded_twice(demo: Shop, derived: Derived) -> None:
    bought = Counter(of_name(demo, "purchase")["transaction_id"].to_pylist())
    doubled = [transaction for transaction, count in bought.items() if count > 1]
    assert doubled
    assert len(bought) == len(derived.conversions)
    assert 0.002 < len(doubled) / len(bought) < 0.02


def test_some_people_order_twice_in_one_session(large: Shop) -> None:
    bought = of_name(large, "purchase")
    orders = defaultdict(set)
    for session, transaction in zip(
        bought["session_id"].to_pylist(), bought["transaction_id"].to_pylist(), strict=True
    ):
        orders[session].add(transaction)
    assert max(len(transactions) for transactions in orders.values()) == 2


def test_refunds_are_negative_in_part_or_whole_come_late_and_one_matches_nothing(large: Shop) -> None:
    bought = {row["transaction_id"]: row for row in reversed(of_name(large, "purchase").to_pylist())}
    refunds = of_name(large, "refund").to_pylist()
    matched = [row for row in refunds if row["transaction_id"] in bought]
    assert len(matched) < len(refunds)
    assert all(row["refund"] and row["value_micros"] < 0 for row in refunds)
    values = [(row["value_micros"], bought[row["transaction_id"]]["value_micros"]) for row in matched]
    assert all(-refund <= paid for refund, paid in values)
    assert any(-refund == paid for refund, paid in values)
    assert any(-refund < paid for refund, paid in values)
    waits = [(row["time"] - bought[row["transaction_id"]]["time"]).days for row in matched]
    assert min(waits) >= 1
    assert max(waits) > 30
    assert 0.03 < len(matched) / len(bought) < 0.05


def test_one_visitor_has_very_many_events(demo: Shop) -> None:
    counts = Counter(demo.events["visitor_id"].to_pylist()).most_common(2)
    assert counts[0][1] > 1_000
    assert counts[0][1] > 3 * counts[1][1]


def test_some_sessions_are_cut_at_exactly_30_minutes_and_some_go_on_a_millisecond_earlier(
    demo: Shop, derived: Derived
) -> None:
    rows = zip(
        demo.events["visitor_id"].to_pylist(), demo.events["time"].cast(pa.int64()).to_pylist(),
        demo.events["event_id"].to_pylist(), strict=True,
    )  # fmt: skip
    before: dict[str, tuple[int, str]] = {}
    gaps = defaultdict(set)
    for visitor, time_us, event_id in rows:
        if event_id not in derived.session_of:
            continue
        if visitor in before:
            same = derived.session_of[before[visitor][1]] == derived.session_of[event_id]
            gaps[time_us - before[visitor][0]].add(same)
        before[visitor] = (time_us, event_id)
    assert gaps[IDLE_US] == {False}
    assert gaps[IDLE_US - 1000] == {True}


def test_some_sessions_have_a_second_click_and_some_conversions_begin_their_session(derived: Derived) -> None:
    clicks = Counter(touch.session for touch in derived.touches if touch.session)
    assert clicks.most_common(1)[0][1] == 2
    first = {touch.key for touch in derived.touches}
    assert any(conversion.key in first for conversion in derived.conversions)


def test_some_ads_lie_on_the_very_end_of_a_window(large: Shop) -> None:
    purchases = defaultdict(list)
    bought = of_name(large, "purchase")
    for visitor, time_us in zip(
        bought["visitor_id"].to_pylist(), bought["time"].cast(pa.int64()).to_pylist(), strict=True
    ):
        purchases[visitor].append(time_us)
    ads = large.events.filter(pc.starts_with(large.events["name"], "ad_"))
    ages = Counter(
        bought_us - seen_us
        for visitor, seen_us in zip(
            ads["visitor_id"].to_pylist(), ads["time"].cast(pa.int64()).to_pylist(), strict=True
        )
        for bought_us in purchases[visitor]
    )
    for days in (0, 1, 7, 30, 60):
        assert ages[days * DAY_US], f"an ad exactly {days} days before an order"
    for days in (1, 7, 30, 60):
        assert ages[days * DAY_US + 1], f"an ad a microsecond more than {days} days before an order"


def test_names_have_their_own_letters_and_a_payment_provider_is_a_referrer(demo: Shop) -> None:
    items = "".join(of_name(demo, "purchase")["items"].to_pylist())
    assert all(letter in items for letter in "æøå")
    receipts = demo.events.filter(pc.equal(demo.events["path"], "/kasse/takk"))
    assert "https://pay.vipps.example/" in receipts["referrer"].to_pylist()


def test_an_order_costs_what_its_items_cost(demo: Shop) -> None:
    for row in of_name(demo, "purchase").slice(0, 50).to_pylist():
        lines = json.loads(row["items"])
        assert sum(line["price"] * line["quantity"] for line in lines) * 1_000_000 == row["value_micros"]

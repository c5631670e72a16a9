"""The demo shop has its size and shape, is the same every time, and holds nothing from the future."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from measureplan.demo import Shop, shop, shop_in_chunks
from measureplan.demo.schema import EVENT_SCHEMA, PLANTED_SCHEMA
from measureplan.demo.truth import CHANNEL_KEYS, MICRO_KEYS, ZONE
from tests.demo_reference import Derived, planted_channels, planted_sessions
from tests.measureplan.demo.conftest import NOW, TODAY

NAMES = {
    "page_view", "view_item", "add_to_cart", "begin_checkout", "purchase", "newsletter_signup", "search",
    "filter_used", "size_guide_used", "store_finder_used", "contact", "file_download", "ad_impression",
    "ad_engagement", "refund",
}  # fmt: skip


def as_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def test_the_demo_has_about_200_000_events_of_every_name(demo: Shop) -> None:
    assert demo.events.schema == EVENT_SCHEMA
    assert demo.planted.schema == PLANTED_SCHEMA
    assert 180_000 < demo.events.num_rows < 220_000
    assert set(demo.events["name"].to_pylist()) == NAMES


def test_two_to_three_of_a_hundred_sessions_buy(demo: Shop, derived: Derived) -> None:
    sessions = len(set(derived.session_of.values()))
    assert 0.02 < len(derived.conversions) / sessions < 0.03


def test_every_channel_brings_visits_and_every_micro_goal_is_used(demo: Shop) -> None:
    assert set(demo.planted["channel"].drop_null().to_pylist()) == set(CHANNEL_KEYS)
    names = set(demo.events["name"].to_pylist())
    assert set(MICRO_KEYS) - names == {"article_read"}, "an article read is a page view"
    assert pc.any(pc.starts_with(demo.events["path"], "/artikler/")).as_py()


def test_the_same_seed_and_day_give_the_same_bytes() -> None:
    one, other = (shop(until=TODAY, scale=0.1) for _ in range(2))
    assert as_bytes(one.events) == as_bytes(other.events)
    assert as_bytes(one.planted) == as_bytes(other.planted)
    assert one.truth == other.truth


def test_another_seed_gives_another_shop() -> None:
    one, other = (shop(until=TODAY, scale=0.1, seed=seed) for seed in (7, 8))
    assert not set(one.events["event_id"].to_pylist()) & set(other.events["event_id"].to_pylist())


def test_nothing_was_received_after_now_and_the_range_is_180_local_days(demo: Shop) -> None:
    times = pc.min_max(demo.events["time"]).as_py()
    assert pc.max(demo.events["received_at"]).as_py() < NOW
    assert times["min"] >= datetime(2026, 5, 26, tzinfo=ZONE)
    assert (demo.truth.since, demo.truth.until) == (date(2026, 5, 26), TODAY)
    days = {time.astimezone(ZONE).date() for time in demo.events["time"].to_pylist()}
    assert days == {TODAY - timedelta(days=n) for n in range(180)}


def test_a_later_now_adds_events_and_changes_none() -> None:
    early = shop(until=TODAY, now=NOW - timedelta(hours=3), scale=0.2).events
    later = shop(until=TODAY, now=NOW, scale=0.2).events
    assert later.num_rows > early.num_rows
    both = later.filter(pc.is_in(later["event_id"], early["event_id"].combine_chunks()))
    assert both.equals(early)


def test_events_are_in_order_and_no_two_share_an_id(demo: Shop) -> None:
    times = demo.events["time"].cast(pa.int64()).to_numpy()
    sequence = demo.events["sequence"].fill_null(-1).to_numpy()
    assert np.all(np.diff(times) >= 0)
    assert len(pc.unique(demo.events["event_id"])) == demo.events.num_rows
    place = list(zip(demo.events["visitor_id"].to_pylist(), times.tolist(), sequence.tolist(), strict=True))
    twice = Counter(place).most_common(1)[0]
    assert twice[1] == 1, f"time and sequence order a visitor's events, but not {twice}"


def test_the_day_is_the_utc_date_of_the_time(demo: Shop) -> None:
    assert demo.events["day"].equals(demo.events["time"].cast(pa.date32()))


def test_chunks_hold_the_same_events_as_the_whole() -> None:
    whole = shop(until=TODAY, scale=1.3)
    parts = list(shop_in_chunks(until=TODAY, scale=1.3))
    assert len(parts) == 2
    visitors = [set(part.events["visitor_id"].to_pylist()) for part in parts]
    assert not visitors[0] & visitors[1], "a visitor is in one chunk"
    ids = pa.concat_tables([part.events for part in parts]).sort_by("event_id")
    assert ids.equals(whole.events.sort_by("event_id").combine_chunks())


@pytest.mark.parametrize("visitors", [1, 2_000, 26_000])
def test_as_many_visitors_come_as_were_asked_for(visitors: int) -> None:
    assert len(pc.unique(shop(until=TODAY, visitors=visitors).events["visitor_id"])) == visitors


def test_what_is_planted_is_what_the_law_makes_of_the_raw_events(demo: Shop, derived: Derived) -> None:
    assert derived.session_of == planted_sessions(demo.planted)
    channels = planted_channels(demo.planted)
    assert {touch.key[2] for touch in derived.touches} == set(channels)
    assert all(touch.direct == (touch.channel == "direct") for touch in derived.touches)
    kinds = dict(zip(demo.planted["event_id"].to_pylist(), demo.planted["touch"].to_pylist(), strict=True))
    assert all(touch.kind == kinds[touch.key[2]] for touch in derived.touches)


@pytest.mark.parametrize("ranges", [{"days": 20}, {"visitors": 0}], ids=["too short", "nobody"])
def test_a_shop_without_room_for_what_is_planted_is_refused(ranges: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="a shop needs 30 days and a visitor"):
        shop(until=TODAY, **ranges)


def test_a_range_over_the_change_of_the_clock_has_each_local_day() -> None:
    events = shop(until=date(2027, 4, 5), days=30, scale=1, now=datetime(2027, 4, 5, 12, tzinfo=UTC)).events
    days = {time.astimezone(ZONE).date() for time in events["time"].to_pylist()}
    assert days == {date(2027, 4, 5) - timedelta(days=n) for n in range(30)}

"""The Arrow schemas of the lake's tables, and their partition.

Times are microseconds, UTC; money is millionths of the currency's unit. Every table is partitioned by `day`: the UTC
date of the time for events, the workspace's local date for what is derived.
"""

from enum import StrEnum

import pyarrow as pa

PARTITION = "day"
INSTANT = pa.timestamp("us", tz="UTC")


class Table(StrEnum):
    EVENTS = "events"
    SESSIONS = "sessions"
    TOUCHES = "touches"
    PEOPLE = "people"


def _given(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


# What a touch or a session says of where it came from.
_ORIGIN = [
    _given("channel", pa.string()),
    pa.field("source", pa.string()),
    pa.field("medium", pa.string()),
    pa.field("campaign", pa.string()),
    pa.field("content", pa.string()),
    pa.field("term", pa.string()),
    _given("paid", pa.bool_()),
]

EVENTS = pa.schema(
    [
        _given("day", pa.date32()),
        _given("source_id", pa.int64()),
        _given("event_id", pa.string()),
        _given("name", pa.string()),
        _given("time", INSTANT),
        _given("received_at", INSTANT),
        pa.field("client_time", INSTANT),
        _given("visitor_id", pa.string()),
        pa.field("user_id", pa.string()),
        pa.field("session_id", pa.string()),  # the client's own
        pa.field("sequence", pa.int64()),
        _given("refund", pa.bool_()),
        pa.field("url", pa.string()),
        pa.field("host", pa.string()),
        pa.field("path", pa.string()),
        pa.field("title", pa.string()),
        pa.field("referrer", pa.string()),
        pa.field("utm_source", pa.string()),
        pa.field("utm_medium", pa.string()),
        pa.field("utm_campaign", pa.string()),
        pa.field("utm_content", pa.string()),
        pa.field("utm_term", pa.string()),
        pa.field("utm_id", pa.string()),
        pa.field("click_id_type", pa.string()),
        pa.field("click_id", pa.string()),
        pa.field("value_micros", pa.int64()),
        pa.field("currency", pa.string()),
        pa.field("transaction_id", pa.string()),
        pa.field("items", pa.string()),  # JSON text
        pa.field("device", pa.string()),
        pa.field("browser", pa.string()),
        pa.field("os", pa.string()),
        pa.field("language", pa.string()),
        pa.field("consent", pa.string()),  # JSON text
        pa.field("properties", pa.string()),  # JSON text
        _given("protocol", pa.string()),
        pa.field("import_id", pa.int64()),
    ]
)

SESSIONS = pa.schema(
    [
        _given("day", pa.date32()),  # of its start
        _given("source_id", pa.int64()),
        _given("person_id", pa.string()),
        _given("session_id", pa.string()),  # the event id of its first event
        _given("started_at", INSTANT),
        _given("ended_at", INSTANT),  # time of its last event
        _given("events", pa.int32()),
        _given("pageviews", pa.int32()),
        *_ORIGIN,  # of its first touch
        pa.field("landing_path", pa.string()),
        pa.field("device", pa.string()),
        _given("is_new", pa.bool_()),  # the person's first session ever
    ]
)

TOUCHES = pa.schema(
    [
        _given("day", pa.date32()),  # of its time
        _given("source_id", pa.int64()),
        _given("person_id", pa.string()),
        pa.field("session_id", pa.string()),  # none for ad_impression, ad_engagement, ad_click
        _given("event_id", pa.string()),
        _given("time", INSTANT),
        _given("sequence", pa.int64()),  # 0 where the client gave none
        _given("kind", pa.int8()),  # VIEW 0, ENGAGEMENT 1, CLICK 2
        *_ORIGIN,
        _given("direct", pa.bool_()),
        pa.field("landing_path", pa.string()),
        pa.field("device", pa.string()),
    ]
)

# Whose a visitor's events are, where they are not simply its own; see tracking.identity.
PEOPLE = pa.schema(
    [
        _given("day", pa.date32()),  # of no meaning, and always the same
        _given("visitor_id", pa.string()),
        pa.field("user_id", pa.string()),  # of these events alone; null: of all
        _given("person_id", pa.string()),
    ]
)

SCHEMAS = {Table.EVENTS: EVENTS, Table.SESSIONS: SESSIONS, Table.TOUCHES: TOUCHES, Table.PEOPLE: PEOPLE}

"""Events for tests of tracking: every field has a sensible default."""

from datetime import UTC, datetime, timedelta

import msgspec
import pyarrow as pa

from tracking.event import Event
from tracking.lake.rows import to_rows

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def us(moment: datetime) -> int:
    """Give the moment in microseconds since the epoch."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def make_event(
    event_id: str = "e1",
    *,
    name: str = "page_view",
    at: datetime = NOON - timedelta(hours=1),
    visitor: str = "v1",
    **fields: object,
) -> Event:
    known = {"event_id": event_id, "name": name, "time_us": us(at), "received_us": us(NOON), "visitor_id": visitor}
    return msgspec.convert(known | {"protocol": "own"} | fields, Event)


def event_rows(events: list[Event], *, source_id: int = 1, import_id: int | None = None) -> pa.Table:
    return to_rows([(source_id, import_id, events)])

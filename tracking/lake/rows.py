"""Events as rows of the lake: the one place that maps the record's fields to the table's columns."""

from collections.abc import Sequence
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from tracking.event import DAY_US, Event
from tracking.lake.schema import EVENTS

# Columns that the record calls otherwise, with the field they come from; times are int64 there already.
_FIELD = {"time": "time_us", "received_at": "received_us", "client_time": "client_time_us"}
_OF_THE_ROW = {"day", "source_id", "import_id"}

Part = tuple[int, int | None, Sequence[Event]]  # source id, import id, its events


def to_rows(parts: Sequence[Part]) -> pa.Table:
    """Give the events of several sources in the lake's schema, by time within each UTC day."""
    events = list(chain.from_iterable(events for _, _, events in parts))
    columns: dict[str, pa.Array] = {
        "day": pa.array([event.time_us // DAY_US for event in events], pa.int32()).cast(pa.date32()),
        "source_id": _repeated([(source_id, len(events)) for source_id, _, events in parts]),
        "import_id": _repeated([(import_id, len(events)) for _, import_id, events in parts]),
    }
    for field in EVENTS:
        if field.name not in _OF_THE_ROW:
            name = _FIELD.get(field.name, field.name)
            columns[field.name] = pa.array([getattr(event, name) for event in events], field.type)
    rows = pa.table([columns[name] for name in EVENTS.names], schema=EVENTS)
    # Neighbours in time are read together; the id makes the order total.
    return rows.take(pc.sort_indices(rows, [("day", "ascending"), ("time", "ascending"), ("event_id", "ascending")]))


def _repeated(runs: list[tuple[int | None, int]]) -> pa.Array:
    return pa.array([value for value, length in runs for _ in range(length)], pa.int64())

"""What arrived a moment ago: the newest events of each source, kept by the drain for an hour.

No ids of persons are kept, nor click ids or orders; an address may hold something personal, so it is masked when shown.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tracking.models import Latest, Source

SHOWN = 50
KEPT = timedelta(hours=1)
_COLUMNS = [
    "source_id", "name", "time", "received_at", "url", "host", "path", "title", "referrer", "utm_source", "utm_medium",
    "utm_campaign", "utm_content", "utm_term", "utm_id", "value_micros", "currency", "device", "consent", "properties",
    "protocol",
]  # fmt: skip
_TIMES = ("time", "received_at")
Row = dict[str, Any]  # Any: columns of the lake, by name


def note(workspace_id: int, rows: pa.Table, *, now: datetime) -> None:
    """Keep the newest of a batch's events; call it in the transaction that settles the batch. Files are no news."""
    live = rows.filter(pc.is_null(rows.column("import_id"))).select(_COLUMNS)
    if not live.num_rows:
        return
    sources = sorted(pc.unique(live.column("source_id")).to_pylist())
    held = {row.source_id: row for row in Latest.objects.filter(source__in=sources)}
    made = []
    for source_id in sources:
        mine = live.filter(pc.equal(live.column("source_id"), source_id))
        newest = mine.take(pc.sort_indices(mine, [("received_at", "descending"), ("time", "descending")])[:SHOWN])
        older = held[source_id].events if source_id in held else []
        events = [*map(_written, newest.to_pylist()), *older]
        events.sort(key=lambda row: str(row["received_at"]), reverse=True)
        made.append(Latest(workspace_id=workspace_id, source_id=source_id, events=events[:SHOWN], stored_at=now))
    Latest.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["source"], update_fields=["events", "stored_at"]
    )


def latest(sources: Sequence[Source], *, now: datetime) -> list[Row]:
    """Give the newest events of the sources as rows of the lake, newest first; none that is older than an hour."""
    rows = Latest.objects.filter(source__in=[source.pk for source in sources])
    found = [_read(each) for row in rows for each in row.events]
    return sorted(
        (each for each in found if now - each["received_at"] < KEPT), key=lambda each: each["received_at"], reverse=True
    )


def purge(*, now: datetime) -> None:
    """Remove what the workspace's sources sent more than an hour ago."""
    Latest.objects.filter(stored_at__lt=now - KEPT).delete()


def _written(row: Mapping[str, Any]) -> Row:
    """Give a row as JSON keeps it: what is not known is left out."""
    plain = {name: value for name, value in row.items() if value is not None and name not in _TIMES}
    return plain | {name: row[name].astimezone(UTC).isoformat(timespec="microseconds") for name in _TIMES}


def _read(kept_row: Row) -> Row:
    times = {name: datetime.fromisoformat(kept_row[name]) for name in _TIMES}
    return {name: kept_row.get(name) for name in _COLUMNS} | times

"""Append, claim, settle: an event is durable before its sender hears 202, and enters the lake exactly once.

Two unique keys carry that. An event id enters the ledger once, in the transaction that stores its event; and a batch
of rows enters the lake once, by the batch's number. Everything between may be cut off at any moment and done again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from types import MappingProxyType
from typing import Any

import msgspec
from django.db import connection

from tracking import ledger, quarantine
from tracking.event import Event, Status
from tracking.ledger import Origin
from tracking.packed import Packed, events_in, packed
from tracking.prepared import Prepared
from tracking.quarantine import Example

# Bounds of one batch, which the drain holds as packed bytes, as events and as columns.
MAX_BATCH_ROWS = 5_000
MAX_BATCH_BYTES = 12_000_000  # about 50,000 events
NOTHING: Mapping[str, Mapping[str, int]] = MappingProxyType({})
NOBODY: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Row:
    """One request that waits for the lake; see models.InboxRow."""

    pk: int
    source_id: int
    import_id: int | None
    received_at: datetime
    packed: Packed
    counts: dict[str, int]
    by_name: dict[str, dict[str, int]]

    def events(self) -> list[Event]:
        """Unpack the accepted events."""
        return events_in(self.packed)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that enter the lake in one transaction, under one number."""

    number: int
    rows: tuple[Row, ...]


_COLUMNS = "batch, id, source_id, import_id, received_at, events, size, counts::text, by_name::text"

_CLAIMED = f"""
select {_COLUMNS} from tracking_inboxrow
where workspace_id = %(workspace)s and batch = (
    select min(batch) from tracking_inboxrow where workspace_id = %(workspace)s
)
order by id
"""  # noqa: S608  # columns are ours

# The bytes before a row bound the batch; the first row is always taken, however large. The length of a stored value
# is read without its bytes.
_CLAIM = f"""
with waiting as materialized (
    select id, coalesce(size, length(events)) as size from tracking_inboxrow
    where workspace_id = %(workspace)s and batch is null
    order by id limit %(rows)s
), measured as (
    select id, sum(size) over (order by id) - size as before from waiting
), numbered as (
    update tracking_lakestate set batch = greatest(batch, %(stored)s) + 1
    where workspace_id = %(workspace)s and exists (select from waiting)
    returning batch as number
), claimed as (
    update tracking_inboxrow set batch = number from measured, numbered
    where tracking_inboxrow.id = measured.id and before < %(bytes)s
    returning tracking_inboxrow.*
)
select {_COLUMNS} from claimed order by id
"""  # noqa: S608

_STORE = Prepared(
    "inbox_store",
    """
    with stored as (
        insert into tracking_inboxrow (workspace_id, source_id, import_id, received_at, events, size, counts, by_name)
        values ($1::bigint, $2::bigint, $3::bigint, $4::timestamptz, $5::bytea, $6::integer, $7::jsonb, $8::jsonb)
        returning id
    )
    select count(*) from stored
    """,
)


def append(
    origin: Origin,
    events: Sequence[Event],
    *,
    counts: Counter[str],
    positions: Sequence[int] | None = None,
    marks: Sequence[str] = (),
    examples: Sequence[Example] = (),
    also: Sequence[str | None] = (),
    no_more_refused: Mapping[str, int] = NOBODY,
    now: datetime,
) -> list[Status]:
    """Store what is new of the events and count everything; call it inside the workspace's transaction.

    positions where each event stood in its request; None: one after the other
    marks     for each event what stands beside "accepted" in the counters; see protocols.parsed.Arrival
    counts    the request's other items by outcome and reason: {"rejected:name_required": 2, "filtered:bot": 1}
    examples  what of them is kept to be read
    also      further ids that accepted events hold; see ledger.remember
    no_more_refused   by event name, what was counted as refused before and comes in now (tracking.replaying), which
              `counts` has with a minus
    returns   for each event accepted, duplicate or duplicate_conflict: true once the transaction has committed
    """
    statuses = ledger.remember(origin, events, also=also)
    judged = list(zip(positions or range(len(events)), events, statuses, strict=True))
    accepted = [event for _, event, status in judged if status is Status.ACCEPTED]
    conflicts = [_conflict(at, event) for at, event, status in judged if status is Status.DUPLICATE_CONFLICT]
    outcomes = Counter(
        accepted_as(mark) if status is Status.ACCEPTED else _REPEATED[status]
        for status, mark in zip(statuses, marks or repeat(""), strict=False)
    )
    outcomes.update(counts)  # unlike +, this keeps what is less than nothing
    by_name = _by_name(events, statuses, examples)
    if no_more_refused:
        by_name["refused"] = Counter({name: -n for name, n in no_more_refused.items()})
    _store(origin, accepted, outcomes, now, by_name=by_name)
    quarantine.keep(origin, [*examples, *conflicts], now=now)
    return statuses


def claim(workspace_id: int, *, stored: int) -> Batch | None:
    """Give the batch that was claimed and not settled, else the oldest waiting rows under a new number.

    stored   the newest number that the lake has: a new one is above it, even where the database came back from an
             older copy than the lake
    returns  None where nothing waits. Call it with the drain's lock, in a transaction of its own
    """
    given = {"workspace": workspace_id, "stored": stored, "rows": MAX_BATCH_ROWS, "bytes": MAX_BATCH_BYTES}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMED, given)
        rows = cursor.fetchall()
        if not rows:
            cursor.execute(_CLAIM, given)
            rows = cursor.fetchall()
    return Batch(rows[0][0], tuple(_row(row[1:]) for row in rows)) if rows else None


def settle(workspace_id: int, batch: Batch) -> bool:
    """Remove the batch's rows; False where they are gone already. Call it where their counts are folded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from tracking_inboxrow where workspace_id = %s and batch = %s", [workspace_id, batch.number]
        )
        return bool(cursor.rowcount == len(batch.rows))


def newest_waiting(workspace_id: int) -> int | None:
    """Give the id of the newest request that is not in the lake yet; None where none waits."""
    with connection.cursor() as cursor:
        cursor.execute("select max(id) from tracking_inboxrow where workspace_id = %s", [workspace_id])
        newest: int | None = cursor.fetchone()[0]
    return newest


def oldest_waiting(workspace_id: int) -> datetime | None:
    """Give when the first request that is not in the lake yet was received; None where none waits."""
    with connection.cursor() as cursor:
        cursor.execute("select min(received_at) from tracking_inboxrow where workspace_id = %s", [workspace_id])
        oldest: datetime | None = cursor.fetchone()[0]
    return oldest


_REPEATED = {Status.DUPLICATE: "duplicate", Status.DUPLICATE_CONFLICT: "duplicate:conflict"}


def accepted_as(mark: str) -> str:
    """Give what an event counts as that is accepted; `mark` as protocols.parsed.Arrival has it."""
    return f"accepted:{mark}" if mark else "accepted"


def _by_name(
    events: Sequence[Event], statuses: Sequence[Status], examples: Sequence[Example]
) -> dict[str, Counter[str]]:
    """Count by event name what the catalogue is to know of, and the lake will not."""
    found = {
        "duplicate": Counter(
            event.name for event, status in zip(events, statuses, strict=True) if status is not Status.ACCEPTED
        ),
        "refused": Counter(each.name for each in examples if each.held),
    }
    return {kind: names for kind, names in found.items() if names}


def _store(
    origin: Origin,
    accepted: list[Event],
    counts: Counter[str],
    now: datetime,
    *,
    by_name: Mapping[str, Mapping[str, int]] = NOTHING,
) -> None:
    if not counts:
        return
    owner = (origin.workspace_id, origin.source_id, origin.import_id)
    _STORE.row(*owner, now.isoformat(), *packed(accepted), _json(counts), _json(by_name) if by_name else None)


def _conflict(index: int, event: Event) -> Example:
    message = f"The id {event.event_id} came before with other content; the first was kept"
    return Example(str(Status.DUPLICATE_CONFLICT), f"/{index}", message, msgspec.json.encode(event), event.name)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _row(columns: tuple[Any, ...]) -> Row:  # as _COLUMNS, without the batch
    pk, source_id, import_id, received_at, events, size, counts, by_name = columns
    named = _read_by_name(by_name) if by_name else {}
    return Row(pk, source_id, import_id, received_at, Packed(events, size), _read_counts(counts), named)


_read_counts = msgspec.json.Decoder(dict[str, int]).decode
_read_by_name = msgspec.json.Decoder(dict[str, dict[str, int]]).decode

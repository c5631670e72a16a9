"""From the inbox into the lake: each batch once, whatever is killed in between.

claim (a transaction) -> append (a Delta commit that carries the batch's number) -> settle (a transaction). A drain
that finds a claimed batch asks the lake for its newest number: the batch is there, then it is settled; it is not, then
it is appended. Nothing is lost, because a row goes only with its settling; nothing is doubled, because a number
enters once.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable
from django.db import connection

from tracking import catalogue, inbox, latest, persons, tallies
from tracking.inbox import Batch
from tracking.lake import withdrawing
from tracking.lake.rows import to_rows
from tracking.lake.schema import EVENTS, Table
from tracking.lake.table import append_once, open_or_make, stored_batch
from tracking.locks import Work, alone
from tracking.models import LakeState
from tracking.rights.sifting import sift
from workspaces import scope

# How long a request may take from its receipt to its commit; the door gives up before (tracking.collect).
IN_THE_DOOR = timedelta(seconds=5)

_COUNT = """
insert into tracking_counter (workspace_id, source_id, day, outcome, reason, events)
select %(workspace)s, given.*
from unnest(%(sources)s::bigint[], %(days)s::date[], %(outcomes)s::text[], %(reasons)s::text[], %(events)s::bigint[])
    as given
on conflict (source_id, day, outcome, reason) do update set events = tracking_counter.events + excluded.events
"""


@dataclass(frozen=True, slots=True)
class Drained:
    """What one drain did; `found_another` is one that another was at work for, and did nothing."""

    batches: int = 0
    events: int = 0
    found_another: bool = False


def drain(workspace_id: int, now: datetime) -> Drained:
    """Bring the events that wait in the workspace into its lake; safe to call at any time, by anybody.

    What comes meanwhile is the next drain's: events that come all the time would let this one never end, and what is
    in the lake is shown once it has.
    """
    with alone(Work.DRAIN, workspace_id) as free:
        if not free:
            return Drained(found_another=True)
        _ensure_state(workspace_id)
        with scope.in_workspace(workspace_id):
            newest = inbox.newest_waiting(workspace_id) or 0
        done = Drained()
        while (batch := _next_batch(workspace_id, now)) is not None:
            events, taken = batch
            done = Drained(done.batches + 1, done.events + events)
            if taken >= newest:
                break
        return done


def _next_batch(workspace_id: int, now: datetime) -> tuple[int, int] | None:
    """Take one batch from claim to settling; give its events and its newest row, None where nothing waits."""
    table = open_or_make(workspace_id, Table.EVENTS, EVENTS)
    with scope.in_workspace(workspace_id):
        batch = inbox.claim(workspace_id, stored=stored_batch(table))
        if batch is None:
            return None
        newest = batch.rows[-1].pk
        batch = replace(batch, rows=sift(workspace_id, batch.rows))
    # What is recounted for a withdrawal is counted from the lake: a batch that is in there settles its counts first.
    is_stored = stored_batch(table) >= batch.number
    if not is_stored and withdrawing.carry_out(workspace_id, now=now):
        table = open_or_make(workspace_id, Table.EVENTS, EVENTS)
    rows = store(table, batch)
    _settle(workspace_id, batch, rows, now)
    if is_stored:
        withdrawing.carry_out(workspace_id, now=now)
    return rows.num_rows, newest


def store(table: DeltaTable, batch: Batch) -> pa.Table:
    """Append the batch's events unless the table has them; give them as rows."""
    rows = to_rows([(row.source_id, row.import_id, row.events()) for row in batch.rows])
    if rows.num_rows:
        append_once(table, rows, batch=batch.number)
    return rows


def _settle(workspace_id: int, batch: Batch, rows: pa.Table, now: datetime) -> None:
    """Remove the rows, count them by day and note what is new in the lake, all in one transaction."""
    with scope.in_workspace(workspace_id):
        state = LakeState.objects.select_for_update().get(workspace_id=workspace_id)
        if not inbox.settle(workspace_id, batch):
            return  # another process did, with its counts
        _count(workspace_id, batch)
        tallies.note(workspace_id, batch, rows, now=now)
        latest.note(workspace_id, rows, now=now)
        _note(state, rows)
        waiting = inbox.oldest_waiting(workspace_id)
        # A request that was received before `now` may still be on its way to its commit.
        through = min(now - IN_THE_DOOR, waiting or now)
        state.stored_through = max(through, state.stored_through or through)
        state.save()


def _note(state: LakeState, rows: pa.Table) -> None:
    if not rows.num_rows:
        return
    catalogue.note(state.workspace_id, rows)
    persons.note(state.workspace_id, rows)
    span = pc.min_max(rows.column("time")).as_py()
    earliest, latest = span["min"], span["max"]
    first_day = earliest.astimezone(UTC).date()
    state.events += rows.num_rows
    state.first_day = min(first_day, state.first_day or first_day)
    state.last_event_at = max(latest, state.last_event_at or latest)
    state.dirty_since = min(earliest, state.dirty_since or earliest)


def _count(workspace_id: int, batch: Batch) -> None:
    """Add what became of the batch's items to the counters of their days."""
    total: Counter[tuple[int, date, str, str]] = Counter()
    for row in batch.rows:
        for key, events in row.counts.items():
            outcome, _, reason = key.partition(":")
            total[row.source_id, row.received_at.astimezone(UTC).date(), outcome, reason] += events
    if not total:
        return
    # In one order everywhere, so that two workspaces' settlings never wait for each other in a ring.
    keys = sorted(total)
    given: dict[str, Any] = {  # what the driver takes
        "workspace": workspace_id,
        "sources": [key[0] for key in keys],
        "days": [key[1] for key in keys],
        "outcomes": [key[2] for key in keys],
        "reasons": [key[3] for key in keys],
        "events": [total[key] for key in keys],
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, given)


def _ensure_state(workspace_id: int) -> None:
    with scope.in_workspace(workspace_id):
        LakeState.objects.bulk_create([LakeState(workspace_id=workspace_id)], ignore_conflicts=True)

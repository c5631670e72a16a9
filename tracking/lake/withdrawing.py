"""Events that a newer file of their day replaced leave the lake, before that file's own events enter it.

The orders (models.Withdrawal) are written in the transaction that stores the new file's events. The drain carries them
out between claiming a batch and storing it: whoever sees the new events' rows sees the orders as well. An order names
ids and the import that gave it, whose own events of the same ids stay; so carrying one out twice removes nothing more.

A UTC day is rewritten in memory, as the derivation writes its days (tracking.lake.dayfiles).
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import reduce
from itertools import groupby
from operator import or_

import pyarrow as pa
import pyarrow.compute as pc

from tracking.lake.schema import EVENTS, PARTITION, Table
from tracking.lake.table import dataset, open_table, replace_days
from tracking.models import LakeState, Withdrawal
from workspaces import scope


def carry_out(workspace_id: int) -> bool:
    """Remove what is withdrawn; say whether the table changed. Call it with the drain's lock."""
    with scope.in_workspace(workspace_id):
        orders = list(Withdrawal.objects.order_by("day", "pk"))
    if not orders:
        return False
    days = groupby(orders, key=lambda order: order.day)
    removed = sum(_remove(workspace_id, day, list(theirs)) for day, theirs in days)
    with scope.in_workspace(workspace_id):
        state = LakeState.objects.select_for_update().get(workspace_id=workspace_id)
        since = min(order.since for order in orders)
        state.dirty_since = min(since, state.dirty_since or since)
        # Where a process died after the table's commit, this stays too high by what it removed: a figure for people.
        state.events = max(0, state.events - removed)
        state.save(update_fields=["dirty_since", "events"])
        Withdrawal.objects.filter(pk__in=[order.pk for order in orders]).delete()
    return removed > 0


def _remove(workspace_id: int, day: date, orders: Sequence[Withdrawal]) -> int:
    """Rewrite one day without the withdrawn events; give how many there were."""
    table = open_table(workspace_id, Table.EVENTS)
    if table is None:
        return 0
    events = dataset(workspace_id, Table.EVENTS, int(table.version()))
    of_day = pc.field(PARTITION) == pa.scalar(day)
    gone = reduce(or_, (_withdrawn(order) for order in orders))
    count = int(events.count_rows(filter=of_day & gone))
    if count:
        batches = events.to_batches(columns=EVENTS.names, filter=of_day & ~gone)
        rows = pa.RecordBatchReader.from_batches(EVENTS, _in_schema(batches))
        replace_days(workspace_id, Table.EVENTS, rows, since=day, until=day + timedelta(days=1))
    return count


def _withdrawn(order: Withdrawal) -> pc.Expression:
    # Events that came by no import are nobody's to withdraw; their comparison would be neither true nor false.
    of_others = pc.field("import_id").is_valid() & (pc.field("import_id") != order.import_id)
    ids = pc.field("event_id").isin(list(order.event_ids))
    return (pc.field("source_id") == order.source_id) & of_others & ids


def _in_schema(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield from pa.Table.from_batches([batch]).cast(EVENTS).to_batches()

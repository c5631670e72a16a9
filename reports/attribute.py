"""One goal's conversions with the touches before them: the only place where attribution meets the lake."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from analysis.journeys import MOST_TOUCHES
from analysis.windows import LONGEST_DAYS
from goals.conversions import Lake
from goals.statements import Statement
from reports import cluster_join, paths
from reports.cluster_join import Join, buckets_of
from reports.joining import joined
from tracking.lake.schema import Table
from tracking.lake.table import Snapshot, address, dataset

TOUCHES = (Path(__file__).parent / "sql" / "touches.before.sql").read_text()
JOINED = "joined"  # the folder, beside a workspace's tables, that a cluster leaves its rows in
# So many are joined at a time in a worker: their persons' touches are in memory at once, about 2 kB a conversion.
PART_CONVERSIONS = 50_000
WORTH_A_CLUSTER = 100_000  # conversions; fewer are joined in the worker before a cluster has started
REACH = timedelta(days=LONGEST_DAYS + 1)  # one more: local days and 24-hour days differ by an hour


def join(conversions: pa.Table, lake: Lake, *, most_touches: int = MOST_TOUCHES) -> pa.RecordBatchReader:
    """Join conversions with their persons' touches of the 90 days before, both ends included.

    conversions   what `goals.conversions.find` gives, of any order
    returns       the rows of `paths`, to be read once; a path that was cut to its newest touches does not start
                  at place 0
    """
    conversions = _numbered(conversions)
    if settings.RUNNER == "spark" and lake.snapshot is not None and conversions.num_rows >= WORTH_A_CLUSTER:
        rows = _on_cluster(conversions, lake.snapshot, most_touches=most_touches)
    else:
        rows = _part_by_part(conversions, lake, most_touches=most_touches)
    return pa.RecordBatchReader.from_batches(paths.SCHEMA, rows)


def _part_by_part(conversions: pa.Table, lake: Lake, *, most_touches: int) -> Iterator[pa.RecordBatch]:
    for begin in range(0, conversions.num_rows, PART_CONVERSIONS):
        part = conversions.slice(begin, PART_CONVERSIONS)
        yield from joined(part, _touches(part, lake), paths.SCHEMA, most_touches=most_touches)
        pa.default_memory_pool().release_unused()  # Arrow would keep what it read the touches into


def join_at_hand(conversions: pa.Table, touches: pa.Table) -> pa.Table:
    """Do what `join` does with touches that were read before: as `touches_of` gives them, and others' among them."""
    rows = joined(_numbered(conversions), touches, paths.SCHEMA, most_touches=MOST_TOUCHES)
    return pa.Table.from_batches(rows, paths.SCHEMA)


def touches_of(persons: pa.Array | pa.ChunkedArray, lake: Lake, *, since: date, until: date) -> pa.Table:
    """Read the persons' touches of the local days [since, until], each person's together, in the order of paths."""
    asked = Statement(TOUCHES, {"since": since, "until": until}, {"converters": pa.table({"person_id": persons})})
    return lake.ask(asked).combine_chunks()


def _on_cluster(conversions: pa.Table, snapshot: Snapshot, *, most_touches: int) -> Iterator[pa.RecordBatch]:
    since, until = _span(conversions)
    name = Table.TOUCHES
    asked = Join(
        touches=(address(snapshot.workspace_id, name), snapshot.version(name)),
        since=since,
        until=until,
        folder=address(snapshot.workspace_id, JOINED),
        conversions=conversions.schema,
        paths=paths.SCHEMA,
        most_touches=most_touches,
    )
    touches = dataset(snapshot.workspace_id, name, snapshot.version(name)).count_rows()
    buckets = buckets_of(touches + conversions.num_rows)
    return cluster_join.rows(asked, conversions, master=settings.SPARK_MASTER, buckets=buckets)


def _numbered(conversions: pa.Table) -> pa.Table:
    """Sort what paths carry of conversions by (day, time, source, event id) and number each day's."""
    own = conversions.select([name for name in paths.SCHEMA.names if name in conversions.column_names])
    order = [(name, "ascending") for name in ("day", "time", "source_id", "event_id")]
    ordered = own.take(pc.sort_indices(own, order)).combine_chunks()
    day = ordered.column("day").cast(pa.int32()).to_numpy()
    place = np.arange(len(day))
    return ordered.append_column("number", pa.array(place - np.searchsorted(day, day), pa.int64()))


def _touches(conversions: pa.Table, lake: Lake) -> pa.Table:
    since, until = _span(conversions)
    return touches_of(conversions.column("person_id").unique(), lake, since=since, until=until)


def _span(conversions: pa.Table) -> tuple[date, date]:
    """Give the first and the last day of touches that can be before the conversions, of which there are some."""
    first, last = conversions.column("day")[0].as_py(), conversions.column("day")[-1].as_py()
    return first - REACH, last + timedelta(days=1)

"""Parquet files of whole days, one after the other, for one Delta commit.

Delta's own writer holds a writer open for every day until its end: half a year of days takes it 600 MB, whatever is in
them. Here one is open at a time, and a year takes what a day takes.
"""

import time
from collections.abc import Iterator
from itertools import groupby
from uuid import uuid4

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.fs import DeltaStorageHandler
from deltalake.transaction import AddAction
from pyarrow.fs import FileSystem, PyFileSystem

from tracking.lake.schema import PARTITION

Part = tuple[str, pa.RecordBatch]  # a day in ISO 8601, and rows of it


def write(table: DeltaTable, rows: pa.Table | pa.RecordBatchReader) -> list[AddAction]:
    """Write the rows to files beside the table's; no version has them before the actions are committed.

    rows   in the table's schema, by day: a day that comes again gets another file
    """
    store = PyFileSystem(DeltaStorageHandler.from_table(table._table))  # noqa: SLF001  # its docs give no other way
    parts = groupby(_parts(rows), key=lambda part: part[0])
    return [_write_day(store, day, (batch for _, batch in theirs)) for day, theirs in parts]


def _parts(rows: pa.Table | pa.RecordBatchReader) -> Iterator[Part]:
    """Cut batches where the day changes; the day itself stands in the file's path."""
    for batch in rows.to_batches() if isinstance(rows, pa.Table) else rows:
        if batch.num_rows:
            days = batch.column(PARTITION)
            starts = np.flatnonzero(np.diff(days.cast(pa.int32()).to_numpy(), prepend=-(2**31)))
            bare = batch.drop_columns([PARTITION])
            for start, end in zip(starts, [*starts[1:], batch.num_rows], strict=True):
                yield days[start].as_py().isoformat(), bare.slice(start, end - start)


def _write_day(store: FileSystem, day: str, batches: Iterator[pa.RecordBatch]) -> AddAction:
    folder = f"{PARTITION}={day}"
    path = f"{folder}/part-00000-{uuid4()}-c000.snappy.parquet"
    # One row group: a day of small batches would otherwise be a file of many small ones.
    rows = pa.Table.from_batches(list(batches))
    store.create_dir(folder)
    with store.open_output_stream(path) as file:
        pq.write_table(rows, file)
        size = file.tell()
    return AddAction(
        path=path,
        size=size,
        partition_values={PARTITION: day},
        modification_time=time.time_ns() // 1_000_000,
        data_change=True,
        stats=msgspec.json.encode({"numRecords": rows.num_rows}).decode(),
    )

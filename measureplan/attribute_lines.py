"""Rows of a Delta table or of a folder of Parquet files, a file at a time: what `measureplan attribute` reads of many.

A line is a row with the columns that the command knows, as text, its time, and its place among all rows of the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pads
import pyarrow.parquet
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from measureplan.attribute_read import FILE_ROWS, PLACE, Rows, times_of
from measureplan.bad_input import BadInput
from tracking.lake.pieces import fragments

TEXTS = (
    "visitor_id",
    "name",
    "channel",
    "type",
    "event_id",
    "sequence",
    "paid",
    "value",
    "currency",
    "transaction_id",
    "session_id",
)
TIME = "time"
INSTANT = pa.timestamp("us", tz="UTC")
BUCKET_LINES = 200_000  # lines of a bucket in this process, on average: about 0.4 GB while they are worked on
# Read ahead, a large file would be in memory whole; that takes more time, too.
NOT_AHEAD = {
    "batch_readahead": 1,
    "fragment_readahead": 1,
    "use_threads": False,
    "fragment_scan_options": pads.ParquetFragmentScanOptions(pre_buffer=False, use_buffered_stream=True),
}
PART_ROWS = 100_000  # lines that are made at a time, about 20 MB


@dataclass(frozen=True, slots=True)
class Source:
    """Name what is read, so that another process reads the same.

    address   a folder, or an object store's address of a Delta table
    version   of the Delta table; None for a folder of Parquet files
    columns   texts that a line has, in order: those of TEXTS that are there, and the one that is credited
    files     paths in the order that counts as the rows' own
    size      bytes, packed
    lines     how many it has
    is_naive  times have no zone, and are read as UTC
    """

    address: str
    version: int | None
    columns: tuple[str, ...]
    files: tuple[str, ...]
    size: int
    lines: int
    is_naive: bool

    @property
    def schema(self) -> pa.Schema:
        """Give the columns of its lines."""
        texts = [pa.field(name, pa.string()) for name in self.columns]
        return pa.schema([pa.field(TIME, INSTANT), pa.field(PLACE, pa.int64()), *texts])


def is_source(address: str) -> bool:
    """Say whether an address is of a table rather than of one file."""
    return "://" in address or Path(address).is_dir()


def is_dealable(address: str) -> bool:
    """Say whether lines can be read a part at a time: of a table, or of a Parquet file that stores times as such."""
    if is_source(address):
        return True
    try:
        return _is_time(pyarrow.parquet.read_schema(address).field(TIME).type)
    except (pa.ArrowInvalid, OSError, KeyError):
        return False  # another format, or what is wrong with it is told where it is read whole


def open_source(address: str, *, needed: tuple[str, ...], by: str) -> Source:
    """Look at a table: its columns and files, at its present version.

    raises   BadInput for no table, a missing column, or times that are text
    """
    dataset, version = _open_newest(address)
    names = dataset.schema.names
    missing = [name for name in (*needed, by) if name not in names]
    if missing:
        raise BadInput(f"{address} has no column {', '.join(missing)}; its columns are: {', '.join(names)}")
    time = dataset.schema.field(TIME).type
    if not _is_time(time):
        raise BadInput(f"{address}, column {TIME}: {time} is no time; store timestamps, or seconds since 1970")
    files = tuple(sorted(dataset.files))
    sizes = (info.size for info in dataset.filesystem.get_file_info(list(files)))
    return Source(
        address=address,
        version=version,
        columns=tuple(dict.fromkeys(name for name in (*TEXTS, by) if name in names)),
        files=files,
        size=sum(size or 0 for size in sizes),
        lines=dataset.count_rows(),
        is_naive=pa.types.is_timestamp(time) and time.tz is None,
    )


def _is_time(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind))


def lines_of(source: Source, file: int) -> Iterator[pa.Table]:
    """Read one of the source's files, by its number: tables of its schema, none of more than PART_ROWS lines."""
    dataset, pieces = fragments(source.address, source.version)
    fragment = pieces[source.files[file]]
    place = file * FILE_ROWS
    wanted = list(dict.fromkeys((TIME, *source.columns)))
    asked = {"schema": dataset.schema, "columns": wanted, "batch_size": PART_ROWS}
    for batch in fragment.to_batches(**asked, **NOT_AHEAD):
        if batch.num_rows:
            yield _lines(source, batch, place)
            place += batch.num_rows


def read_source(source: Source) -> Rows:
    """Read the whole source into memory, in its own order."""
    tables = [table for file in range(len(source.files)) for table in lines_of(source, file)]
    rows = rows_of(pa.concat_tables([source.schema.empty_table(), *tables]), source.address)
    if source.is_naive:  # as they are in the files, so that it is said
        rows.columns[TIME] = rows.columns[TIME].cast(pa.timestamp("us"))
    return rows


def rows_of(lines: pa.Table, address: str) -> Rows:
    """Give lines as the rows that the command's rules read."""
    columns = {name: lines.column(name).combine_chunks() for name in lines.column_names}
    return Rows(Path(address), columns, "lines", is_text=True)


def _lines(source: Source, batch: pa.RecordBatch, place: int) -> pa.Table:
    places = pa.array(np.arange(place, place + batch.num_rows))
    columns = {name: batch.column(name) for name in batch.schema.names} | {PLACE: places}
    rows = Rows(Path(source.address), columns, "lines")
    time = pa.array(times_of(rows)[0], pa.int64()).cast(INSTANT)
    texts: list[Any] = [rows.text(name) for name in source.columns]  # Arrow arrays; pyarrow has no types
    return pa.table([time, places, *texts], schema=source.schema)


def in_place(lines: pa.Table) -> pa.Table:
    """Bring lines into the order of their rows: the last thing that decides between equals."""
    return lines.take(pc.sort_indices(lines, [(PLACE, "ascending")]))


def _open_newest(address: str) -> tuple[Any, int | None]:
    try:
        if not Path(address).is_file() and DeltaTable.is_deltatable(address):
            version = DeltaTable(address).version()
            return fragments(address, version)[0], version
        if "://" in address:
            raise BadInput(f"{address} is no Delta table; of an object store only Delta tables are read")
        found = fragments(address, None)[0]
    except (DeltaError, pa.ArrowInvalid, OSError) as fault:
        raise BadInput(f"{address} cannot be read: {str(fault).splitlines()[0]}") from None
    if not found.files:
        raise BadInput(f"{address} holds no Parquet file; give a folder of them, a Delta table, or one file")
    return found, None

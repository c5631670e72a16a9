"""The join of a goal's conversions and touches on a Spark cluster: one task a bucket of persons. Knows no Django.

The tasks read the touches themselves, from the files of the published version. What they join lands, sorted by day, in
files of a folder beside the tables, from which the worker takes it day by day; so neither holds all of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow.fs import FileSelector, FileSystem, FileType

from reports.joining import CARRIED, joined
from tracking.lake import cluster
from tracking.lake.cluster import Session, whole
from tracking.lake.pieces import fragments, store_at

LINES_A_BUCKET = 1_000_000  # touches and conversions that a task holds, about 1 GB with what it makes of them
FEWEST_BUCKETS = 4
READ_ROWS = 100_000  # touches that are read at a time
IS_TOUCH = "is_touch"
# What lines are sorted by within a bucket: the order of every path (SEMANTICS 4.3), and the one of conversions.
_TOUCH_ORDER = [(name, "ascending") for name in ("person_id", "time", "sequence", "event_id", "source_id")]
_ORDER = [(name, "ascending") for name in ("day", "number")]
WRITTEN = pa.schema([("first_day", pa.date32()), ("path", pa.string())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """What is to be joined; told to other processes as it is.

    touches       address and version of the table of touches, and the days [since, until] of it
    folder        address of the folder that the rows land in
    conversions   columns of conversions: of `joining.joined`, and `number`
    paths         columns of the rows
    """

    touches: tuple[str, int]
    since: date
    until: date
    folder: str
    conversions: pa.Schema
    paths: pa.Schema
    most_touches: int

    @property
    def lines(self) -> pa.Schema:
        """Give the columns of conversions and touches in one table: each leaves the other's own empty."""
        dataset, _ = fragments(*self.touches)
        own = [field for field in self.conversions if field.name not in dataset.schema.names]
        wanted = {*TOUCH_COLUMNS, *(field.name for field in self.conversions)}
        both = [dataset.schema.field(name) for name in dataset.schema.names if name in wanted]
        return pa.schema([pa.field(IS_TOUCH, pa.bool_()), *(field.with_nullable(True) for field in (*both, *own))])


TOUCH_COLUMNS = ("source_id", "person_id", "session_id", "event_id", "time", "sequence", *CARRIED)


def rows(asked: Join, conversions: pa.Table, *, master: str | None, buckets: int) -> Iterator[pa.RecordBatch]:
    """Give the rows of paths by day, as `joining.joined` gives them.

    Its folder is emptied before, of what a worker that died left there, and at the end.

    master    as tracking.lake.cluster.session
    buckets   into how many the persons are dealt
    raises    NoCluster
    """
    store = _empty(asked.folder)
    try:
        with cluster.session(master, "measureplan fill") as session:
            written = _written(session, asked, conversions, buckets).to_pylist()
        for row in sorted(written, key=lambda row: row["first_day"]):
            with pq.ParquetFile(store.open_input_file(row["path"])) as file:
                for batch in file.iter_batches(READ_ROWS):
                    yield from pa.Table.from_batches([batch]).cast(asked.paths).to_batches()
    finally:
        _empty(asked.folder)


def buckets_of(lines: int) -> int:
    """Say into how many buckets so many conversions and touches are dealt."""
    return max(FEWEST_BUCKETS, -(-lines // LINES_A_BUCKET))


def _empty(folder: str) -> FileSystem:
    store = store_at(folder)
    for found in store.get_file_info(FileSelector("", recursive=True)):
        if found.type == FileType.File:
            store.delete_file(found.path)
    return store


def _written(session: Session, asked: Join, conversions: pa.Table, buckets: int) -> pa.Table:
    spark, lines = session.spark, asked.lines
    columns = session.columns(lines)
    count = max(1, len(fragments(*asked.touches)[1]))
    touches = spark.range(count, numPartitions=count).mapInArrow(partial(_touches, asked, lines), columns)
    mine = spark.createDataFrame(_lines(conversions, lines, is_touch=False), schema=columns)
    # Only who converted has a path; the others' touches need not travel.
    theirs = touches.join(mine.select("person_id").distinct(), "person_id", "left_semi").select(lines.names)
    dealt = mine.unionByName(theirs).repartition(buckets, "person_id")
    paths = dealt.mapInArrow(whole(partial(_bucket, asked), lines), session.columns(asked.paths))
    # A day is of one part: what the worker reads is by day, and of each day the conversions by their number.
    sorted_ = paths.repartitionByRange(buckets, "day").sortWithinPartitions("day", "number", "place")
    return sorted_.mapInArrow(partial(_write, asked), session.columns(WRITTEN)).toArrow()


def _lines(table: pa.Table, lines: pa.Schema, *, is_touch: bool) -> pa.Table:
    given = {name: table.column(name) for name in table.column_names} | {IS_TOUCH: pa.repeat(is_touch, table.num_rows)}
    columns = [given.get(field.name, pa.nulls(table.num_rows, field.type)) for field in lines]
    return pa.table([pc.cast(column, field.type) for column, field in zip(columns, lines, strict=True)], schema=lines)


def _touches(asked: Join, lines: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Read the files of touches whose numbers come, of the days that are asked for."""
    dataset, pieces = fragments(*asked.touches)
    files = [pieces[path] for path in sorted(pieces)]
    days = (pc.field("day") >= pa.scalar(asked.since)) & (pc.field("day") <= pa.scalar(asked.until))
    for batch in batches:
        for number in batch.column(0).to_pylist()[: len(files)]:
            read = files[number].to_batches(
                schema=dataset.schema, columns=list(TOUCH_COLUMNS), filter=days, batch_size=READ_ROWS
            )
            for part in read:
                yield from _lines(pa.Table.from_batches([part]), lines, is_touch=True).to_batches()


def _bucket(asked: Join, lines: pa.Table) -> pa.Table:
    """Join all lines of some persons."""
    is_touch = lines.column(IS_TOUCH)
    touches, conversions = lines.filter(is_touch), lines.filter(pc.invert(is_touch))
    touches = touches.take(pc.sort_indices(touches, _TOUCH_ORDER)).combine_chunks()
    conversions = conversions.take(pc.sort_indices(conversions, _ORDER)).select(asked.conversions.names)
    found = joined(conversions.combine_chunks(), touches, asked.paths, most_touches=asked.most_touches)
    return pa.Table.from_batches(found, asked.paths)


def _write(asked: Join, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Write a part to a file of its own; one that was begun and never told of is swept away with the folder."""
    store = store_at(asked.folder)
    path, first_day, writer = f"{uuid4()}.parquet", None, None
    for batch in batches:
        if writer is None:
            first_day, writer = batch.column("day")[0], pq.ParquetWriter(path, asked.paths, filesystem=store)
        writer.write_table(pa.Table.from_batches([batch]).cast(asked.paths))
    if writer is not None:
        writer.close()
        yield from pa.table([[first_day], [path]], schema=WRITTEN).to_batches()

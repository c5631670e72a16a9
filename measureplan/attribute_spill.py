"""The steps of attribute_buckets in this process, bucket by bucket, with the lines on disk: memory stays as it is.

Lines are dealt out as Spark's sorted shuffle does it: what is read at a time is sorted by bucket and written as one
file, a batch for each bucket, and a bucket is that batch of every file.
"""

import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.arrays import Ints
from measureplan import attribute_buckets, attribute_events
from measureplan.attribute_buckets import ADDED, SEAT, Job
from measureplan.attribute_lines import BUCKET_LINES, TIME, in_place, lines_of, rows_of
from measureplan.attribute_read import PLACE, times_of
from measureplan.bad_input import BadInput

SPILL_LINES = 200_000  # lines that are dealt out at a time, about 40 MB
PACKED = pa.ipc.IpcWriteOptions(compression="lz4")


def buckets_for(lines: int) -> int:
    """Give into how many buckets so many lines are dealt."""
    return max(1, -(-lines // BUCKET_LINES))


def run(job: Job, *, buckets: int) -> pa.Table:
    """Do the job; give what all buckets add: attribute_buckets.ADDED.

    raises   BadInput for a time that is none, or no room for the lines; other faults are rows of their own
    """
    with tempfile.TemporaryDirectory(prefix="measureplan-attribute-") as name, _engine() as engine:
        deal = partial(Deal, Path(name), buckets=buckets, engine=engine)
        ids, seats, visitors = deal(_ids(job), "event_id"), deal(job.lines, SEAT), deal(job.judged, "visitor_id")
        for file in range(len(job.source.files)):
            for lines in lines_of(job.source, file):
                money, others = attribute_buckets.apart(job, lines)
                seats.add(money)
                visitors.add(others)
                if "event_id" in lines.column_names:
                    ids.add(lines.select(_ids(job).names))
        repeated = np.concatenate([np.zeros(0, np.int64), *(_repeated(job, part) for part in ids.parts())])
        for part in seats.parts():
            visitors.add(attribute_buckets.attached(job, _without(part, repeated)))
        added = [attribute_buckets.credited(job, _without(part, repeated)) for part in visitors.parts()]
    count = pa.Table.from_pylist([{"about": "repeated", "conversions": float(len(repeated))}], schema=ADDED)
    return pa.concat_tables([count, *added])


class Deal:
    """Lines on disk, dealt out to buckets by what they have in a column."""

    def __init__(
        self, folder: Path, schema: pa.Schema, by: str, *, buckets: int, engine: duckdb.DuckDBPyConnection
    ) -> None:
        """Begin without a line.

        folder   where files may be written
        by       the column of the schema that decides
        """
        self._folder, self._schema, self._by, self._buckets, self._engine = folder, schema, by, buckets, engine
        self._waiting: list[pa.Table] = []
        self._files: list[Path] = []

    def add(self, lines: pa.Table) -> None:
        """Take some lines of the schema."""
        self._waiting.append(lines)
        if sum(part.num_rows for part in self._waiting) >= SPILL_LINES:
            self._spill()

    def parts(self) -> Iterator[pa.Table]:
        """Give the lines of each bucket that has any."""
        self._spill()
        for bucket in range(self._buckets):
            part = pa.Table.from_batches((_batch(file, bucket) for file in self._files), self._schema)
            if part.num_rows:
                yield part

    def _spill(self) -> None:
        lines = pa.concat_tables([self._schema.empty_table(), *self._waiting]).combine_chunks()
        self._waiting = []
        if not lines.num_rows:
            return
        bucket = self._bucket(lines)
        order = np.argsort(bucket, kind="stable")
        cuts = np.searchsorted(bucket[order], np.arange(self._buckets + 1))
        dealt = lines.take(pa.array(order)).combine_chunks().to_batches()[0]
        path = self._folder / f"{self._by}-{len(self._files)}"
        try:
            with pa.ipc.new_file(path, self._schema, options=PACKED) as file:
                for begin, end in pairwise(cuts):  # empty ones too: a bucket's number is its batch's
                    file.write_batch(dealt.slice(begin, end - begin))
        except OSError as fault:
            raise BadInput(
                f"{path.parent} cannot be written: {fault}; make room, or set TMPDIR to a folder with it"
            ) from None
        self._files.append(path)

    def _bucket(self, lines: pa.Table) -> Ints:
        self._engine.register("dealt", lines.select([self._by]).rename_columns(["text"]))
        hashes = self._engine.sql("select hash(text) as hash from dealt").fetchnumpy()["hash"]
        bucket: Ints = (hashes % self._buckets).astype(np.int64)
        return bucket


def _engine() -> duckdb.DuckDBPyConnection:
    """Give what hashes texts: one thread, which keeps their order."""
    return duckdb.connect(config={"threads": 1})


def _batch(path: Path, bucket: int) -> pa.RecordBatch:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).get_batch(bucket)


def _ids(job: Job) -> pa.Schema:
    """Give the columns that tell which of several lines with one event id counts."""
    return pa.schema([job.source.schema.field(TIME), job.source.schema.field(PLACE), pa.field("event_id", pa.string())])


def _repeated(job: Job, lines: pa.Table) -> Ints:
    """Give the places of lines that repeat an event id: one sender may have given it to several visitors."""
    lines = in_place(lines)
    rows = rows_of(lines, job.source.address)
    once = attribute_events.once_by_event_id(rows, times_of(rows)[0])
    places: Ints = lines.column(PLACE).to_numpy()[~once]
    return places


def _without(lines: pa.Table, places: Ints) -> pa.Table:
    """Leave out the lines of some places, which are few."""
    if not len(places):
        return lines
    return lines.filter(pc.invert(pc.is_in(lines.column(PLACE), pa.array(places))))

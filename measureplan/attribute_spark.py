"""The steps of attribute_buckets on a Spark cluster: each bucket a task, by `mapInArrow`. Spark moves rows, no more.

Every process of the cluster needs this package in its Python, and reaches the table at the same address: files are
read by the product's own readers, so the cluster needs no library for object stores or Delta.
"""

import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from measureplan import attribute_buckets
from measureplan.attribute_buckets import ADDED, SEAT, Job
from measureplan.bad_input import BadInput

BUCKET_BYTES = 16 << 20  # of packed Parquet a bucket: about a million lines, 1 GB at most in the step that holds them
FEWEST_BUCKETS = 4
ADDED_ROWS = 10_000  # of what a bucket adds, at a time
Step = Callable[[Job, pa.Table], pa.Table]
Read = Callable[[Job, int], Iterator[pa.Table]]


def run(job: Job, *, master: str | None, buckets: int | None = None) -> pa.Table:
    """Do the job on a cluster; give what all buckets add.

    master    as Spark calls it: spark://host:7077, local[2]; None: what the environment says (spark-submit)
    buckets   into how many the visitors are dealt; by the size of the source where None
    raises    BadInput where Spark is not installed, or does not come to an end
    """
    session = _session(master)
    try:
        return _added(session, job, buckets or max(FEWEST_BUCKETS, -(-job.source.size // BUCKET_BYTES)))
    except session.faults as fault:
        raise BadInput(f"Spark gave up: {str(fault).strip().splitlines()[0]}") from fault
    finally:
        session.spark.stop()


class _Session:
    """A session of Spark, and what it raises."""

    def __init__(self, spark: Any, faults: tuple[type[Exception], ...], columns: Callable[[pa.Schema], Any]) -> None:
        self.spark, self.faults, self.columns = spark, faults, columns


def _session(master: str | None) -> _Session:
    try:
        from py4j.protocol import Py4JError  # noqa: PLC0415  # an extra: most installations have no Spark
        from pyspark.errors import PySparkException  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415
        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415
    except ImportError as fault:
        raise BadInput(f"--runner spark: {fault.name} is not installed; pip install 'measureplan[spark]'") from None
    # The workers' Python is to have the same packages; where it is at another place there, this variable says so.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("measureplan attribute")
    builder = builder.master(master) if master else builder
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.executorEnv.PYTHONPATH": str(Path(__file__).resolve().parents[1]),
        # A task that died with its machine is done again elsewhere; a fault of the input is an answer, and no failure.
        "spark.task.maxFailures": "4",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    faults = (PySparkException, Py4JError)
    return _Session(builder.getOrCreate(), faults, from_arrow_schema)


def _added(session: _Session, job: Job, buckets: int) -> pa.Table:
    files = session.spark.range(len(job.source.files), numPartitions=max(1, len(job.source.files)))
    read, read_others = attribute_buckets.read, attribute_buckets.read_others
    money = files.mapInArrow(partial(_reading, job, read), session.columns(job.lines))
    others = files.mapInArrow(partial(_reading, job, read_others), session.columns(job.judged))
    step = partial(_whole, job, attribute_buckets.attached, job.lines)
    attached = money.repartition(buckets, SEAT).mapInArrow(step, session.columns(job.judged))
    dealt = others.unionByName(attached).repartition(buckets, "visitor_id")
    step = partial(_whole, job, attribute_buckets.credited, job.judged)
    return dealt.mapInArrow(step, session.columns(ADDED)).toArrow()


def _reading(job: Job, read: Read, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Read the files whose numbers come."""
    for batch in batches:
        for file in batch.column(0).to_pylist():
            for lines in read(job, file):
                yield from lines.to_batches()


def _whole(job: Job, step: Step, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give a step its bucket whole: Spark hands it over in batches."""
    lines = pa.Table.from_batches([batch.cast(schema) for batch in batches], schema)
    if lines.num_rows:
        yield from step(job, lines).combine_chunks().to_batches(max_chunksize=ADDED_ROWS)

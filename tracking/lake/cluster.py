"""A Spark session whose tasks are this package's own functions over Arrow. Knows no Django.

Every process of the cluster needs this package in its Python, and reaches tables at the same addresses: files are read
by the product's own readers, so the cluster needs no library for object stores or Delta.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.executorEnv.PYTHONPATH": str(ROOT),  # where the package is not installed, but laid there
}
BATCH_ROWS = 10_000  # of what a step gives, at a time


class NoCluster(Exception):
    """Spark is not installed, or gave up; the text says which."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session of Spark.

    spark     Spark's own; it has no types
    columns   Arrow's schema as Spark's
    """

    spark: Any
    columns: Callable[[pa.Schema], Any]


@contextmanager
def session(master: str | None, name: str) -> Iterator[Session]:
    """Open a session, and end it afterwards.

    master   as Spark calls it: spark://host:7077, local[2]; None: what the environment says (spark-submit)
    raises   NoCluster where there is no Spark, or what was asked of it does not come to an end
    """
    try:
        from py4j.protocol import Py4JError  # noqa: PLC0415  # an extra: most installations have no Spark
        from pyspark.errors import PySparkException  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415
        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415
    except ImportError as fault:
        raise NoCluster(f"{fault.name} is not installed; pip install 'measureplan[spark]'") from None
    # The workers' Python is to have the same packages; where it is at another place there, this variable says so.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName(name)
    if master:
        builder = builder.master(master)
    for key, value in SETTINGS.items():
        builder = builder.config(key, value)
    try:
        spark = builder.getOrCreate()
        try:
            yield Session(spark, from_arrow_schema)
        finally:
            spark.stop()
    except (PySparkException, Py4JError) as fault:
        raise NoCluster(f"Spark gave up: {str(fault).strip().splitlines()[0]}") from fault


def whole(
    step: Callable[[pa.Table], pa.Table], schema: pa.Schema
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Make a step of a whole bucket one of Spark's, which hands the bucket over in batches.

    step     can be sent to another process: a function of a module, or a partial of one
    schema   of the bucket
    """
    return _Whole(step, schema)


@dataclass(frozen=True, slots=True)
class _Whole:
    step: Callable[[pa.Table], pa.Table]
    schema: pa.Schema

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        bucket = pa.Table.from_batches([batch.cast(self.schema) for batch in batches], self.schema)
        if bucket.num_rows:
            yield from self.step(bucket).combine_chunks().to_batches(max_chunksize=BATCH_ROWS)

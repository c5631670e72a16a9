"""The steps of attribute_buckets on a Spark cluster: each bucket a task, by `mapInArrow`. Spark moves rows, no more."""

from collections.abc import Callable, Iterator
from functools import partial

import pyarrow as pa

from measureplan import attribute_buckets
from measureplan.attribute_buckets import ADDED, SEAT, Job
from measureplan.bad_input import BadInput
from tracking.lake import cluster
from tracking.lake.cluster import NoCluster, Session, whole

BUCKET_BYTES = 16 << 20  # of packed Parquet a bucket; docs/how-to/attribute-on-a-cluster.md says what it takes
FEWEST_BUCKETS = 4
Read = Callable[[Job, int], Iterator[pa.Table]]


def run(job: Job, *, master: str | None, buckets: int | None = None) -> pa.Table:
    """Do the job on a cluster; give what all buckets add.

    master    as tracking.lake.cluster.session
    buckets   into how many the visitors are dealt; by the size of the source where None
    raises    BadInput where Spark is not installed, or does not come to an end
    """
    buckets = buckets or max(FEWEST_BUCKETS, -(-job.source.size // BUCKET_BYTES))
    try:
        with cluster.session(master, "measureplan attribute") as session:
            return _added(session, job, buckets)
    except NoCluster as fault:
        raise BadInput(f"--runner spark: {fault}") from fault


def _added(session: Session, job: Job, buckets: int) -> pa.Table:
    count = len(job.source.files)
    files = session.spark.range(count, numPartitions=count)
    lines, judged = session.columns(job.lines), session.columns(job.judged)
    money = files.mapInArrow(partial(_reading, job, attribute_buckets.read), lines)
    others = files.mapInArrow(partial(_reading, job, attribute_buckets.read_others), judged)
    attached = money.repartition(buckets, SEAT).mapInArrow(
        whole(partial(attribute_buckets.attached, job), job.lines), judged
    )
    dealt = others.unionByName(attached).repartition(buckets, "visitor_id")
    credited = whole(partial(attribute_buckets.credited, job), job.judged)
    return dealt.mapInArrow(credited, session.columns(ADDED)).toArrow()


def _reading(job: Job, read: Read, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Read the files whose numbers come."""
    for batch in batches:
        for file in batch.column(0).to_pylist():
            for lines in read(job, file):
                yield from lines.to_batches()

"""A broker of its own for an installation, so that it can go while the database of the product stays.

By default the queue of hints is in the product's own database, and is away when that is; CELERY_BROKER_URL names
another.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
from pgmq import install_pgmq_from_sql

from measureplan import embedded


@contextlib.contextmanager
def own_broker(folder: Path) -> Iterator[tuple[embedded.Cluster, dict[str, str]]]:
    """Have a database for the queue alone in this folder; give it, and the settings that name it."""
    (folder / "broker").mkdir()
    queue = embedded.cluster_in(folder / "broker")
    address = embedded.start(queue)
    try:
        with psycopg.connect(address) as connection:
            install_pgmq_from_sql(conn=connection)
        yield queue, {"CELERY_BROKER_URL": address.replace("postgresql://", "pgmq://")}
    finally:
        embedded.stop(queue)


def port_of(queue: embedded.Cluster) -> int:
    """Give the port on which the server listens, and has to listen again."""
    return int((queue.data / "postmaster.pid").read_text().splitlines()[3])

"""What takes the broker away gives it back, whatever happens meanwhile."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg
import pytest

from bench.failures.broker import frozen, stopped
from measureplan import embedded

Away = Callable[[embedded.Cluster], AbstractContextManager[None]]


@pytest.fixture
def queue() -> Iterator[embedded.Cluster]:
    """A database server of its own; pytest's folders are closed to the account that it runs under."""
    with tempfile.TemporaryDirectory(prefix="measureplan-broker-") as name:
        Path(name).chmod(0o755)
        cluster = embedded.cluster_in(Path(name))
        try:
            yield cluster
        finally:
            embedded.stop(cluster)


@pytest.mark.parametrize("away", [stopped, frozen])
def test_a_broker_is_back_after_a_block_that_failed(queue: embedded.Cluster, away: Away) -> None:
    address = embedded.start(queue, durable=False)
    with pytest.raises(RuntimeError, match="interrupted"), away(queue):
        raise RuntimeError("interrupted")
    with psycopg.connect(address, connect_timeout=5) as connection:
        assert connection.execute("select 1").fetchone() == (1,)

"""A broker that was away for long is tried again by everyone who asks for it."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator

import pytest
from kombu import Connection
from psycopg_pool import PoolTimeout

from measureplan.celery import app, transport_options

AWAY_CALLS = 8  # after so many seconds a pool by itself rests for eight


class Refusing(socketserver.ThreadingTCPServer):
    """Hangs up on everyone, and counts."""

    tried = 0

    def finish_request(self, *_: object) -> None:
        self.tried += 1


@pytest.fixture
def broker() -> Iterator[Refusing]:
    with Refusing(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_whoever_asks_for_a_broker_that_was_away_for_long_tries_it_anew(broker: Refusing) -> None:
    address = f"pgmq://someone:secret@127.0.0.1:{broker.server_address[1]}/measureplan"
    options = transport_options(address) | {"pool_timeout": 1}
    with Connection(address, transport_options=options) as connection:
        for _ in range(AWAY_CALLS):
            ask(connection)
        before = broker.tried
        for _ in range(3):
            ask(connection)
        assert broker.tried - before >= 2


def test_workers_and_senders_use_it() -> None:
    with app.connection_for_write("pgmq://someone@127.0.0.1/measureplan") as connection:
        assert connection.get_transport_cls().__module__ == "measureplan.broker"


def ask(connection: Connection) -> None:
    with contextlib.suppress(PoolTimeout):
        connection.transport.establish_connection()
        pytest.fail("nobody is there")

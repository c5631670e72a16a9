"""The queue's client, which finds a broker again that was away for long.

A pool of connections tries again after one, two, four and more seconds, for five minutes, and whoever asks it meanwhile
waits for its next try, however soon the broker is back. Workers have pauses of their own between tries, so the two
missed each other for minutes. Here a try ends with whoever asked for it, and the next one who asks has a new one.
"""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, pgmq


class Transport(pgmq.Transport):
    """As kombu has it, but for the pool."""

    def _create_pgmq_client(self) -> Any:
        client = super()._create_pgmq_client()
        if client.pool is not None:
            client.pool.reconnect_timeout = client.pool.timeout
        return client


def use() -> None:
    """Have kombu take this one for addresses of pgmq."""
    TRANSPORT_ALIASES["pgmq"] = f"{__name__}:{Transport.__name__}"

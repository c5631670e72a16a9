"""What the machine allows at most, measured beside the door: a web server that answers at once, and bare inserts."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

ANSWER = b'{"received":1,"accepted":1,"duplicates":0,"rejected":0,"filtered":0,"results":[]}'


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Read the body and answer 202, which is WSGI's least."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start("202 Accepted", [("Content-Type", "application/json"), ("Content-Length", str(len(ANSWER)))])
    return [ANSWER]


def bare_inserts(address: str, *, size: int, seconds: float, connections: int) -> int:
    """Insert values of so many bytes, each in a transaction of its own; give how many were committed."""
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("create table if not exists bench_bare (value bytea)")
    until = time.monotonic() + seconds
    done = [0] * connections
    threads = [threading.Thread(target=_insert, args=(address, size, until, done, n)) for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 60)
    return sum(done)


def _insert(address: str, size: int, until: float, done: list[int], place: int) -> None:
    value = os.urandom(size)
    with psycopg.connect(address, autocommit=True) as link:
        link.pgconn.prepare(b"bare", b"insert into bench_bare values ($1::bytea)")
        while time.monotonic() < until:
            result = link.pgconn.exec_prepared(b"bare", [value], [1])
            assert result.status == psycopg.pq.ExecStatus.COMMAND_OK, result.get_error_message()
            done[place] += 1

"""The broker is frozen, then stopped: collection goes on as if it were there, and all is counted once it is back.

A broker that is stopped refuses; one that is frozen takes connections and never answers.
"""

import argparse
import contextlib
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.brokers import own_broker, port_of
from bench.failures.database import stop_at_once
from bench.installation import running
from bench.repeating_senders import Load, sending
from bench.verdict import Check, all_said, conclude, nothing_lost_or_twice, slowest
from measureplan import embedded

BEFORE_SECONDS = 5.0


def run(options: argparse.Namespace) -> int:
    """Show both; give the exit code."""
    with tempfile.TemporaryDirectory(prefix="measureplan-broker-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with (
            own_broker(folder) as (queue, settings),
            running(folder, options.port, environment=settings) as installation,
        ):
            load = Load(options.port, installation.write_key, pause=0.05)
            with sending(load):
                checks = [
                    *away("frozen", load, frozen(queue), options.seconds),
                    *away("stopped", load, stopped(queue), options.seconds),
                ]
            return conclude("broker down", [*checks, *nothing_lost_or_twice(load, folder)])


def away(how: str, load: Load, absence: contextlib.AbstractContextManager[None], seconds: float) -> list[Check]:
    """Take the broker away for so long, and say what the senders heard."""
    time.sleep(BEFORE_SECONDS)
    with absence:
        since = time.monotonic()
        time.sleep(seconds)
    time.sleep(BEFORE_SECONDS)
    answers = load.between(since, since + seconds)
    late = sorted(answer.seconds for answer in answers)
    middle = late[len(late) // 2] if late else 0.0
    return [
        Check(f"{how} for {seconds:.0f} s: every answer is 2xx", *all_said(answers, 202)),
        Check(
            "none waits for the broker, 3 s at most",
            f"median {middle:.2f} s, slowest {slowest(answers):.2f} s",
            slowest(answers) <= 3,
        ),
    ]


@contextlib.contextmanager
def stopped(queue: embedded.Cluster) -> Iterator[None]:
    """Have the broker down for the block."""
    port = port_of(queue)
    stop_at_once(queue)
    try:
        yield
    finally:
        embedded.start(queue, port=port)


@contextlib.contextmanager
def frozen(queue: embedded.Cluster) -> Iterator[None]:
    """Have the broker stand still for the block: its processes hold what they have and answer nothing."""
    server = embedded.server_pid(queue)
    children = map(int, Path(f"/proc/{server}/task/{server}/children").read_text().split())
    everyone = [int(server or 0), *children]
    try:
        for pid in everyone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in everyone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

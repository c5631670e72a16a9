"""`measureplan up` in a folder of its own: started by a bench, looked at from outside, ended by its process id."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from deltalake import DeltaTable

from measureplan import embedded

HOST = "127.0.0.1"
START_SECONDS = 600  # migrations take a minute where others work beside
STOP_SECONDS = 60
SETTLE_SECONDS = 180  # what the last events get to reach the lake


@dataclass(frozen=True, slots=True)
class Installation:
    """One that runs; `made` is what bootstrap told."""

    folder: Path
    port: int
    made: Mapping[str, str]

    @property
    def run(self) -> Path:
        """Where its processes leave their ids."""
        return self.folder / "run"

    @property
    def write_key(self) -> str:
        return self.made["write_key"]


@contextlib.contextmanager
def running(folder: Path, port: int, *, environment: Mapping[str, str] | None = None) -> Iterator[Installation]:
    """Run an installation with one workspace for the block.

    environment   settings beside those of this process
    raises        RuntimeError with the end of its log where it does not come up
    """
    settings = {**os.environ, **(environment or {})}
    with (folder / "up.log").open("wb") as log:
        up = subprocess.Popen(
            [sys.executable, "-m", "measureplan", "up", "--port", str(port), "--data-dir", str(folder)],
            stdout=log,
            stderr=log,
            env=settings,
        )
        try:
            if not wait_for(lambda: is_ready(port), START_SECONDS):
                raise RuntimeError((folder / "up.log").read_text()[-3_000:])
            made = json.loads(measureplan("bootstrap", "--json", folder=folder, settings=settings))
            yield Installation(folder, port, made)
        finally:
            end(up)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and see that it does."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def measureplan(*arguments: str, folder: Path, settings: Mapping[str, str]) -> str:
    """Run one command of the product and give what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "measureplan", *arguments, "--data-dir", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=settings,
    )
    if done.returncode:
        raise RuntimeError(f"measureplan {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def is_ready(port: int) -> bool:
    """Say whether every part can do its work."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    connection.request("GET", "/readyz")
    return connection.getresponse().status == 200


def wait_for(condition: Callable[[], bool], seconds: float, *, every: float = 0.5) -> bool:
    """Wait until the condition holds; False where it does not in time. A fault in it counts as not yet."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(Exception):
            if condition():
                return True
        time.sleep(every)
    return False


def stored_ids(folder: Path) -> Counter[str]:
    """Count every event id in every workspace's lake, read without the product's code."""
    found: Counter[str] = Counter()
    for table in (folder / "lake").glob("*/events"):
        ids = DeltaTable(table).to_pyarrow_table(columns=["event_id"]).column("event_id")
        found.update(ids.to_pylist())
    return found


def counted(folder: Path) -> int:
    """Give how many events the counters say were accepted, asked as the embedded database's superuser."""
    cluster = embedded.cluster_in(folder)
    port = (cluster.data / "postmaster.pid").read_text().splitlines()[3]
    password = (cluster.folder / "password").read_text().strip()
    address = f"postgresql://postgres:{password}@{HOST}:{port}/measureplan"
    with psycopg.connect(address, connect_timeout=5) as connection:
        asked = "select coalesce(sum(events), 0)::bigint from tracking_counter where outcome = 'accepted'"
        return int(connection.execute(asked).fetchone()[0])

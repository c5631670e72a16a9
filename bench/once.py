"""What it costs to tell whether an event came before, with one, ten and fifty million ids held.

    python -m bench.once [--keys 1000000 10000000 50000000] [--rounds 30] [--dir FOLDER]

Starts a durable database in a temporary folder, fills the ledger with ids by SQL (an id is a hash, so made-up ones
cost what real ones do), and calls what the door calls: one event at a time, and 500 at a time, new ones and ones that
came before, in turns. CPU time is of this process, which does the web server's part without its HTTP, and of the
database's process that serves it. Fifty million ids take about 8 GB, which go with the folder.
"""

import argparse
import importlib
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import django
import psycopg

from bench.ingest import BATCH, cpu_seconds, prepare
from measureplan import embedded

SINGLES = 100  # events of one round that come singly
FILL = 5_000_000  # ids a statement
Door = Any  # bench.known_ids.Door, which can be imported once Django is set up

# As random and as long as those of `ledger.key_of`, by a hash that the database has.
_FILL = """
insert into tracking_eventkey (workspace_id, source_id, digest, fingerprint)
select %(workspace)s, %(source)s, md5('e-' || n)::uuid, '\\x0000000000000000'
from generate_series(%(since)s::bigint, %(until)s::bigint - 1) as n
"""
_COPY = "copy tracking_eventkey (workspace_id, source_id, digest, fingerprint) from stdin"
_SIZE = "select pg_table_size('tracking_eventkey'), pg_indexes_size('tracking_eventkey')"
_PRIMARY = "select conname from pg_constraint where conrelid = 'tracking_eventkey'::regclass and contype = 'p'"
_WAL = "select pg_current_wal_lsn() - '0/0'::pg_lsn"


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one call: wall ms, CPU ms of this process and of the database's, and bytes of the database's log."""

    wall: float
    web: float
    database: float
    log: float


def timed(call: Callable[[], None], times: int, backend: int, superuser: "psycopg.Connection[Any]") -> Cost:
    """Call so often; give the cost of one call."""
    written = superuser.execute(_WAL).fetchone()[0]
    database, web, wall = cpu_seconds(backend), time.process_time(), time.perf_counter()
    for _ in range(times):
        call()
    ended, used = time.perf_counter(), time.process_time()
    spent = (ended - wall, used - web, cpu_seconds(backend) - database)
    log = float(superuser.execute(_WAL).fetchone()[0] - written)
    return Cost(*(1_000 * each / times for each in spent), log / times)


def fill(superuser: "psycopg.Connection[Any]", door: Door, *, since: int, until: int, rounds: int) -> str:
    """Bring the ledger to `until` ids beside the bench's own; give its size in words."""
    name = superuser.execute(_PRIMARY).fetchone()[0]
    given = {"workspace": door.origin.workspace_id, "source": door.origin.source_id}
    # Rows first, unchecked, the index after: one by one they would be at fifty million for an hour.
    superuser.execute("set session_replication_role = replica")
    superuser.execute(f"alter table tracking_eventkey drop constraint {name}")
    for start in range(since, until, FILL):
        superuser.execute(_FILL, {**given, "since": start, "until": min(start + FILL, until)})
    with superuser.cursor().copy(_COPY) as copy:
        for key, fingerprint in door.remembered(rounds * (SINGLES + BATCH)):
            copy.write_row((*given.values(), UUID(bytes=key), fingerprint))
    superuser.execute(f"alter table tracking_eventkey add constraint {name} primary key (source_id, digest)")
    superuser.execute("vacuum analyze tracking_eventkey")
    superuser.execute("checkpoint")
    table, index = superuser.execute(_SIZE).fetchone()
    return f"{until:,} ids: table {table / 2**20:,.0f} MiB, index {index / 2**20:,.0f} MiB"


def measure(superuser: "psycopg.Connection[Any]", door: Door, rounds: int) -> dict[str, list[Cost]]:
    """Do the four in turns, so that a machine that slows down slows all."""
    backend = door.backend()
    door.many(door.new(BATCH))()  # plans are made, catalogues read
    found: dict[str, list[Cost]] = {"new, one": [], "came before, one": [], "new, 500": [], "came before, 500": []}
    for _ in range(rounds):
        calls = {
            "new, one": (door.one(door.new(SINGLES)), SINGLES),
            "came before, one": (door.one(door.known(SINGLES)), SINGLES),
            "new, 500": (door.many(door.new(BATCH)), 1),
            "came before, 500": (door.many(door.known(BATCH)), 1),
        }
        for name, (call, times) in calls.items():
            found[name].append(timed(call, times, backend, superuser))
    return found


def show(keys: int, found: dict[str, list[Cost]]) -> None:
    """Print medians; CPU times as means, since the kernel counts them in hundredths of a second."""
    for name, costs in found.items():
        wall = statistics.median(cost.wall for cost in costs)
        per = BATCH if "500" in name else 1
        web, base, log = (
            statistics.fmean(getattr(cost, of) for cost in costs) / per for of in ("web", "database", "log")
        )
        print(
            f"{keys:>11,} | {name:<16} | median {wall:8.2f} ms a call | CPU ms an event: web {web:.3f}, "
            f"database {base:.3f} | log {log:,.0f} bytes an event",
            flush=True,
        )


def main() -> None:
    """Set up, fill and measure step by step, remove all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--keys", type=int, nargs="+", default=[1_000_000, 10_000_000, 50_000_000])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--dir", help="where the database stands meanwhile")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="measureplan-once-", dir=options.dir) as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster, made = prepare(folder)
        try:
            django.setup()
            door = importlib.import_module("bench.known_ids").Door(made["workspace"])
            print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
            print(f"load {os.getloadavg()[0]:.1f}", flush=True)
            address = os.environ["DATABASE_URL"].replace("//measureplan:", "//postgres:", 1)
            with psycopg.connect(address, autocommit=True) as superuser:
                held = 0
                for keys in sorted(options.keys):
                    print(fill(superuser, door, since=held, until=keys, rounds=options.rounds), flush=True)
                    show(keys, measure(superuser, door, options.rounds))
                    held = keys
        finally:
            embedded.stop(cluster)


if __name__ == "__main__":
    main()

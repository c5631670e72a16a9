"""The most memory that each step takes on its way from a large file to figures, each step a process of its own.

    python -m bench.memory [--events 1000000] [--straight]

Makes the demo shop's events of 180 days in a workspace of its own in a temporary folder: as a packed CSV file that is
checked, applied and drained; or, with `--straight`, written into the lake without a door, which is quicker. Then
derives all of them at once and fills one goal and all twelve. "nothing" is what Django and the libraries take by
themselves. Everything that was started is ended by its process id.
"""

import argparse
import gzip
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import django

from bench import shop_lake
from bench.ingest import prepare
from measureplan import embedded
from measureplan.demo import shop_in_chunks
from measureplan.demo.generate import EVENTS_AT_SCALE_1
from measureplan.demo.writer import write

UNTIL = date(2026, 11, 21)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
FILE = "events.csv"


def file(workspace_id: int, events: int) -> None:
    """Write the events to a packed file and have it taken in."""
    from tracking import importing  # noqa: PLC0415  # Django is set up by now
    from tracking.models import Source  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    path = Path(os.environ["MP_DATA_DIR"]) / FILE
    left_out = ["day", "source_id", "received_at", "client_time", "import_id", "protocol"]
    parts = (
        part.events.drop_columns(left_out) for part in shop_in_chunks(until=UNTIL, scale=events / EVENTS_AT_SCALE_1)
    )
    write(parts, path)
    with path.open("rb") as plain, gzip.open(f"{path}.gz", "wb", compresslevel=3) as packed:
        shutil.copyfileobj(plain, packed)
    path.unlink()
    with scope.in_workspace(workspace_id), Path(f"{path}.gz").open("rb") as packed:
        chunks = iter(lambda: packed.read(1_000_000), b"")
        importing.receive(Source.objects.get(), chunks, name=f"{FILE}.gz", by="bench", now=NOW)


def check(workspace_id: int, _: int) -> None:
    """Do the dry run."""
    from tracking import importing  # noqa: PLC0415
    from tracking.models import Import  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    with scope.in_workspace(workspace_id):
        row = Import.objects.get()
    importing.check(workspace_id, row.pk, now=NOW)
    with scope.in_workspace(workspace_id):
        row.refresh_from_db()
        importing.order(row, good_rows_only=True, by="bench", now=NOW)


def apply(workspace_id: int, _: int) -> None:
    """Store the file's events."""
    from tracking import importing  # noqa: PLC0415
    from tracking.models import Import  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    with scope.in_workspace(workspace_id):
        row = Import.objects.get()
    importing.apply(workspace_id, row.pk, now=NOW)
    with scope.in_workspace(workspace_id):
        row.refresh_from_db()
    print(f"{row.result['new']:,} new events", end="; ")


def drain(workspace_id: int, _: int) -> None:
    """Bring them into the lake."""
    from tracking.lake import writer  # noqa: PLC0415

    writer.drain(workspace_id, NOW)


def straight(workspace_id: int, events: int) -> None:
    """Write the shop's events into the lake, chunk by chunk, and note them as a drain would."""
    count = shop_lake.store(workspace_id, events, until=UNTIL, now=NOW)
    print(f"{count:,} events", end="; ")


def derive(workspace_id: int, _: int) -> None:
    """Derive everything."""
    from tracking import derive as derivation  # noqa: PLC0415

    derivation.derive(workspace_id, NOW)


def plan(workspace_id: int, _: int) -> None:
    """Make the demo's twelve goals, and put all but purchases aside."""
    from goals.models import Goal  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415
    from workspaces.models import Workspace  # noqa: PLC0415

    shop_lake.make_plan(Workspace.objects.get(pk=workspace_id), now=NOW)
    with scope.in_workspace(workspace_id):
        Goal.objects.exclude(slug="purchase").update(archived_at=NOW)


def fill_one(workspace_id: int, _: int) -> None:
    """Fill the goal that is not put aside."""
    from reports import filling  # noqa: PLC0415

    filling.fill(workspace_id, now=NOW)


def fill_all(workspace_id: int, _: int) -> None:
    """Take up the other goals and fill them."""
    from goals.models import Goal  # noqa: PLC0415
    from reports import filling  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    with scope.in_workspace(workspace_id):
        Goal.objects.update(archived_at=None)
    filling.fill(workspace_id, now=NOW)


STEPS: dict[str, Callable[[int, int], None]] = {
    "nothing": lambda *_: None,
    "file": file,
    "check": check,
    "apply": apply,
    "drain": drain,
    "straight": straight,
    "derive": derive,
    "plan": plan,
    "fill one goal": fill_one,
    "fill the others": fill_all,
}
BY_FILE, STRAIGHT = ("file", "check", "apply", "drain"), ("straight",)
AFTERWARDS = ("derive", "plan", "fill one goal", "fill the others")


def run_step(step: str, slug: str, events: int) -> None:
    """Do one step in this process, and say what it took."""
    django.setup()
    from workspaces.models import Workspace  # noqa: PLC0415

    workspace_id = Workspace.objects.get(slug=slug).pk
    started, cpu = time.perf_counter(), time.process_time()
    STEPS[step](workspace_id, events)
    took = f"{time.perf_counter() - started:.1f} s, {time.process_time() - cpu:.1f} CPU s"
    print(f"{step}: {took}, {peak_mib():.0f} MiB at most", flush=True)


def peak_mib() -> float:
    """Give the most memory that this process had resident; not what it inherited from its parent, as getrusage does."""
    line = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmHWM"))
    return int(line.split()[1]) / 1_024


def main() -> None:
    """Set up, run the steps, end all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--straight", action="store_true", help="write the events into the lake without a door")
    parser.add_argument("--step", help="one step in this process; used for the others")
    parser.add_argument("--workspace", default="")
    options = parser.parse_args()
    if options.step:
        run_step(options.step, options.workspace, options.events)
        return
    with tempfile.TemporaryDirectory(prefix="measureplan-memory-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster, made = prepare(folder)
        try:
            print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, ", end="")
            print(f"Python {platform.python_version()}")
            print(f"$ python -m bench.memory --events {options.events}{' --straight' * options.straight}", flush=True)
            for step in ("nothing", *(STRAIGHT if options.straight else BY_FILE), *AFTERWARDS):
                given = ["--step", step, "--workspace", made["workspace"], "--events", str(options.events)]
                subprocess.run([sys.executable, "-m", "bench.memory", *given], check=True)
        finally:
            embedded.stop(cluster)


if __name__ == "__main__":
    main()

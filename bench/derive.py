"""The most memory that deriving and filling take, on a whole history at once, each in a process of its own.

    python -m bench.derive [--events 1000000] [--keep-going]

Makes the demo shop's events and writes them straight into the lake of a workspace of its own in a temporary folder,
then derives all of them, as after a historical import, and fills one goal and then the plan's twelve. Each step is a
process, so that its peak is its own; what Django and the libraries take by themselves is a step as well. Everything
that was started is ended by its process id.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import django
import pyarrow as pa
import pyarrow.compute as pc

from bench.ingest import prepare
from measureplan import embedded
from measureplan.demo import shop_in_chunks
from measureplan.demo.generate import EVENTS_AT_SCALE_1

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNTIL = date(2026, 11, 21)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def store(slug: str, events: int) -> None:
    """Write the shop's events into the lake, chunk by chunk, as if drained."""
    from deltalake import write_deltalake  # noqa: PLC0415

    from tracking.lake.schema import EVENTS, Table  # noqa: PLC0415  # Django is set up by now
    from tracking.lake.table import open_or_make  # noqa: PLC0415
    from tracking.models import LakeState, Source  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415
    from workspaces.models import Workspace  # noqa: PLC0415

    workspace = Workspace.objects.get(slug=slug)
    with scope.in_workspace(workspace.pk):
        source = Source.objects.get().pk
    count, firsts = 0, []
    for part in shop_in_chunks(until=UNTIL, scale=events / EVENTS_AT_SCALE_1):
        ids = pa.array([source] * part.events.num_rows, pa.int64())
        place = part.events.schema.get_field_index("source_id")
        rows = part.events.set_column(place, "source_id", ids).select(EVENTS.names).cast(EVENTS)
        write_deltalake(open_or_make(workspace.pk, Table.EVENTS, EVENTS), rows, mode="append")
        count += rows.num_rows
        firsts.append(pc.min(rows["day"]).as_py())
    known = {
        "events": count, "first_day": min(firsts), "last_event_at": NOW, "stored_through": NOW, "dirty_since": EPOCH,
    }  # fmt: skip
    with scope.in_workspace(workspace.pk):
        LakeState.objects.update_or_create(workspace=workspace, defaults=known)
    print(f"{count:,} events")


def derive(slug: str) -> None:
    """Derive everything."""
    from tracking import derive as derivation  # noqa: PLC0415
    from workspaces.models import Workspace  # noqa: PLC0415

    derivation.derive(Workspace.objects.get(slug=slug).pk, NOW)


def fill(slug: str) -> None:
    """Fill every goal that there is."""
    from reports import filling  # noqa: PLC0415
    from workspaces.models import Workspace  # noqa: PLC0415

    filling.fill(Workspace.objects.get(slug=slug).pk, now=NOW)


def plan(slug: str) -> None:
    """Make the demo's twelve goals."""
    from bench.reports import make_plan  # noqa: PLC0415
    from workspaces.models import Workspace  # noqa: PLC0415

    make_plan(Workspace.objects.get(slug=slug), now=NOW)


STEPS: dict[str, Callable[[str], None]] = {
    "nothing": lambda _: None,
    "derive": derive,
    "plan": plan,
    "fill": fill,
}


def run_step(step: str, slug: str, events: int) -> None:
    """Do one step in this process, and say what it took."""
    django.setup()
    started, cpu = time.perf_counter(), time.process_time()
    if step == "store":
        store(slug, events)
    else:
        STEPS[step](slug)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    took = f"{time.perf_counter() - started:.1f} s, {time.process_time() - cpu:.1f} CPU s"
    print(f"{step}: {took}, {peak:.0f} MiB at most", flush=True)


def main() -> None:
    """Set up, run the steps, end all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--step", help="one step in this process; the others are run as such")
    parser.add_argument("--workspace")
    options = parser.parse_args()
    if options.step:
        run_step(options.step, options.workspace, options.events)
        return
    with tempfile.TemporaryDirectory(prefix="measureplan-derive-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster, made = prepare(folder)
        try:
            print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
            print(f"$ python -m bench.derive --events {options.events}", flush=True)
            for step in ("nothing", "store", "derive", "plan", "fill"):
                given = ["--step", step, "--workspace", made["workspace"], "--events", str(options.events)]
                subprocess.run([sys.executable, "-m", "bench.derive", *given], check=True)
        finally:
            embedded.stop(cluster)


if __name__ == "__main__":
    main()

"""What a full run costs, and what one costs after 1,000 late events spread over 90 days.

    python -m bench.incremental [--events 1000000] [--late 1000] [--rounds 3]

Makes the demo shop's events of 180 days in a workspace of its own in a temporary folder, keeps some of the last 90 days
back, lets a night's upkeep put a day's files together, derives and fills twelve goals. Then, round by round, a part of
those kept back is appended as a drain would, and derived and filled. Each step is a process of its own, so that its
memory is its own; what importing takes is not its work, since workers live on. At the end the goals are filled from
nothing, and the figures of the rounds must be equal to these. Everything that was started is ended by its process id.
"""

import argparse
import importlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench import shop_lake
from bench.ingest import prepare
from bench.memory import NOW, UNTIL, peak_mib
from measureplan import embedded

REACH = timedelta(days=90)  # how late the late events are at most
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Taken:
    """What one step took: seconds of wall clock and of processor time, and MiB of memory at its peak."""

    step: str
    wall_s: float
    cpu_s: float
    peak_mib: float


def store(workspace_id: int, options: argparse.Namespace) -> None:
    """Write the shop's events into the lake but for the late ones, which wait in files; and the goals."""
    from tracking.lake.schema import EVENTS  # noqa: PLC0415  # Django is set up by now
    from workspaces.models import Workspace  # noqa: PLC0415

    shop_lake.make_plan(Workspace.objects.get(pk=workspace_id), now=NOW)
    chance, wanted = np.random.default_rng(SEED), options.late * options.rounds
    share, late = 2.5 * wanted / options.events, []
    since = pa.scalar(NOW - REACH, EVENTS.field("time").type)

    def kept(rows: pa.Table) -> pa.Table:
        recent = pc.greater_equal(rows["time"], since).to_numpy()
        held = recent & (chance.random(rows.num_rows) < share)
        late.append(rows.filter(pa.array(held)))
        return rows.filter(pa.array(~held))

    shop_lake.store(workspace_id, options.events, until=UNTIL, now=NOW, kept=kept)
    waiting = pa.concat_tables(late)
    waiting = waiting.take(pa.array(chance.permutation(waiting.num_rows)[:wanted]))
    assert waiting.num_rows == wanted, "too few events were held back"
    pq.write_table(waiting, _waiting())


def _waiting() -> Path:
    return Path(os.environ["MP_DATA_DIR"]) / "late.parquet"


def night(workspace_id: int, _: argparse.Namespace) -> None:
    """Put the small files of each day together, as is done every night: 180 days of history are 180 files."""
    shop_lake.put_together(workspace_id)


def arrive(workspace_id: int, options: argparse.Namespace) -> None:
    """Append the next of the late events, and note them, as a drain does."""
    from tracking.lake.schema import EVENTS, Table  # noqa: PLC0415
    from tracking.lake.table import append_once, open_or_make  # noqa: PLC0415
    from tracking.models import LakeState  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    waiting = pq.read_table(_waiting())
    rows = waiting.slice(0, options.late).cast(EVENTS).sort_by("day")
    pq.write_table(waiting.slice(options.late), _waiting())
    with scope.in_workspace(workspace_id):
        state = LakeState.objects.get(workspace_id=workspace_id)
        state.batch += 1
        append_once(open_or_make(workspace_id, Table.EVENTS, EVENTS), rows, batch=state.batch)
        state.events += rows.num_rows
        state.dirty_since = pc.min(rows["time"]).as_py()
        state.save()


def derive(workspace_id: int, _: argparse.Namespace) -> None:
    """Bring sessions and touches up to the events."""
    from tracking import derive as derivation  # noqa: PLC0415

    derivation.derive(workspace_id, NOW)


def fill(workspace_id: int, _: argparse.Namespace) -> None:
    """Bring the twelve goals up to the sessions and touches."""
    from reports import filling  # noqa: PLC0415

    assert filling.fill(workspace_id, now=NOW) > 0


def forget(workspace_id: int, _: argparse.Namespace) -> None:
    """Forget what was filled, so that the next fill is one from nothing; keep the figures to be compared."""
    from reports.models import FillState, Publication, Rollup, Visits  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    _figures_file().write_text(json.dumps(_figures(workspace_id)))
    with scope.in_workspace(workspace_id):
        for model in (Rollup, Visits, FillState, Publication):
            model.objects.all().delete()


def compare(workspace_id: int, _: argparse.Namespace) -> None:
    """Hold the figures of a fill from nothing to those of the rounds."""
    assert json.loads(_figures_file().read_text()) == json.loads(json.dumps(_figures(workspace_id))), "figures differ"


def _figures_file() -> Path:
    return Path(os.environ["MP_DATA_DIR"]) / "figures.json"


def _figures(workspace_id: int) -> list[Any]:
    from reports.models import Rollup, Visits  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    sums = ("sessions", "gaps", "persons")
    with scope.in_workspace(workspace_id):
        goals = Rollup.objects.order_by("goal", "day")
        goal_days = goals.values_list("goal", "day", "conversions", "value_micros", "refund_micros", *sums)
        visits = Visits.objects.order_by("day").values_list("day", "pageviews", "events", *sums)
        return [[str(cell) for cell in row] for rows in (goal_days, visits) for row in rows]


STEPS: dict[str, Callable[[int, argparse.Namespace], None]] = {
    "store": store,
    "night": night,
    "derive all": derive,
    "fill all": fill,
    "arrive": arrive,
    "derive late": derive,
    "fill late": fill,
    "forget": forget,
    "fill anew": fill,
    "compare": compare,
}


def run_step(options: argparse.Namespace) -> None:
    """Do one step in this process, and print what it took as JSON."""
    django.setup()
    from workspaces.models import Workspace  # noqa: PLC0415

    workspace_id = Workspace.objects.get(slug=options.workspace).pk
    for module in ("tracking.derive", "reports.filling"):
        importlib.import_module(module)
    started, cpu = time.perf_counter(), time.process_time()
    STEPS[options.step](workspace_id, options)
    taken = Taken(options.step, time.perf_counter() - started, time.process_time() - cpu, peak_mib())
    print(json.dumps(asdict(taken)), flush=True)


def steps(options: argparse.Namespace, slug: str) -> list[Taken]:
    """Run all steps, each in a process of its own."""
    rounds = ["arrive", "derive late", "fill late"] * options.rounds
    found = []
    for step in ("store", "night", "derive all", "fill all", *rounds, "forget", "fill anew", "compare"):
        given = ["--step", step, "--workspace", slug, "--events", str(options.events), "--late", str(options.late)]
        command = [sys.executable, "-m", "bench.incremental", *given, "--rounds", str(options.rounds)]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        found.append(Taken(**json.loads(told.splitlines()[-1])))
        print(
            f"{step}: {found[-1].wall_s:.1f} s, {found[-1].cpu_s:.1f} CPU s, {found[-1].peak_mib:.0f} MiB", flush=True
        )
    return found


def report(found: list[Taken]) -> None:
    """Print the shares of a full run."""

    def median(step: str) -> float:
        return statistics.median(taken.cpu_s for taken in found if taken.step == step)

    for what in ("derive", "fill"):
        late, full = median(f"{what} late"), median(f"{what} all")
        print(f"{what}: {late:.2f} of {full:.2f} CPU s, {late / full:.1%}")
    late, full = (median(f"derive {which}") + median(f"fill {which}") for which in ("late", "all"))
    print(f"together: {late:.2f} of {full:.2f} CPU s, {late / full:.1%}")


def main() -> None:
    """Set up, run the steps, end all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--late", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--step", help="one step in this process; used for the others")
    parser.add_argument("--workspace", default="")
    options = parser.parse_args()
    if options.step:
        run_step(options)
        return
    with tempfile.TemporaryDirectory(prefix="measureplan-incremental-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster, made = prepare(folder)
        try:
            load = os.getloadavg()[0]
            print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}")
            print(f"$ python -m bench.incremental --events {options.events} --late {options.late}", flush=True)
            report(steps(options, made["workspace"]))
        finally:
            embedded.stop(cluster)


if __name__ == "__main__":
    main()

"""A robot: one person of very many touches and conversions, through the command and through the lake.

    python -m bench.heavy                 # robots of 25,000 to 200,000 touches
    python -m bench.heavy 50_000 100_000  # other sizes

A robot has a conversion and a refund to every forty touches, over 28 days, so that all pairs of touches and
conversions grow by four where the robot doubles. `command` is `measureplan attribute` with its cap of a
conversion's touches, `all pairs` the same with the cap lifted; `derive` and `fill` are the sessions, touches, paths
and days of the same robot in a lake of its own, for a goal that counts every conversion. Each step is a process.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import django
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.ingest import prepare
from measureplan import embedded

SIZES = [25_000, 50_000, 100_000, 200_000]
TOUCHES_A_SALE, DAYS = 40, 28
BEGAN, NOW = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
CHANNELS = np.array(["email", "sms", "display", "affiliates"], dtype=object)


def robot(touches: int) -> pa.Table:
    """Make a robot's events, by time: visits by campaign, purchases, and a refund of each."""
    sales = touches // TOUCHES_A_SALE
    kind = np.repeat([0, 1, 2], [touches, sales, sales])
    number = np.concatenate([np.arange(touches), np.arange(sales), np.arange(sales)])
    share = (number + 1) / np.array([touches, sales, sales])[kind]
    time_us = int(BEGAN.timestamp()) * 1_000_000 + (share * DAYS * 86_400_000_000).astype(np.int64)
    table = pa.table(
        {
            "time": pa.array(time_us, pa.timestamp("us", "UTC")),
            "visitor_id": np.full(len(kind), "robot", dtype=object),
            "event_id": [f"{'vpr'[k]}{n}" for k, n in zip(kind.tolist(), number.tolist(), strict=True)],
            "name": np.array(["ad_click", "purchase", "refund"], dtype=object)[kind],
            "channel": pa.array(CHANNELS[number % len(CHANNELS)], mask=kind > 0),
            "value": pa.array(np.array(["", "12.50", "1.50"], dtype=object)[kind], mask=kind == 0),
            "currency": pa.array(np.full(len(kind), "EUR", dtype=object), mask=kind == 0),
            "transaction_id": pa.array([f"t{n}" for n in number.tolist()], mask=kind == 0),
        }
    )
    return table.sort_by("time")


def store(workspace_id: int, touches: int) -> None:
    """Write the robot into the lake in the place of all that is there, and note it as a drain would."""
    from tracking.lake.schema import EVENTS, Table  # noqa: PLC0415
    from tracking.lake.table import replace_days  # noqa: PLC0415
    from tracking.models import LakeState, Source  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    rows = robot(touches)
    with scope.in_workspace(workspace_id):
        source = Source.objects.get().pk
    micros = [None if not text else int(float(text) * 1e6) for text in rows["value"].to_pylist()]
    refund = [name == "refund" for name in rows["name"].to_pylist()]
    known = {name: rows[name] for name in ("time", "visitor_id", "event_id", "name", "currency", "transaction_id")}
    known |= {
        "day": rows["time"].cast(pa.date32()),
        "received_at": rows["time"],
        "source_id": pa.repeat(source, len(rows)),
        "protocol": pa.repeat("own", len(rows)),
        "refund": pa.array(refund),
        "value_micros": pa.array([-m if m and r else m for m, r in zip(micros, refund, strict=True)], pa.int64()),
        "utm_source": rows["channel"],
        "utm_medium": rows["channel"],
    }
    columns = [known.get(field.name, pa.nulls(len(rows), field.type)) for field in EVENTS]
    replace_days(workspace_id, Table.EVENTS, pa.table(columns, schema=EVENTS), since=None)
    state = {"events": len(rows), "first_day": BEGAN.date(), "last_event_at": NOW, "stored_through": NOW}
    with scope.in_workspace(workspace_id):
        LakeState.objects.update_or_create(workspace_id=workspace_id, defaults=state | {"dirty_since": BEGAN})


def plan(workspace_id: int, _: int) -> None:
    """Make a goal of all purchases."""
    from goals.models import Goal, MappingRule, Plan  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    with scope.in_workspace(workspace_id):
        made = Plan.objects.create(
            workspace_id=workspace_id, slug="q4", name="Q4", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31)
        )
        goal = Goal.objects.create(
            workspace_id=workspace_id, plan=made, name="Sale", slug="sale", level="macro", changed_at=NOW
        )
        conditions = [{"field": "name", "operator": "is", "value": "purchase"}]
        MappingRule.objects.create(workspace_id=workspace_id, goal=goal, conditions=conditions)


def derive(workspace_id: int, _: int) -> None:
    """Derive sessions and touches."""
    from tracking import derive as derivation  # noqa: PLC0415

    derivation.derive(workspace_id, NOW)


def fill(workspace_id: int, _: int) -> None:
    """Fill the goal."""
    from reports import filling  # noqa: PLC0415

    assert filling.fill(workspace_id, now=NOW + timedelta(minutes=1)) == 1, "nothing was filled"


STEPS = {"plan": plan, "store": store, "derive": derive, "fill": fill}


def run_step(step: str, slug: str, touches: int) -> None:
    """Do one step in this process."""
    django.setup()
    from workspaces.models import Workspace  # noqa: PLC0415

    STEPS[step](Workspace.objects.get(slug=slug).pk, touches)


def cost_of(command: list[str]) -> str:
    """Run a process to its end; give its CPU seconds and the most memory it took."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, command
    cpu, wall = usage.ru_utime + usage.ru_stime, time.perf_counter() - started
    return f"{cpu:6.1f} CPU s ({wall:5.1f} s), {usage.ru_maxrss / 1024:5.0f} MB"


def measure(touches: int, folder: Path, workspace: str) -> None:
    """Print a robot's row."""
    path = folder / f"{touches}.parquet"
    pq.write_table(robot(touches), path)
    command = [sys.executable, "-m", "measureplan", "attribute", str(path), "--goal", "purchase", "--model", "linear"]
    steps = {"command": command, "all pairs": [*command, "--most-touches", "0"]}
    lake = [sys.executable, "-m", "bench.heavy", "--workspace", workspace, str(touches), "--step"]
    subprocess.run([*lake, "store"], check=True)
    steps |= {"derive": [*lake, "derive"], "fill": [*lake, "fill"]}
    for step, arguments in steps.items():
        print(f"| {touches:>9,} | {touches // TOUCHES_A_SALE:>6,} | {step:<9} | {cost_of(arguments)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("touches", nargs="*", type=int, default=SIZES)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--workspace", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        run_step(options.step, options.workspace, options.touches[0])
        return
    with tempfile.TemporaryDirectory(prefix="measureplan-heavy-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster, made = prepare(folder)
        try:
            print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, ", end="")
            print(f"Python {platform.python_version()}")
            print("|   touches |  sales | step      | cost")
            first = [sys.executable, "-m", "bench.heavy", "--workspace", made["workspace"], "0", "--step", "plan"]
            subprocess.run(first, check=True)
            for touches in options.touches:
                measure(touches, folder, made["workspace"])
        finally:
            embedded.stop(cluster)


if __name__ == "__main__":
    main()

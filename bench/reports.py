"""Goal page, overview and API at a million events, through HTTP and signed in; and what filling them takes.

    python -m bench.reports [--scale 5] [--rounds 12] [--port 21410]

Makes the demo shop's events (a scale of 5 gives about a million in 180 days), writes them straight into the lake of
a workspace of its own in a temporary folder, derives, fills, and starts database and gunicorn on the loopback with the
web server's settings of `measureplan up`. One reader asks one page after the other; the rounds interleave the pages,
so that a machine that slows down slows all. Everything that was started is ended by its process id.
"""

import argparse
import os
import platform
import resource
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from bench.ingest import rss_mib
from bench.reader import Reader, reading
from measureplan.demo.generate import shop
from measureplan.demo.plan import GOALS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MORE_KPIS = 50
PAGES = {
    "overview, 50 KPIs": "/w/{ws}/",
    "goals list": "/w/{ws}/goals/",
    "goal page, plan period": "/w/{ws}/goals/purchase/",
    "goal page, linear, 28 days": "/w/{ws}/goals/purchase/?period=28d&model=linear",
    "goal page, 180 days, by campaign": "/w/{ws}/goals/purchase/?from={since}&to={until}&by=campaign&click=90",
    "goal page of 20,000 conversions": "/w/{ws}/goals/article-read/?from={since}&to={until}&model=time_decay",
    "insights, plan period": "/w/{ws}/insights/",
    "insights, 180 days, split by device": "/w/{ws}/insights/?from={since}&to={until}&split=device",
    "breakdown as CSV": "/w/{ws}/goals/purchase/breakdown.csv",
}


def fill_lake(slug: str, scale: float, *, now: datetime) -> list[str]:
    """Make the shop, its plan and its figures in this process; give what each step took in words."""
    from reports import filling  # noqa: PLC0415  # Django is set up by now
    from tracking.derive import derive  # noqa: PLC0415
    from workspaces.models import Workspace  # noqa: PLC0415

    workspace = Workspace.objects.get(slug=slug)
    make_plan(workspace, now=now)
    events = store(workspace, scale, now=now)
    words = [f"events in the lake: {events:,}"]
    words.append(timed("derive sessions and touches", lambda: derive(workspace.pk, now)))
    words.append(timed(f"fill {len(GOALS)} goals, all days", lambda: filling.fill(workspace.pk, now=now)))
    dirty(workspace, since=now - timedelta(hours=1))
    derive(workspace.pk, now)
    words.append(timed(f"fill {len(GOALS)} goals, the last day", lambda: filling.fill(workspace.pk, now=now)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    words.append(f"peak memory of this process, making the events included: {peak:.0f} MiB")
    return words


def timed(name: str, act: object) -> str:
    """Run it, and say how long it took."""
    started, cpu = time.perf_counter(), time.process_time()
    act()  # type: ignore[operator]
    return f"{name}: {time.perf_counter() - started:.1f} s, {time.process_time() - cpu:.1f} CPU s"


def store(workspace: object, scale: float, *, now: datetime) -> int:
    """Write the shop's events straight into the lake."""
    from tracking.lake.schema import EVENTS  # noqa: PLC0415
    from tracking.lake.table import replace_days  # noqa: PLC0415
    from tracking.models import LakeState, Source  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    events = shop(until=now.date(), now=now, scale=scale).events
    with scope.in_workspace(workspace.pk):  # type: ignore[attr-defined]
        source = Source.objects.filter(workspace=workspace).first()
        ids = pa.array([source.pk] * events.num_rows, pa.int64())
        place = events.schema.get_field_index("source_id")
        rows = events.set_column(place, "source_id", ids).select(EVENTS.names).cast(EVENTS)
        replace_days(workspace.pk, "events", rows, since=None)  # type: ignore[attr-defined]
        known = {
            "events": rows.num_rows, "first_day": pc.min(rows["day"]).as_py(),
            "last_event_at": pc.max(rows["time"]).as_py(), "stored_through": now, "dirty_since": EPOCH,
        }  # fmt: skip
        LakeState.objects.update_or_create(workspace=workspace, defaults=known)
    return rows.num_rows


def dirty(workspace: object, *, since: datetime) -> None:
    """Mark the last hour as new, as a drain would."""
    from tracking.models import LakeState  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    with scope.in_workspace(workspace.pk):  # type: ignore[attr-defined]
        LakeState.objects.update(dirty_since=since)


def make_plan(workspace: object, *, now: datetime) -> None:
    """Make the demo's goals, and fifty KPIs on them."""
    from goals.models import Goal, Kpi, MappingRule, Plan, Target  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    begins, ends = now.date() - timedelta(days=50), now.date() + timedelta(days=40)
    with scope.in_workspace(workspace.pk):  # type: ignore[attr-defined]
        plan = Plan.objects.create(workspace=workspace, name="Plan", slug="plan", starts_on=begins, ends_on=ends)
        goals = []
        for each in GOALS:
            known = {"level": each.level, "counting": each.counting, "value_rule": each.value, "changed_at": now}
            slug = each.key.replace("_", "-")
            goal = Goal.objects.create(workspace=workspace, plan=plan, name=each.name, slug=slug, **known)
            for rule in each.rules:
                conditions = [condition_of(test.field, test.operator, str(test.value)) for test in rule]
                MappingRule.objects.create(workspace=workspace, goal=goal, conditions=conditions)
            goals.append(goal)
        for n in range(MORE_KPIS):
            measure = ("count", "rate")[n % 2]
            kpi = Kpi.objects.create(
                workspace=workspace, goal=goals[n % len(goals)], name=f"KPI {n}", slug=f"kpi-{n}", measure=measure,
                per="visitors" if measure == "rate" else "",
            )  # fmt: skip
            value = 2_000 if measure == "count" else 0.05
            Target.objects.create(workspace=workspace, kpi=kpi, value=value, starts_on=begins, ends_on=ends)


def condition_of(field: str, operator: str, value: str) -> dict[str, str]:
    """Give a demo condition as a mapping rule has it."""
    if field.startswith("properties."):
        return {"field": "property", "key": field.removeprefix("properties."), "operator": operator, "value": value}
    return {"field": field, "operator": operator, "value": value}


def read_pages(reader: Reader, slug: str, *, rounds: int, now: datetime) -> dict[str, list[float]]:
    """Ask for every page once per round; give the milliseconds."""
    since = (now - timedelta(days=179)).date()
    took: dict[str, list[float]] = {name: [] for name in PAGES}
    for _ in range(rounds):
        for name, pattern in PAGES.items():
            started = time.perf_counter()
            status, page = reader.get(pattern.format(ws=slug, since=since, until=now.date()))
            took[name].append((time.perf_counter() - started) * 1_000)
            assert status == 200, page[-2000:]
    return took


def main() -> None:
    """Set up, ask, print medians, end all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--scale", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--port", type=int, default=21410)
    options = parser.parse_args()
    now = datetime.now(UTC)
    with reading(options.port, lambda slug: fill_lake(slug, options.scale, now=now)) as (reader, words):
        took = read_pages(reader, reader.workspace, rounds=options.rounds, now=now)
        memory = max(map(rss_mib, reader.workers))
    report(words, took, memory, options)


def report(words: list[str], took: dict[str, list[float]], memory: float, options: argparse.Namespace) -> None:
    """Print machine, command and medians."""
    load = f"load {os.getloadavg()[0]:.1f}"
    print(f"{platform.machine()}, {os.cpu_count()} cores, {load}, Python {platform.python_version()}")
    print(f"python -m bench.reports --scale {options.scale} --rounds {options.rounds}")
    print("\n".join(words))
    for name, times in took.items():
        ordered = sorted(times)
        print(
            f"{name:34} median {statistics.median(ordered):6.0f} ms   slowest {ordered[-1]:6.0f} ms   "
            f"first {times[0]:6.0f} ms"
        )
    print(f"memory of the largest web worker: {memory:.0f} MiB")


if __name__ == "__main__":
    sys.exit(main())

"""Every report of the demo shop, through HTTP and signed in; of figures only what the web server keeps is kept.

    python -m bench.reports [--events 5_000_000] [--days 60] [--rounds 9] [--port 21410] [--folder KEPT]

Makes the demo shop's events, writes them straight into the lake of a workspace of its own in a temporary folder with
twelve goals and fifty KPIs, derives, fills, fills again after an hour's events, and starts database and gunicorn on the
loopback with the web server's settings of `measureplan up`. One reader asks one page after the other; the rounds
interleave the pages, so that a machine that slows down slows all. Wall time is the reader's, CPU time that of the web's
workers; database and sender have the rest of the two cores. Everything that was started is ended by its process id.
"""

import argparse
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from bench import shop_lake
from bench.ingest import rss_mib
from bench.reader import measure, reading, told

WAY = ("event view_item", "event add_to_cart", "event begin_checkout", "event purchase")
STEPS = {f"step{n}": step for n, step in enumerate(WAY, 1)}
# What is asked of the report at the path, beside the days.
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "overview, 50 KPIs": ("", {}),
    "goals list": ("goals/", {}),
    "goal": ("goals/purchase/", {}),
    "goal, linear, by campaign": ("goals/purchase/", {"model": "linear", "by": "campaign", "click": "90"}),
    "goal of most conversions": ("goals/article-read/", {"model": "time_decay"}),
    "goal as CSV": ("goals/purchase/breakdown.csv", {}),
    "attribution, six models": ("attribution/", {"models": "last,first,linear,position,time_decay,last_priority"}),
    "insights": ("insights/", {}),
    "insights, split by device": ("insights/", {"split": "device"}),
    "funnel of 4 steps": ("funnels/", STEPS),
    "paths of 5 steps": ("paths/", {"steps": "5"}),
    "explore by channel": ("explore/", {"by": "channel"}),
    "explore by page": ("explore/", {"by": "page"}),
}


def fill_lake(slug: str, events: int, days: int, *, now: datetime) -> list[str]:
    """Make the shop, its plan and its figures in this process; give what each step took in words."""
    from reports import filling  # noqa: PLC0415  # Django is set up by now
    from tracking.derive import derive  # noqa: PLC0415
    from workspaces.models import Workspace  # noqa: PLC0415

    workspace = Workspace.objects.get(slug=slug)
    shop_lake.make_plan(workspace, now=now)
    stored = shop_lake.store(workspace.pk, events, until=now.date(), now=now, days=days)
    shop_lake.put_together(workspace.pk)
    words = [f"events in the lake: {stored:,}"]
    words.append(_timed("derive sessions and touches", lambda: derive(workspace.pk, now)))
    words.append(_timed("fill all goals, all days", lambda: filling.fill(workspace.pk, now=now)))
    _dirty(workspace.pk, since=now - timedelta(hours=1))
    derive(workspace.pk, now)
    words.append(_timed("fill all goals, the last day", lambda: filling.fill(workspace.pk, now=now)))
    unfilled = filling.stale(workspace.pk, now=now + timedelta(days=1))  # one that failed is taken up again by then
    assert unfilled is None, f"not filled: {', '.join(goal.name for goal, _, _ in unfilled.goals)}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    words.append(f"peak memory of this process, making the events included: {peak:.0f} MiB")
    return words


def _timed(name: str, act: Callable[[], object]) -> str:
    started, cpu = time.perf_counter(), time.process_time()
    act()
    return f"{name}: {time.perf_counter() - started:.1f} s, {time.process_time() - cpu:.1f} CPU s"


def _dirty(workspace_id: int, *, since: datetime) -> None:
    """Mark the last hour as new, as a drain would."""
    from tracking.models import LakeState  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    with scope.in_workspace(workspace_id):
        LakeState.objects.update(dirty_since=since)


def addresses(slug: str, days: int, now: datetime) -> dict[str, str]:
    """Give the address of each page, over all days but today's where a page has days."""
    since, last = now.date() - timedelta(days=days), now.date() - timedelta(days=1)
    asked = {"period": "custom", "from": str(since), "to": str(last)}
    return {name: f"/w/{slug}/{path}?{urlencode(asked | more)}" for name, (path, more) in PAGES.items()}


def main() -> None:
    """Set up, ask, print medians, end all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--port", type=int, default=21410)
    parser.add_argument("--folder", type=Path, help="stays, and is read as it is the next time on the same day")
    options = parser.parse_args()
    now = datetime.now(UTC)

    def fill(slug: str) -> list[str]:
        return fill_lake(slug, options.events, options.days, now=now)

    with reading(options.port, fill, options.folder) as (reader, words):
        load = f"load {os.getloadavg()[0]:.1f}"
        print(f"{platform.machine()}, {os.cpu_count()} cores, {load}, Python {platform.python_version()}")
        print(f"python -m bench.reports --events {options.events} --days {options.days} --rounds {options.rounds}")
        print("\n".join(words or ["filled before"]), flush=True)
        took = measure(reader, addresses(reader.workspace, options.days, now), rounds=options.rounds)
        memory = max(map(rss_mib, reader.workers))
    print("\n".join(told(took)))
    print(f"memory of the largest web worker: {memory:.0f} MiB")


if __name__ == "__main__":
    sys.exit(main())

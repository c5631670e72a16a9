"""The event catalogue at five million events: what counting adds to a drain, and how fast the pages are.

    python -m bench.catalogue [--events 5000000] [--names 400] [--rounds 12]

Counts made-up events of 90 days, three sources and many names batch by batch, as the drain does, in a database of its
own in a temporary folder; a tenth of them have agreed properties, which are judged one by one. Then asks for the pages
in this process, through all of the middleware. The lake is not needed: no page reads it.
"""

import argparse
import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from bench.pages import fresh_workspace, signed_in, timed

BATCH = 50_000  # events that one drain takes at most
DAYS = 90
SOURCES = 3


def main() -> None:
    """Set up, count, ask, print, end all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--names", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=12)
    options = parser.parse_args()
    with fresh_workspace("catalogue", **vars(options)) as workspace:
        measure(workspace, options)


def measure(workspace: Any, options: argparse.Namespace) -> None:  # a Workspace
    """Count the events, ask for each page, print what it took."""
    from workspaces.scope import in_workspace  # noqa: PLC0415  # Django is set up by now

    now, slug = datetime.now(UTC), workspace.slug
    with in_workspace(workspace.pk):
        sources = [workspace.sources.create(name=f"Site {n}", slug=f"site-{n}").pk for n in range(SOURCES)]
    count(workspace, sources, options, now)
    client = signed_in(workspace)
    for name, path in {
        "the catalogue": f"/w/{slug}/catalogue/",
        "one state of it": f"/w/{slug}/catalogue/?state=violating",
        "one event": f"/w/{slug}/catalogue/event/?name=event_0",
        "a source's health": f"/w/{slug}/sources/site-0/health/",
    }.items():
        print(timed(name, lambda path=path: client.get(path), options.rounds))  # type: ignore[misc]


def count(workspace: Any, sources: list[int], options: argparse.Namespace, now: datetime) -> None:
    """Count the events batch by batch; print the CPU time of this process for a batch of each kind."""
    from tracking.agreed import plan_of  # noqa: PLC0415
    from tracking.agreeing import Wanted, agree  # noqa: PLC0415
    from tracking.planned import Property  # noqa: PLC0415
    from tracking.tallies import kept_names, tally_of, write  # noqa: PLC0415
    from workspaces.scope import in_workspace  # noqa: PLC0415

    agreed = (Property("tier", frozenset({"text"}), is_required=True), Property("seats", frozenset({"integer"})))
    taken = []
    with in_workspace(workspace.pk):
        agree(workspace.pk, [Wanted(f"event_{n}", agreed) for n in range(options.names // 10)], now=now)
    for seed in range(options.events // BATCH):
        rows = events(np.random.default_rng(seed), sources, options.names, now)
        started = time.process_time()
        with in_workspace(workspace.pk):
            plan = plan_of(workspace.pk)
            tally = tally_of(rows, plan)
            write(workspace.pk, tally.folded(kept_names(workspace.pk, tally.names(), plan)), now=now)
        taken.append(time.process_time() - started)
    print(f"counting a batch of {BATCH:,}: {statistics.median(taken):.2f} CPU s (median of {len(taken)})")


def events(random: np.random.Generator, sources: list[int], names: int, now: datetime) -> pa.Table:
    """Make a batch of one hour's late and timely events."""
    from tracking.lake.schema import EVENTS  # noqa: PLC0415

    hour = now - timedelta(hours=float(random.integers(0, 24 * DAYS)))
    times = (int(hour.timestamp()) + random.integers(0, 3_600, BATCH)) * 1_000_000
    columns: dict[str, Any] = {
        "source_id": random.choice(sources, BATCH),
        "name": pa.array([f"event_{n}" for n in np.minimum(random.zipf(1.3, BATCH) - 1, names - 1)]),
        "time": pa.array(times).cast(pa.timestamp("us", tz="UTC")),
        "received_at": pa.array(times + 2_000_000).cast(pa.timestamp("us", tz="UTC")),
        "day": pa.array(times // 86_400_000_000, pa.int32()).cast(pa.date32()),
        "consent": pa.array(random.choice(['{"analytics":true}', None], BATCH).tolist(), pa.string()),
        "properties": pa.array(['{"tier":"gold","seats":2,"size":"XL"}'] * BATCH),
    }
    filled = [
        pa.array(columns[field.name]).cast(field.type) if field.name in columns else pa.nulls(BATCH, field.type)
        for field in EVENTS
    ]
    return pa.table(filled, names=EVENTS.names)


if __name__ == "__main__":
    main()

"""What it takes to forget a person: the look-up, the removal with its recount, the figures, the bytes of old files.

    python -m bench.erasure [--events 1000000] [--folder DIR]

Makes the demo shop's events of 90 days as `bench.backtest` does, fills the demo's goals, and erases the busiest person
and then one of the first day, for whom every day is computed again. Beside it: what the hashes of the erased cost a
drain.
"""

import argparse
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.backtest import made

BUSIEST = "select visitor_id from events group by visitor_id order by count(*) desc, 1 limit 1"
FIRST = "select visitor_id from events where day = (select min(day) from events) order by time limit 1"
SIFTED = 50_000  # events, about a batch of the drain


def erase(workspace: Any, name: str, *, kind: str) -> None:  # a Workspace
    """Erase one visitor and print what each step took."""
    from reports import forgetting  # noqa: PLC0415  # Django is set up by now
    from tracking.rights import erasing  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    clock, cpu = [time.perf_counter()], time.process_time()
    with scope.in_workspace(workspace.pk):
        row = erasing.order(workspace, named_by="visitor", name=name, by="bench", now=datetime.now(UTC))
    clock.append(time.perf_counter())
    assert erasing.erase(workspace.pk, now=datetime.now(UTC))
    clock.append(time.perf_counter())
    forgetting.forget(workspace.pk, now=datetime.now(UTC))
    clock.append(time.perf_counter())
    forgetting.forget(workspace.pk, now=datetime.now(UTC) + forgetting.GRACE)
    clock.append(time.perf_counter())
    with scope.in_workspace(workspace.pk):
        row.refresh_from_db()
    took = [f"{after - before:.1f}" for before, after in pairwise(clock)]
    waits = forgetting.GRACE.total_seconds()
    steps = "order {}, remove and derive {}, figures {}, old files {}".format(*took)
    total, cpu = clock[-1] - clock[0], time.process_time() - cpu
    print(f"{kind}: {row.removed['events']} events; s: {steps}; {total:.1f} ({cpu:.1f} CPU) and {waits:.0f} of grace")
    assert row.state == "done"


def sift(workspace: Any) -> None:  # a Workspace
    """Print what the hashes of the erased cost a batch of the drain."""
    from tests.tracking.makers import make_event  # noqa: PLC0415
    from tracking.rights import tombstones  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    now = datetime.now(UTC)
    for kind, at in (("late", now - timedelta(days=2)), ("fresh", now + timedelta(hours=1))):
        events = [
            make_event(f"{n}", at=at, visitor=f"v{n % 30_000}", user_id=f"u{n % 3_000}" if n % 5 == 0 else None)
            for n in range(SIFTED)
        ]
        with scope.in_workspace(workspace.pk):
            began = time.process_time()
            assert len(tombstones.kept_of(workspace.pk, 1, events)) == SIFTED
            took = time.process_time() - began
        print(f"sifting {SIFTED:,} {kind} events of 30,000 visitors: {took / SIFTED * 1e6:.1f} µs of CPU an event")


def main() -> None:
    """Make, erase twice, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="measureplan-erasure-") as name:
        folder = options.folder or Path(name)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        for workspaces in made(folder, [options.events]):
            from reports import filling  # noqa: PLC0415
            from tracking.lake.query import query  # noqa: PLC0415

            workspace = workspaces[options.events]
            filling.fill(workspace.pk, now=datetime.now(UTC))
            for kind, sql in (("the busiest", BUSIEST), ("of the first day", FIRST)):
                erase(workspace, query(workspace.pk, sql).column(0)[0].as_py(), kind=kind)
            sift(workspace)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    print(f"peak {peak:.0f} MB, with what made the events")


if __name__ == "__main__":
    main()

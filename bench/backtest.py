"""What a proposal's backtest takes: figures, overlap with macro goals and the duplicate guard over 90 days of events.

    python -m bench.backtest [--events 1000000 5000000] [--rounds 5] [--folder DIR]

Makes the demo shop's events of 90 days straight into the lake of a workspace for each size, derives sessions, makes the
demo's twelve goals, and then tries proposals as the form does while somebody types; nothing is kept between tries but
the lists of files. The rounds interleave sizes and proposals, so that a machine that slows down slows all. With
`--folder` what was made stays there and is used again: five million events take minutes to make.
"""

import argparse
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import duckdb

from bench.ingest import prepare, take_up
from bench.shop_lake import make_plan, put_together, store
from measureplan import embedded

DAYS = 90
EVENT = {"field": "name", "operator": "is"}
ARTICLES = {"field": "path", "operator": "starts_with", "value": "/artikler/"}
# Each by its name: rules, and how they are counted.
PROPOSALS: dict[str, tuple[list[list[dict[str, str]]], str]] = {
    "newsletter sign-up, once a visit": ([[EVENT | {"value": "newsletter_signup"}]], "session"),
    "newsletter sign-up, once a person": ([[EVENT | {"value": "newsletter_signup"}]], "person"),
    "any article read, once a visit": ([[EVENT | {"value": "page_view"}, ARTICLES]], "session"),
    "any product viewed, once a visit": ([[EVENT | {"value": "view_item"}]], "session"),
}
Took = dict[tuple[int, str], list[tuple[float, float]]]  # by size and proposal: seconds, CPU seconds


def made(folder: Path, sizes: list[int]) -> Iterator[dict[int, Any]]:
    """Give a workspace for each size, with the database up until the generator is closed."""
    cluster = _database(folder)
    try:
        django.setup()
        yield {events: _workspace(events) for events in sizes}
    finally:
        embedded.stop(cluster)


def _database(folder: Path) -> embedded.Cluster:
    if not (folder / "static").exists():
        return prepare(folder)[0]
    return take_up(folder)


def _workspace(events: int) -> Any:  # a Workspace
    from workspaces import scope  # noqa: PLC0415  # Django is set up by now
    from workspaces.models import Workspace  # noqa: PLC0415

    slug = f"e{events}"
    found = Workspace.objects.filter(slug=slug).first()
    if found is not None:
        return found
    workspace = Workspace.objects.create(name=slug, slug=slug)
    now = datetime.now(UTC)
    make_plan(workspace, now=now)
    began = time.perf_counter()
    _fill_lake(workspace, events, now=now)
    with scope.in_workspace(workspace.pk):
        stored = workspace.lake_states.get().events
    print(f"made {stored:,} events with their sessions in {time.perf_counter() - began:.0f} s", flush=True)
    return workspace


def _fill_lake(workspace: Any, events: int, *, now: datetime) -> None:  # a Workspace
    from tracking.derive import derive  # noqa: PLC0415
    from tracking.models import Kind, Source  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    with scope.in_workspace(workspace.pk):
        Source.objects.create(workspace=workspace, name="web", slug="web", kind=Kind.BROWSER)
    store(workspace.pk, events, until=now.date(), now=now, days=DAYS)
    put_together(workspace.pk)
    derive(workspace.pk, now)


def try_all(workspaces: dict[int, Any], *, rounds: int) -> tuple[Took, dict[tuple[int, str], Any]]:
    """Try every proposal on every size once a round; give what each took, and its last backtest."""
    from goals.conditions import parse  # noqa: PLC0415
    from goals.definition import Definition  # noqa: PLC0415
    from goals.models import Counting  # noqa: PLC0415
    from goals.trying import try_out  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    took: Took = defaultdict(list)
    found: dict[tuple[int, str], Any] = {}
    for _ in range(rounds):
        for events, workspace in workspaces.items():
            for name, (rules, counting) in PROPOSALS.items():
                definition = Definition(parse(rules), counting=Counting(counting))
                began, cpu = time.perf_counter(), time.process_time()
                with scope.in_workspace(workspace.pk):
                    trial = try_out(workspace, name, definition, member=None, now=datetime.now(UTC))
                took[events, name].append((time.perf_counter() - began, time.process_time() - cpu))
                assert trial.tested, trial.fault
                found[events, name] = trial.tested
    return took, found


def main() -> None:
    """Make, try, print medians."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000, 5_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="measureplan-backtest-") as name:
        folder = options.folder or Path(name)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        for workspaces in made(folder, options.events):
            made_peak = _peak_mib()
            took, found = try_all(workspaces, rounds=options.rounds)
            report(took, found, made_peak)


def report(took: Took, found: dict[tuple[int, str], Any], made_peak: float) -> None:
    """Print machine, command and medians."""
    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {versions}")
    for (events, name), times in took.items():
        seconds, cpu = (statistics.median(each[n] for each in times) for n in (0, 1))
        tested = found[events, name]
        print(
            f"{events:>10,} {name:36} median {seconds:5.2f} s   CPU {cpu:5.2f} s   first {times[0][0]:5.2f} s   "
            f"{tested.conversions:,} conversions, {len(tested.overlaps)} macro goals, {len(tested.shared)} compared"
        )
    peak = _peak_mib()
    print(f"peak memory {peak:.0f} MiB" + (f", of making the events {made_peak:.0f}" if made_peak == peak else ""))


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


if __name__ == "__main__":
    sys.exit(main())

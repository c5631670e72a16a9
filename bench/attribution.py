"""Attribution over 1M and 10M events: every closed-form model by channel and day, beside DuckDB.

    python -m bench.attribution                          # 1M and 10M events, five interleaved runs
    python -m bench.attribution 50_000_000 --only ours   # other sizes, some of the ways

The events are made here from a seed: 2 % conversions, persons with a heavy tail, twelve channels, a year of
days. They lie in one Parquet file sorted by person and time, as the stored touches do. `ours` reads the file
piece by piece, so that its memory does not grow with it, and gives ten models. The baselines are SQL written by
hand that reads the same file: `all` gives the same ten, which must be equal to ours to 1e-9 by model, day and
channel; `two` gives `linear` and `last` only. `command` is `measureplan attribute`, which deals the same events,
with names and texts, out to buckets and gives the same ten by channel; they must be equal too. Each run is a
process of its own, so that CPU time and peak memory are its own; runs interleave.
"""

import argparse
import contextlib
import io
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from analysis.attribution.credit import NONE, Credits, Tally
from analysis.attribution.models import weigh
from analysis.attribution.paths import paths_of
from analysis.journeys import Journeys, journeys_in_parts
from analysis.windows import Windows
from bench.attribution_events import (
    CHANNELS,
    DAYS,
    NAMED,
    Piece,
    make_events,
    make_lines,
    piece_of,
    whole_persons,
)
from bench.attribution_sql import ALL, NAMES, TWO, ask, tables
from bench.buckets import peak_mb
from measureplan.cli import main as main_of_command

WINDOWS = Windows()
AGREEMENT = 1e-9  # of conversions, and of the whole value
STEPS = ("read", "arrays", "journeys", "models")
Figures = dict[str, float]


def ours(path: Path) -> Figures:
    """Read, join, and give every model by channel and day; say where the time went."""
    totals, figures = credited(path)
    total, conversions = totals["linear"].conversions.sum(), figures["conversions"]
    assert abs(total - conversions) < AGREEMENT * conversions, (total, conversions)
    return figures


def credited(path: Path) -> tuple[dict[str, Credits], Figures]:
    """Give the table of every model, and what it took."""
    clock, totals = _Clock(), dict[str, Credits]()
    pairs = conversions = 0
    for batch in whole_persons(path):
        clock.lap("read")
        piece = piece_of(batch)
        conversions += len(piece.value)
        clock.lap("arrays")
        for part, journeys in journeys_in_parts(piece.touches, piece.conversions, WINDOWS):
            clock.lap("journeys")
            pairs += len(journeys.touch)
            for name, table in every_model(journeys, piece, part).items():
                totals[name] = totals[name] + table if name in totals else table
            clock.lap("models")
    return totals, {"pairs": pairs, "conversions": conversions, **clock.laps}


def every_model(journeys: Journeys, piece: Piece, part: slice) -> dict[str, Credits]:
    """Give the table by day and channel of every closed-form model, of some of a piece's conversions."""
    paths = paths_of(journeys, WINDOWS)
    keys = piece.channel[journeys.touch].astype(np.int64)
    tally = Tally(paths, keys=keys, n_keys=CHANNELS, value=piece.value[part], group=piece.day[part], n_groups=DAYS)
    return {name: tally.of(weigh(paths, name)) for name in NAMES}


def by_sql(query: str, path: Path) -> Figures:
    """Run SQL written by hand on the same file, on one thread as ours."""
    return {"rows": len(ask(query, path))}


def refuse_differences(path: Path) -> Figures:
    """Fail where DuckDB's ten models differ from ours."""
    found, (expected, _) = tables(ask(ALL, path)), credited(path)
    for name, table in expected.items():
        conversions, value = found[name]
        assert np.abs(conversions - table.conversions).max() < AGREEMENT, name
        assert np.abs(value - table.value).max() < AGREEMENT * table.value.sum(), name
    said = by_command(path)["models"]
    for name, table in expected.items():
        for key, channel in enumerate([*NAMED, NONE]):
            given = said[name].get(channel, {"conversions": 0.0, "value": 0.0})
            assert abs(given["conversions"] - table.conversions[:, key].sum()) < AGREEMENT * conversions.sum(), name
            assert abs(given["value"] - table.value[:, key].sum()) < AGREEMENT * table.value.sum(), name
    return {"models": len(expected)}


def by_command(path: Path) -> dict[str, Any]:
    """Run the command over the lines beside the file; give what it says, which is JSON."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        asked = ["--goal", "purchase", "--model", ",".join(NAMES), "--most-touches", "0", "--json"]
        assert main_of_command(["attribute", str(lines_beside(path)), *asked]) == 0
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def lines_beside(path: Path) -> Path:
    """Name the file that has the events of another as lines."""
    return path.with_suffix(".lines.parquet")


class _Clock:
    """Sums CPU seconds by name."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._since = time.process_time()

    def lap(self, name: str) -> None:
        now = time.process_time()
        self.laps[name] = self.laps.get(name, 0) + now - self._since
        self._since = now


RUNS: dict[str, Callable[[Path], Figures]] = {
    "ours": ours,
    "all": lambda path: by_sql(ALL, path),
    "two": lambda path: by_sql(TWO, path),
    "command": lambda path: {"conversions": by_command(path)["totals"]["conversions"]},
}
SAID = {
    "ours": "ours, 10 models",
    "all": "DuckDB, the same 10",
    "two": "DuckDB, 2 models",
    "command": "the command, 10",
}


def run_one(name: str, path: Path) -> None:
    """Run in this process and print its figures as JSON."""
    warm = pa.scalar(0)  # pyarrow loads pandas on first contact, where installed: a second that is neither's
    assert warm
    cpu = time.process_time()
    figures = RUNS[name](path)
    figures |= {"cpu": time.process_time() - cpu}
    figures["peak_mb"] = peak_mb()
    print(json.dumps(figures))


def measure(path: Path, ways: list[str], runs: int) -> dict[str, Figures]:
    """Run each way in turn, so often; give the medians."""
    found: dict[str, list[Figures]] = {name: [] for name in ways}
    for _ in range(runs):
        for name in ways:
            command = [sys.executable, "-m", "bench.attribution", "--one", name, "--file", str(path)]
            # One thread each, so that CPU times can be compared.
            limited = os.environ | {"OMP_NUM_THREADS": "1", "ARROW_IO_THREADS": "1"}
            output = subprocess.run(command, check=True, capture_output=True, text=True, env=limited)
            found[name].append(json.loads(output.stdout))
    return {
        name: {key: statistics.median(run[key] for run in measured) for key in measured[0]}
        for name, measured in found.items()
    }


def show(events: int, medians: dict[str, Figures]) -> None:
    """Print the medians, and what ours is of the others."""
    for name, found in medians.items():
        cpu, peak = found["cpu"], found["peak_mb"]
        parts = ", ".join(f"{step} {found[step]:.2f}" for step in STEPS if step in found)
        said = f"| {events:>10,} | {SAID[name]:<19} | {cpu:6.2f} | {cpu / events * 1e6:6.3f} | {peak:6,.0f} | {parts}"
        print(said, flush=True)
    if "ours" in medians:
        mine = medians["ours"]
        others = [name for name in ("all", "two") if name in medians]
        ratios = [f"{mine['cpu'] / medians[name]['cpu']:.2f} of {SAID[name]}" for name in others]
        print(f"  {mine['pairs']:,.0f} touches before {mine['conversions']:,.0f} conversions", end="")
        print(f"; CPU is {', '.join(ratios)}" if ratios else "", f"; load {os.getloadavg()[0]:.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("events", nargs="*", type=int, default=[1_000_000, 10_000_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=RUNS, action="append", help="a way; again for another; all without it")
    parser.add_argument("--one", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        run_one(options.one, options.file)
        return
    ways = options.only or list(RUNS)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    print(f"numpy {np.__version__}, DuckDB {duckdb.__version__}; medians of {options.runs} interleaved runs")
    print(f"command: python -m bench.attribution {' '.join(sys.argv[1:])}")
    print("|     events | by                  |  CPU s | a mill. | peak MB | CPU s by step", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for events in options.events:
            path = Path(folder) / f"{events}.parquet"
            make_events(path, events)
            if {"all", "command"} & set(ways):
                make_lines(lines_beside(path), path)
            if "all" in ways:
                refuse_differences(path)
            show(events, measure(path, ways, options.runs))
            for file in Path(folder).iterdir():
                file.unlink()


if __name__ == "__main__":
    main()

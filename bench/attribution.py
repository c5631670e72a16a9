"""Attribution over 1M and 10M events: every closed-form model by channel and day, beside DuckDB.

    python -m bench.attribution                 # 1M and 10M events, five interleaved runs
    python -m bench.attribution 1_000_000       # other sizes

The events are made here from a seed: 2 % conversions, persons with a heavy tail, twelve channels, a year of
days. They lie in one Parquet file sorted by person and time, as the stored touches do. `ours` reads the file
and gives ten models; the baseline is SQL written by hand that reads the same file and gives `linear` and
`last` only. Each run is a process of its own, so that CPU time and peak memory are its own; runs interleave.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.attribution.credit import Credits, Tally
from analysis.attribution.models import MODELS, weigh
from analysis.attribution.paths import paths_of
from analysis.journeys import Conversions, Journeys, Touches, journeys_in_parts
from analysis.windows import CLICK, ENGAGEMENT, VIEW, Windows

CHANNELS, DAYS, LIFE_DAYS = 12, 365, 60
DAY_US = 86_400_000_000
START_US = 1_704_067_200_000_000
NAMES = [name for name, model in MODELS.items() if model.is_complete]
WINDOWS = Windows()


def make_events(path: Path, events: int) -> None:
    """Write seeded events: person, time_us, kind, channel, session, value (null where no conversion)."""
    random = np.random.default_rng(7)
    persons = events // 5
    weight = random.lognormal(0, 1.5, persons)
    person = np.sort(random.choice(persons, events, p=weight / weight.sum()))
    # A person is around for some weeks, not for the whole year, so touches and conversions lie close.
    arrival = random.integers(0, (DAYS - LIFE_DAYS) * DAY_US, persons)[person]
    moment = START_US + arrival + random.integers(0, LIFE_DAYS * DAY_US, events)
    order = np.lexsort((moment, person))
    is_sale = random.random(events) < 0.02
    kind = random.choice([VIEW, ENGAGEMENT, CLICK], events, p=[0.3, 0.1, 0.6]).astype(np.int8)
    channel = random.choice(CHANNELS, events, p=_falling(CHANNELS)).astype(np.int8)
    table = pa.table(
        {
            "person": person.astype(np.int64),
            "time_us": moment[order],
            "kind": pa.array(kind, mask=is_sale),
            "channel": pa.array(channel, mask=is_sale),
            "session": np.arange(events) // 3,
            "value": pa.array(random.integers(1, 500_000_000, events), mask=~is_sale),
        }
    )
    pq.write_table(table, path, row_group_size=1_000_000)


def _falling(n: int) -> np.ndarray:
    weight = 1 / np.arange(1, n + 1)
    return weight / weight.sum()


def ours(path: Path) -> dict[str, float]:
    """Read, join, and give every model by channel and day; say where the time went."""
    clock = _Clock()
    events = pq.ParquetFile(path).read(use_threads=False)
    clock.lap("read")
    touches, conversions, keys, day, value = arrays_of(events)
    del events
    clock.lap("arrays")
    totals: dict[str, Credits] = {}
    pairs = 0
    for part, journeys in journeys_in_parts(touches, conversions, WINDOWS):
        clock.lap("journeys")
        pairs += len(journeys.touch)
        for name, table in every_model(journeys, keys, day[part], value[part]).items():
            totals[name] = totals[name] + table if name in totals else table
        clock.lap("models")
    total = totals["linear"].conversions.sum()
    assert abs(total - len(value)) < 1e-9 * len(value), (total, len(value))
    return {"pairs": pairs, "conversions": len(value), **clock.laps}


def arrays_of(
    table: pa.Table,
) -> tuple[Touches, Conversions, np.ndarray, np.ndarray, np.ndarray]:
    """Give touches, conversions, channel of each touch, and day and value of each conversion."""
    is_touch = table["kind"].is_valid()
    touch, sale = (table.filter(mask) for mask in (is_touch, pc.invert(is_touch)))
    columns = {name: touch[name].to_numpy() for name in touch.column_names if name != "value"}
    channel = columns["channel"]
    touches = Touches(
        person=columns["person"],
        time_us=columns["time_us"],
        kind=columns["kind"],
        direct=channel == 0,
        paid=channel % 2 == 1,
        session=columns["session"],
    )
    moment = sale["time_us"].to_numpy()
    conversions = Conversions(sale["person"].to_numpy(), moment, sale["session"].to_numpy())
    return touches, conversions, channel, (moment - START_US) // DAY_US, sale["value"].to_numpy()


def every_model(journeys: Journeys, keys: np.ndarray, day: np.ndarray, value: np.ndarray) -> dict[str, Credits]:
    """Give the table by day and channel of every closed-form model."""
    paths = paths_of(journeys, WINDOWS)
    codes = keys[journeys.touch].astype(np.int64)
    tally = Tally(paths, keys=codes, n_keys=CHANNELS, value=value, group=day, n_groups=DAYS)
    return {name: tally.of(weigh(paths, name)) for name in NAMES}


BASELINE = """
with touches as (select * from read_parquet('{path}') where kind is not null),
sales as (
    select row_number() over () as sale, person, time_us, value, (time_us - {start}) // {day_us} as day
    from read_parquet('{path}') where kind is null
),
eligible as (
    select s.sale, s.day, s.value, t.channel, t.time_us, t.channel = 0 as direct
    from sales s join touches t on t.person = s.person and t.time_us <= s.time_us
    and s.time_us - t.time_us <= case t.kind when 0 then {day_us} else 30 * {day_us} end
),
marked as (select *, bool_and(direct) over (partition by sale) as all_direct from eligible),
path as (
    select *, count(*) over (partition by sale) as touches,
        row_number() over (partition by sale order by time_us desc) as from_end
    from marked where not direct or all_direct
),
credited as (
    select day, channel, sum(1.0::double / touches) as linear, sum(value::double / touches) as linear_value,
        sum((from_end = 1)::int) as last, sum(case when from_end = 1 then value end)::double as last_value
    from path group by all
),
none as (select day, count(*) as n, sum(value) as value from sales anti join path using (sale) group by all)
select * from credited union all select day, null, n, value, n, value from none
"""


def baseline(path: Path) -> dict[str, float]:
    """Run SQL written by hand for linear and last on the same file, on one thread as ours."""
    clock = _Clock()
    connection = duckdb.connect(config={"threads": 1})
    rows = connection.sql(BASELINE.format(path=path, start=START_US, day_us=DAY_US)).fetchall()
    clock.lap("query")
    return {"rows": len(rows), "conversions": round(sum(row[2] for row in rows)), **clock.laps}


class _Clock:
    """Sums CPU seconds by name."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._since = time.process_time()

    def lap(self, name: str) -> None:
        now = time.process_time()
        self.laps[name] = self.laps.get(name, 0) + now - self._since
        self._since = now


RUNS: dict[str, Callable[[Path], dict[str, float]]] = {"ours": ours, "duckdb": baseline}


def run_one(name: str, path: Path) -> None:
    """Run in this process and print its figures as JSON."""
    warm = pa.scalar(0)  # pyarrow loads pandas on first contact, where installed: a second that is neither's
    assert warm
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.perf_counter(), time.process_time()
    figures = RUNS[name](path)
    figures |= {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(figures | {"idle_mb": idle / 1024}))


def measure(path: Path, runs: int) -> dict[str, list[dict[str, float]]]:
    """Run each contestant in turn, so often."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in RUNS}
    for _ in range(runs):
        for name in RUNS:
            command = [sys.executable, "-m", "bench.attribution", "--one", name, "--file", str(path)]
            # One thread each for the Arrow reader, so that CPU and wall time can be compared.
            limited = os.environ | {"OMP_NUM_THREADS": "1", "ARROW_IO_THREADS": "1"}
            output = subprocess.run(command, check=True, capture_output=True, text=True, env=limited)
            found[name].append(json.loads(output.stdout))
    return found


def show(events: int, found: dict[str, list[dict[str, float]]]) -> None:
    """Print the medians."""
    for name, runs in found.items():
        medians = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        parts = ", ".join(
            f"{key} {medians[key]:.2f}" for key in ("read", "arrays", "journeys", "models", "query") if key in medians
        )
        what = f"{len(NAMES)} models" if name == "ours" else "2 models"
        print(
            f"| {events:>10,} | {name:<6} | {what:<9} | {medians['cpu']:6.2f} | {medians['wall']:6.2f} "
            f"| {medians['peak_mb']:7,.0f} | {parts}"
        )
    pairs = found["ours"][0]["pairs"]
    print(f"  {pairs:,.0f} touches before {found['ours'][0]['conversions']:,.0f} conversions")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("events", nargs="*", type=int, default=[1_000_000, 10_000_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        run_one(options.one, options.file)
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    print(f"numpy {np.__version__}, DuckDB {duckdb.__version__}; medians of {options.runs} interleaved runs")
    print(f"command: python -m bench.attribution {' '.join(sys.argv[1:])}")
    print("|     events | by     | gives     |  CPU s | wall s | peak MB | CPU s by step")
    with tempfile.TemporaryDirectory() as folder:
        for events in options.events:
            path = Path(folder) / f"{events}.parquet"
            make_events(path, events)
            show(events, measure(path, options.runs))


if __name__ == "__main__":
    main()

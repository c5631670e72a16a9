"""The attribution page's answer at 3.5 million pairs of conversion and touch: read anew, and from what is kept.

    python -m bench.attribution_page [--pairs 3_500_000] [--rounds 5]

Writes a goal's Delta table of paths into a temporary folder: twelve months, five touches a conversion, eight channels,
two hundred campaigns. Then times, in one process:

- `goal page`: one model, each person once, and whose the conversions are; with nothing kept, and from what is kept
- `cold`: the months read to compact arrays, nothing kept before; `cold, campaign`: another dimension of the same months
- `files`: the same arrays from files of their own, which a fill could write: what a precomputed form would save
- `credits`: one model's conversions and values by channel from what is kept, under other windows each time
- `kept`: the same with what was influenced, the paid split, the places and the paths; then three models; then the
  page's whole answer, with the paths walked most and the overlap

Wall and CPU time are medians of the rounds, but for what is cold, which is measured once. The peak is the process'.
"""

import argparse
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django
import numpy as np
import pyarrow as pa

DAYS, TOUCHES, FIRST = 360, 5, date(2025, 12, 1)
DAY_US = 86_400_000_000
CHANNELS = ("direct", "email", "paid_search", "organic_search", "display", "referral", "paid_social", "ai_assistant")
WEIGHTS = (0.25, 0.12, 0.18, 0.2, 0.1, 0.05, 0.07, 0.03)
WINDOWS = (1, 7, 14, 30, 45, 60, 90)
MODELS = ("last", "first", "last_priority", "linear", "position", "time_decay")


def rows_of_day(random: np.random.Generator, number: int, conversions: int, schema: pa.Schema) -> pa.RecordBatch:
    """Give the stored rows of one day's conversions."""
    counts = np.maximum(1, random.poisson(TOUCHES, conversions))
    owner, rows = np.repeat(np.arange(conversions), counts), int(counts.sum())
    day = (FIRST - date(1970, 1, 1)).days + number
    moment = np.sort(random.integers(0, DAY_US, conversions)) + day * DAY_US
    age = random.integers(0, 60 * DAY_US, rows)
    age = age[np.lexsort((-age, owner))]
    channel = random.choice(len(CHANNELS), rows, p=WEIGHTS)
    text = {"person_id": "person", "session_id": "session", "event_id": "event"}
    given: dict[str, Any] = {
        "day": pa.array(np.full(rows, day, np.int32)).cast(pa.date32()),
        "number": owner,
        "source_id": np.ones(rows, np.int64),
        **{
            name: pa.array([f"{word}-{number}-{n:08}" for n in range(conversions)]).take(owner)
            for name, word in text.items()
        },
        "time": pa.array(moment[owner]).cast(schema.field("time").type),
        "value_micros": np.repeat(random.integers(1, 900, conversions) * 1_000_000, counts),
        "refund_micros": np.zeros(rows, np.int64),
        "currency": ["NOK"] * rows,
        "place": (np.arange(rows) - np.repeat(np.cumsum(counts) - counts, counts)).astype(np.int32),
        "touch_event_id": [f"touch-{number}-{n:08}" for n in range(rows)],
        "touch_time": pa.array(moment[owner] - age).cast(schema.field("time").type),
        "kind": random.choice([0, 1, 2], rows, p=[0.3, 0.1, 0.6]).astype(np.int8),
        "channel": pa.array(CHANNELS).take(channel),
        "source": pa.array(CHANNELS).take(channel),
        "campaign": [f"campaign-{n}" for n in random.integers(0, 200, rows)],
        "paid": np.isin(channel, [2, 4, 6]),
        "direct": channel == 0,
        "same_session": age < DAY_US // 48,
    }
    columns = [pa.array(given[name]) if name in given else pa.nulls(rows) for name in schema.names]
    return pa.table(columns, names=schema.names).cast(schema).to_batches()[0]


def make(pairs: int) -> int:
    """Write the table; give its version."""
    from reports import paths  # noqa: PLC0415  # Django is set up by now
    from tracking.lake.table import replace_days  # noqa: PLC0415

    random = np.random.default_rng(7)
    conversions = pairs // TOUCHES // DAYS

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(DAYS):
            yield rows_of_day(random, number, conversions, paths.SCHEMA)

    return replace_days(1, paths.name_of(1), pa.RecordBatchReader.from_batches(paths.SCHEMA, batches()), since=None)


def timed(name: str, act: Callable[[], Any], rounds: int = 1) -> Any:
    """Run it, print the medians, and give what came out last."""
    wall, cpu, found = [], [], None
    for _ in range(rounds):
        started, used = time.perf_counter(), time.process_time()
        found = act()
        wall.append(time.perf_counter() - started)
        cpu.append(time.process_time() - used)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    median = statistics.median
    print(f"{name:34} {median(wall) * 1_000:7.0f} ms {median(cpu) * 1_000:7.0f} ms CPU   peak {peak:4.0f} MiB")
    return found


def measure(version: int, folder: Path, rounds: int) -> None:
    """Time every way to the answer; what is cold is measured once."""
    from analysis.attribution.credit import tally  # noqa: PLC0415
    from analysis.attribution.models import weigh  # noqa: PLC0415
    from analysis.attribution.paths import paths_of  # noqa: PLC0415
    from analysis.windows import Windows  # noqa: PLC0415
    from reports import paths  # noqa: PLC0415
    from reports.attribution import blocks  # noqa: PLC0415
    from reports.attribution.crediting import credit_all  # noqa: PLC0415
    from reports.attribution.parts import names_and_parts  # noqa: PLC0415
    from reports.attribution.sequences import overlaps, ways  # noqa: PLC0415
    from reports.periods import Span  # noqa: PLC0415
    from tracking.lake.query import Pinned  # noqa: PLC0415
    from tracking.lake.table import Snapshot  # noqa: PLC0415

    stored = blocks.Stored(Snapshot(1), Pinned(paths.name_of(1), version), "NOK")
    span = Span(FIRST, FIRST + timedelta(days=DAYS))
    timed("cold", lambda: names_and_parts(stored, span, "channel"))
    timed("cold, campaign", lambda: names_and_parts(stored, span, "campaign"))
    windows = iter(Windows(1, 30, WINDOWS[n % len(WINDOWS)]) for n in range(10_000))

    def credited(*models: str) -> Any:
        names, parts = names_and_parts(stored, span, "channel")
        return credit_all(parts, models, n_keys=len(names), windows=next(windows), direct="rule")

    def page() -> None:
        found = credited("last", "first", "linear")
        ways(found.walked, found.worth, n_keys=len(CHANNELS), most=20)
        overlaps(found.walked, [0, 1, 2], n_keys=len(CHANNELS))

    def alone(model: str) -> None:
        names, parts = names_and_parts(stored, span, "channel")
        asked = next(windows)
        for part in parts:
            tally(weigh(paths_of(part.journeys, asked), model), keys=part.key, n_keys=len(names), value=part.value)

    for model in MODELS:
        timed(f"credits, {model}", lambda model=model: alone(model), rounds)  # type: ignore[misc]
    for model in MODELS:
        timed(f"kept, {model}", lambda model=model: credited(model), rounds)  # type: ignore[misc]
    timed("kept, three models", lambda: credited("last", "first", "linear"), rounds)
    timed("kept, the whole page", page, rounds)
    print(f"kept: {blocks.kept.bytes / 2**20:.0f} MiB")
    as_files(stored, span, folder)
    goal_page(stored, span)


def as_files(stored: Any, span: Any, folder: Path) -> None:
    """Write the compact arrays to files and read them back."""
    from reports.attribution import blocks  # noqa: PLC0415

    pairs = blocks.read(stored, span, "channel")
    for n, held in enumerate(pairs):
        arrays = {name: getattr(held.block, name) for name in held.block.__slots__}
        np.savez(folder / f"{n}.npz", code=held.keys.code, **arrays)
    count = len(pairs)
    timed("files", lambda: [dict(np.load(folder / f"{n}.npz")) for n in range(count)])


def goal_page(stored: Any, span: Any) -> None:
    """Answer as the goal's page does: it asks besides whose each conversion is, which is not kept."""
    from reports import asking  # noqa: PLC0415
    from reports.attribution import blocks, parts  # noqa: PLC0415
    from reports.credit import credit  # noqa: PLC0415
    from reports.question import Defaults  # noqa: PLC0415

    def act() -> None:
        held = blocks.read(stored, span, "channel")
        names, cut = parts.cut(held, span)
        credit(cut, names, asked, owner=parts.owners(stored, held, span, "visitors").code)

    params = {"from": span.since.isoformat(), "to": (span.until - timedelta(days=1)).isoformat(), "model": "linear"}
    asked = asking.read(params, Defaults("sale", span.until, span, "linear", 1, 30, 30))
    blocks.kept.forget()
    timed("goal page, nothing kept", act)
    timed("goal page, kept", act)


def main() -> None:
    """Make the table, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pairs", type=int, default=3_500_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="measureplan-attribution-") as name:
        folder = Path(name)
        os.environ.update(
            DJANGO_SETTINGS_MODULE="measureplan.settings", MP_DATA_DIR=name, MP_SECRET_KEY="b" * 60,
            DATABASE_URL="postgresql://nobody@127.0.0.1:1/none", MP_LAKE_URL=str(folder / "lake"),
        )  # fmt: skip
        django.setup()
        print(
            f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.python_version()}"
        )
        print(f"python -m bench.attribution_page --pairs {options.pairs} --rounds {options.rounds}")
        if os.fork() == 0:  # a process of its own, so that its memory is not the measured one's
            os._exit(0 if make(options.pairs) >= 0 else 1)
        _, status = os.wait()
        if status:
            sys.exit("the table could not be made")
        from reports import paths  # noqa: PLC0415
        from tracking.lake.table import open_table  # noqa: PLC0415

        table = open_table(1, paths.name_of(1))
        assert table is not None
        measure(table.version(), folder, options.rounds)


if __name__ == "__main__":
    main()

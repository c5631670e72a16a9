"""Credits of a million ready journeys, beside two libraries: closed-form models and removal effects.

    python -m bench.markov                # three interleaved runs of each
    python -m bench.markov --runs 1 --journeys 100_000

The same journeys, made from a seed: 12 channels, 4 touches on average. Of the closed-form models every journey
converts; of removal effects a fifth does, and the others are read as well. Ours has them as arrays,
ChannelAttribution as texts in a data frame, marketing-attribution-models as lists in one, as each takes them;
making those is not in the time. Ours gives all ten closed-form models, ChannelAttribution its three,
marketing-attribution-models its five. What all have in common must be equal. Peers come from PyPI into an
environment of their own, which is removed again. Each run is a process of its own, so that CPU time and peak
memory are its own.
"""

import argparse
import contextlib
import io
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
from typing import Any

import numpy as np

PEERS = ("ChannelAttribution==2.2.5", "marketing-attribution-models==2.1.1", "matplotlib", "scipy")
CHANNELS, SEED, HOUR_US = 12, 1, 3_600_000_000
NAMES = np.array([f"k{key:02}" for key in range(CHANNELS)])
THREE = ("first", "last", "linear")
AGREEMENT = 1e-6  # of the linear credit of a channel, which all three libraries give


def journeys(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give keys, offsets, and which journeys converted where not all do."""
    random = np.random.default_rng(SEED)
    lengths = np.minimum(random.geometric(0.25, n), 100)
    keys = random.integers(0, CHANNELS, lengths.sum())
    return keys, np.concatenate(([0], np.cumsum(lengths))), random.random(n) < 0.2


def hours_before(offsets: np.ndarray) -> np.ndarray:
    """Give the age of each touch in hours: a day for each that comes after it."""
    return 24 * (np.repeat(offsets[1:], np.diff(offsets)) - 1 - np.arange(offsets[-1]))


def worth(n: int) -> np.ndarray:
    """Give each journey's value."""
    return np.random.default_rng(SEED + 1).integers(1, 500, n).astype(np.float64)


def ours_closed(n: int, names: tuple[str, ...] = ()) -> tuple[float, float]:
    """Time all closed-form models of the product, or some; tell what linear gives the first channel."""
    from analysis.attribution.credit import Tally  # noqa: PLC0415 (peers run without the product)
    from analysis.attribution.models import MODELS, weigh  # noqa: PLC0415
    from analysis.attribution.paths import paths_of  # noqa: PLC0415
    from analysis.journeys import NEVER, Journeys  # noqa: PLC0415
    from analysis.windows import WIDEST  # noqa: PLC0415

    keys, offsets, _ = journeys(n)
    value, touches = worth(n), len(keys)
    off, kind = np.zeros(touches, dtype=np.bool_), np.full(touches, 2, dtype=np.int8)
    ages = hours_before(offsets) * HOUR_US
    ready = Journeys(offsets, np.arange(touches), ages, kind, off, off, off, np.full(n, NEVER))
    names = names or tuple(name for name, model in MODELS.items() if model.is_complete)
    tables: dict[str, Any] = {}
    started = time.process_time()
    for part, some in ready.parts():
        paths = paths_of(some, WIDEST)
        tally = Tally(paths, keys=keys[some.touch], n_keys=CHANNELS, value=value[part])
        for name in names:
            table = tally.of(weigh(paths, name))
            tables[name] = tables[name] + table if name in tables else table
    taken = time.process_time() - started
    return taken, float(tables["linear"].conversions[0, 0])


def ours_markov(n: int, order: int = 1) -> tuple[float, float]:
    """Time the product's removal effects."""
    from analysis.attribution.aggregated import Aggregated  # noqa: PLC0415
    from analysis.attribution.markov import markov  # noqa: PLC0415

    keys, offsets, converted = journeys(n)
    won = converted.astype(np.float64)
    started = time.process_time()
    credits_ = markov(Aggregated(keys, offsets, won, won, 1 - won, CHANNELS), order=order).conversions
    return time.process_time() - started, float(credits_[0])


def _texts(n: int, won: np.ndarray, value: np.ndarray) -> Any:
    import pandas as pd  # noqa: PLC0415

    keys, offsets, _ = journeys(n)
    names = NAMES[keys].tolist()
    texts = [" > ".join(names[a:b]) for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)]
    return pd.DataFrame({"path": texts, "won": won * 1, "value": value, "lost": 1 - won})


def _channelattribution(function: str, frame: Any, **asked: Any) -> tuple[float, Any]:
    with contextlib.redirect_stdout(io.StringIO()):
        import ChannelAttribution  # noqa: PLC0415

        started = time.process_time()
        table = getattr(ChannelAttribution, function)(frame, "path", "won", var_value="value", flg_pro=False, **asked)
    return time.process_time() - started, table.set_index("channel_name")


def channelattribution_closed(n: int) -> tuple[float, float]:
    """Time first, last and linear of ChannelAttribution."""
    taken, table = _channelattribution("heuristic_models", _texts(n, np.ones(n, dtype=np.int64), worth(n)))
    return taken, float(table.loc[NAMES[0], "linear_touch_conversions"])


def channelattribution_markov(n: int) -> tuple[float, float]:
    """Time its simulation, with its defaults."""
    won = journeys(n)[2].astype(np.int64)
    asked = {"var_null": "lost", "order": 1, "verbose": False, "seed": SEED}
    taken, table = _channelattribution("markov_model", _texts(n, won, won * 1.0), **asked)
    return taken, float(table.loc[NAMES[0], "total_conversions"])


def _lists(n: int, won: np.ndarray) -> Any:
    import polars as pl  # noqa: PLC0415

    keys, offsets, _ = journeys(n)
    of = np.repeat(np.arange(n), np.diff(offsets))
    places = pl.DataFrame({"journey_id": of, "channels": NAMES[keys], "time_till_conv": hours_before(offsets) * 1.0})
    paths = places.group_by("journey_id", maintain_order=True).all()
    # Its credits are of value, so every conversion is worth one.
    value = pl.Series("conversion_value", won * 1.0)
    return paths.with_columns(pl.Series("has_conversion", won), pl.lit(1.0).alias("weight"), value)


def mam_closed(n: int) -> tuple[float, float]:
    """Time the five closed-form models of marketing-attribution-models."""
    from mam.models import heuristics  # noqa: PLC0415

    frame = _lists(n, np.ones(n, dtype=np.bool_))
    models = [heuristics.FirstClickModel, heuristics.LastClickModel, heuristics.LinearModel]
    models += [heuristics.PositionBasedModel, heuristics.TimeDecayModel]
    started = time.process_time()
    tables = [model().get_aggregated_results(frame) for model in models]
    taken = time.process_time() - started
    linear = dict(zip(tables[2]["channels"].to_list(), tables[2]["attribution"].to_list(), strict=True))
    return taken, linear[NAMES[0]]


def mam_markov(n: int) -> tuple[float, float]:
    """Time its removal effects, which are exact as well."""
    from mam.models.markov import MarkovModel  # noqa: PLC0415

    frame = _lists(n, journeys(n)[2])
    started = time.process_time()
    MarkovModel().get_aggregated_results(frame)
    return time.process_time() - started, float("nan")


WAYS: dict[str, Callable[[int], tuple[float, float]]] = {
    "ours, all ten closed-form models": ours_closed,
    "ours, the three": lambda n: ours_closed(n, THREE),
    "ours, the five": lambda n: ours_closed(n, (*THREE, "position", "time_decay")),
    "ChannelAttribution, its three": channelattribution_closed,
    "marketing-attribution-models, its five": mam_closed,
    "ours, exact Markov": ours_markov,
    "ChannelAttribution, simulated Markov": channelattribution_markov,
    "marketing-attribution-models, exact Markov": mam_markov,
    "ours, exact Markov of order 2": lambda n: ours_markov(n, 2),
    "ours, exact Markov of order 3": lambda n: ours_markov(n, 3),
}
CLOSED = list(WAYS)[:5]


def run_one(way: str, n: int) -> None:
    """Time one way in this process, and print what it took."""
    seconds, credit = WAYS[way](n)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "credit": credit}))


def measure(runs: int, n: int) -> dict[str, list[dict[str, float]]]:
    """Install the peers and run each way in turn, so often."""
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    # One thread each, so that CPU times can be compared.
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
    environment = os.environ | threads | {"PYTHONPATH": str(Path(__file__).parents[1])}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        peer = Path(folder) / "bin" / "python"
        subprocess.run([peer, "-m", "pip", "install", "--quiet", *PEERS], check=True)
        for _ in range(runs):
            for way in WAYS:
                python = sys.executable if way.startswith("ours") else str(peer)
                command = [python, str(Path(__file__)), "--one", way, "--journeys", str(n)]
                done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
                found[way].append(json.loads(done.stdout.splitlines()[-1]))
    return found


def show(n: int, runs: int, found: dict[str, list[dict[str, float]]]) -> None:
    """Print the medians, and what they are of."""
    linear = [found[way][0]["credit"] for way in CLOSED]
    assert max(linear) - min(linear) < AGREEMENT * max(linear), linear
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}, ", end="")
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {', '.join(PEERS[:2])}")
    print(f"{n:,} journeys; medians of {runs} interleaved runs; python -m bench.markov {' '.join(sys.argv[1:])}\n")
    print("| way | CPU s | peak MB |\n|---|---:|---:|")
    for way, measured in found.items():
        seconds, peak = (statistics.median(run[figure] for run in measured) for figure in ("seconds", "peak"))
        print(f"| {way} | {seconds:.2f} | {peak:,.0f} |")


def main() -> None:
    """Read what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        run_one(asked.one, asked.journeys)
    else:
        show(asked.journeys, asked.runs, measure(asked.runs, asked.journeys))


if __name__ == "__main__":
    main()

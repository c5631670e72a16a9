"""Removal effects of a million ready journeys, beside two libraries.

    python -m bench.markov                # three interleaved runs of each
    python -m bench.markov --runs 1 --journeys 100_000

The same journeys, made from a seed: 12 channels, 4 touches on average, a fifth converts. Ours has them as
arrays, ChannelAttribution as texts in a data frame, marketing-attribution-models as lists in one, as each
takes them; making those is not in the time. Peers come from PyPI into an environment of their own, which is
removed again. Each run is a process of its own, so that CPU time and peak memory are its own.
"""

import argparse
import contextlib
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

PEERS = ("ChannelAttribution==2.2.5", "marketing-attribution-models==2.1.1", "matplotlib", "scipy")
CHANNELS, SEED = 12, 1
WAYS = ("ours 1", "ours 2", "ours 3", "channelattribution 1", "mam 1")


def journeys(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give keys, offsets and which journeys converted."""
    random = np.random.default_rng(SEED)
    lengths = np.minimum(random.geometric(0.25, n), 100)
    keys = random.integers(0, CHANNELS, lengths.sum())
    return keys, np.concatenate(([0], np.cumsum(lengths))), random.random(n) < 0.2


def ours(n: int, order: int) -> float:
    """Time the product."""
    from analysis.attribution.aggregated import Aggregated  # noqa: PLC0415 (peers run without the product)
    from analysis.attribution.markov import markov  # noqa: PLC0415

    keys, offsets, converted = journeys(n)
    won = converted.astype(np.float64)
    started = time.process_time()
    markov(Aggregated(keys, offsets, won, won, 1 - won, CHANNELS), order=order)
    return time.process_time() - started


def channelattribution(n: int, order: int) -> float:
    """Time the simulation, with its defaults."""
    with contextlib.redirect_stdout(io.StringIO()):
        import ChannelAttribution  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    keys, offsets, converted = journeys(n)
    names = np.array([f"k{key}" for key in range(CHANNELS)])[keys].tolist()
    texts = [" > ".join(names[a:b]) for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)]
    frame = pd.DataFrame({"path": texts, "won": converted * 1, "value": converted * 1.0, "lost": 1 - converted * 1})
    given = {"var_value": "value", "var_null": "lost", "order": order, "flg_pro": False, "verbose": False, "seed": SEED}
    started = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        ChannelAttribution.markov_model(frame, "path", "won", **given)
    return time.process_time() - started


def mam(n: int, _order: int) -> float:
    """Time the library that is exact, too; it knows order 1."""
    import polars as pl  # noqa: PLC0415
    from mam.models.markov import MarkovModel  # noqa: PLC0415

    keys, offsets, converted = journeys(n)
    places = pl.DataFrame({"journey_id": np.repeat(np.arange(n), np.diff(offsets)), "channels": keys})
    paths = places.with_columns(pl.col("channels").cast(pl.Utf8)).group_by("journey_id", maintain_order=True).all()
    worth = pl.Series("conversion_value", converted * 1.0)
    frame = paths.with_columns(pl.Series("has_conversion", converted), pl.lit(1.0).alias("weight"), worth)
    started = time.process_time()
    MarkovModel().get_aggregated_results(frame)
    return time.process_time() - started


def run_one(way: str, n: int) -> None:
    """Time one way in this process, and print what it took."""
    name, order = way.split()
    seconds = {"ours": ours, "channelattribution": channelattribution, "mam": mam}[name](n, int(order))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak}))


def main() -> None:
    """Install the peers, interleave the runs, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        run_one(asked.one, asked.journeys)
        return
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        peer = Path(folder) / "bin" / "python"
        subprocess.run([peer, "-m", "pip", "install", "--quiet", *PEERS], check=True)
        for _ in range(asked.runs):
            for way in WAYS:
                python = sys.executable if way.startswith("ours") else str(peer)
                command = [python, str(Path(__file__)), "--one", way, "--journeys", str(asked.journeys)]
                threads = {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[1])}
                done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | threads)
                found[way].append(json.loads(done.stdout.splitlines()[-1]))
    print(f"| {asked.journeys:,} journeys, order | CPU s | peak MB |\n|---|---:|---:|")
    for way, runs in found.items():
        seconds, peak = (statistics.median(run[figure] for run in runs) for figure in ("seconds", "peak"))
        print(f"| {way} | {seconds:.2f} | {peak:,.0f} |")


if __name__ == "__main__":
    main()

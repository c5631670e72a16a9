"""Writes the demo shop, in any size, to a file: what the other benchmarks read.

    python -m bench.generate events.parquet [--events 1000000] [--attribute] [--seed 7] [--until 2026-11-21]

Prints the events, the seconds and the most memory used. With `--attribute` the file has the columns of
`measureplan attribute`, with the planted channels.
"""

import argparse
import resource
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa

from measureplan.demo import shop_in_chunks
from measureplan.demo.generate import EVENTS_AT_SCALE_1
from measureplan.demo.writer import attribute_rows, write


def tables(*, scale: float, seed: int, until: date, attribute: bool) -> Iterator[pa.Table]:
    for part in shop_in_chunks(until=until, seed=seed, scale=scale):
        yield attribute_rows(part) if attribute else part.events


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--events", type=int, default=EVENTS_AT_SCALE_1)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--until", type=date.fromisoformat, default=date(2026, 11, 21))
    parser.add_argument("--attribute", action="store_true")
    asked = parser.parse_args()
    began = time.perf_counter()
    scale = asked.events / EVENTS_AT_SCALE_1
    count = write(tables(scale=scale, seed=asked.seed, until=asked.until, attribute=asked.attribute), asked.path)
    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:,} events in {seconds:.1f} s, {count / seconds:,.0f} a second, {memory:.0f} MB at most")


if __name__ == "__main__":
    main()

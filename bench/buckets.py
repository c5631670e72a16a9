"""What a bucket costs on a cluster: CPU time and memory of each step by lines, and of a whole run by Spark.

    python -m bench.buckets                 # buckets of 125,000 to 1,000,000 lines
    python -m bench.buckets 2_000_000       # other sizes

The lines are the demo shop's events, as `measureplan attribute` reads them, in a Delta table of files of 250,000
rows. `read`, `attached` and `credited` are the steps of a task, over all lines as one bucket, for ten models. `here` is
the command in one process; `spark` the command on `local[2]` by the clock, where PySpark is installed (`make cluster`
makes such an environment). Each is a process of its own.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
from deltalake import write_deltalake

from measureplan import attribute, attribute_buckets, attribute_cluster
from measureplan.attribute import NAMES
from measureplan.attribute_buckets import Job
from measureplan.attribute_events import NEEDED
from measureplan.attribute_lines import open_source
from measureplan.demo import shop_in_chunks
from measureplan.demo.generate import EVENTS_AT_SCALE_1
from measureplan.demo.writer import attribute_rows

SIZES = [125_000, 250_000, 500_000, 1_000_000]
FILE_ROWS = 250_000
UNTIL = date(2026, 11, 21)
ASKED = ["--goal", "purchase", "--model", ",".join(NAMES), "--json"]


def make(address: Path, lines: int) -> None:
    """Write the shop's events."""
    for part in shop_in_chunks(until=UNTIL, scale=lines / EVENTS_AT_SCALE_1):
        rows = attribute_rows(part)
        for begin in range(0, rows.num_rows, FILE_ROWS):
            write_deltalake(address, rows.slice(begin, FILE_ROWS), mode="append")


def job_of(address: str) -> Job:
    """Give the job of the command with all its defaults."""
    parser = argparse.ArgumentParser()
    attribute.add_arguments(parser)
    asked = dict(attribute.DEFAULTS) | vars(parser.parse_args([address, *ASKED]))
    source = open_source(address, needed=NEEDED, by=asked["by"])
    return attribute_cluster.job_of(source, asked)


def steps(address: str) -> None:
    """Take every step over the whole table as one bucket, and print CPU seconds and the memory so far."""
    job = job_of(address)
    idle, clock = peak_mb(), time.process_time()
    files = range(len(job.source.files))
    money = pa.concat_tables([each for file in files for each in attribute_buckets.read(job, file)])
    others = pa.concat_tables([each for file in files for each in attribute_buckets.read_others(job, file)])
    took = {"read": time.process_time() - clock}
    clock = time.process_time()
    judged = attribute_buckets.attached(job, money)
    took["attached"] = time.process_time() - clock
    lines = pa.concat_tables([others, judged])
    clock = time.process_time()
    attribute_buckets.credited(job, lines)
    took["credited"] = time.process_time() - clock
    parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in took.items())
    size = job.source.size / 1e6
    print(f"{lines.num_rows:>10,} lines, {size:.0f} MB packed: CPU s {parts}; {idle:.0f} to {peak_mb():.0f} MB")


def peak_mb() -> float:
    """Give the most memory that this process had; what getrusage says would be its parent's, where that had more."""
    line = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmHWM"))
    return int(line.split()[1]) / 1_024


def command(address: Path, *more: str) -> float:
    """Run the command; give the seconds by the clock."""
    started = time.perf_counter()
    given = [sys.executable, "-m", "measureplan", "attribute", str(address), *ASKED, *more]
    subprocess.run(given, check=True, capture_output=True, env=os.environ | {"SPARK_LOCAL_IP": "127.0.0.1"})
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("lines", nargs="*", type=int, default=SIZES)
    parser.add_argument("--steps", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.steps:
        steps(options.steps)
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, ", end="")
    print(f"Python {platform.python_version()}, pyarrow {pa.__version__}", flush=True)
    with tempfile.TemporaryDirectory(prefix="measureplan-buckets-") as folder:
        for lines in options.lines:
            address = Path(folder) / str(lines)
            make(address, lines)
            subprocess.run([sys.executable, "-m", "bench.buckets", "--steps", str(address)], check=True)
            print(f"           here:  {command(address):.1f} s", flush=True)
            if find_spec("pyspark") is not None:
                spark = command(address, "--runner", "spark", "--master", "local[2]")
                print(f"           spark: {spark:.1f} s", flush=True)


if __name__ == "__main__":
    main()

"""Twenty people read reports while a hundred events a second arrive: how long each page takes them.

    python -m bench.viewers [--viewers 20] [--think 2] [--rate 100] [--seconds 120] [--events 1_000_000] [--port 21965]

Starts `measureplan up` in a temporary folder with the demo's twelve goals, fifty KPIs and a history of the demo shop.
Each viewer is signed in, opens one page after the other by chance, reads the answer to its end and thinks for so long.
The senders are those of bench.fresh, so that workers drain, derive and fill beside the readers, on the same cores.
"""

import argparse
import os
import platform
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

from bench.fresh import SENDERS, Run, prepare_plan, send, spent
from bench.installation import Installation, running
from bench.reader import Reader

PAGES = ("", "kpis/", "goals/", "goals/purchase/", "goals/newsletter-signup/", "attribution/", "insights/", "funnels/")
PROMISED_MS = 500.0  # at the 95th percentile, of all pages
Took = dict[str, list[float]]


def view(reader: Reader, chance: random.Random, took: Took, *, think: float, until: float) -> None:
    """Open one page after the other until the time is over; note the milliseconds of each by its path."""
    time.sleep(think * chance.random())  # they do not come all at once
    while time.monotonic() < until:
        path = chance.choice(PAGES)
        started = time.monotonic()
        status, _text = reader.get(f"/w/{reader.workspace}/{path}")
        took[path if status == 200 else f"{path} answered {status}"].append((time.monotonic() - started) * 1_000)
        time.sleep(think)


def measure(installation: Installation, options: argparse.Namespace) -> tuple[Took, int]:
    """Have viewers and senders at work for so long; give what each page took, and how many events were taken."""
    made = installation.made
    readers = [Reader(installation.port, made["workspace"], 0) for _ in range(options.viewers)]
    for reader in readers:
        reader.sign_in(made["owner_email"], made["owner_password"])
    took: Took = defaultdict(list)
    run = Run(installation, time.monotonic() + options.seconds)
    threads = [
        threading.Thread(
            target=view, args=(reader, random.Random(n), took), kwargs={"think": options.think, "until": run.until},
            daemon=True,
        )
        for n, reader in enumerate(readers)
    ]  # fmt: skip
    threads += [
        threading.Thread(target=send, args=(run, n), kwargs={"rate": options.rate}, daemon=True) for n in range(SENDERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(options.seconds + 120)
    return took, run.acknowledged


def report(took: Took, events: int, cpu: dict[str, float], options: argparse.Namespace) -> int:
    """Print a line a page and one for all; give 1 where the promise is broken."""
    print(f"{events:,} events acknowledged, {events / options.seconds:.0f} a second")
    print("CPU s: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in cpu.items()))
    for path, each in sorted(took.items()):
        print(_line(f"/{path}", each))
    every = [ms for each in took.values() for ms in each]
    print(_line("all", every))
    holds = _at(every, 0.95) <= PROMISED_MS and took.keys() <= set(PAGES)
    print(f"{'holds ' if holds else 'BROKEN'}  every page there, p95 of all within {PROMISED_MS:.0f} ms")
    return 0 if holds else 1


def _line(name: str, took: list[float]) -> str:
    middle = statistics.median(took)
    return f"{name:30} {len(took):5} views  p50 {middle:6.0f} ms  p95 {_at(took, 0.95):6.0f}  slowest {max(took):6.0f}"


def _at(took: list[float], share: float) -> float:
    return sorted(took)[int(len(took) * share)]


def main() -> int:
    """Set up, measure, end all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--viewers", type=int, default=20)
    parser.add_argument("--think", type=float, default=2, help="seconds between an answer and the next page")
    parser.add_argument("--rate", type=float, default=100, help="events a second")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--events", type=int, default=1_000_000, help="of the history")
    parser.add_argument("--port", type=int, default=21965)
    options = parser.parse_args()
    load = f"load {os.getloadavg()[0]:.1f}"
    print(f"{platform.machine()}, {os.cpu_count()} cores, {load}, Python {platform.python_version()}")
    print(f"$ python -m bench.viewers --viewers {options.viewers} --events {options.events}", flush=True)
    with tempfile.TemporaryDirectory(prefix="measureplan-viewers-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with running(folder, options.port) as installation:
            prepare_plan(installation, options.events)
            before = spent(installation)
            took, events = measure(installation, options)
            used = spent(installation)
        return report(took, events, {each: used[each] - before[each] for each in used}, options)


if __name__ == "__main__":
    sys.exit(main())

"""From an event to the report that shows it, under a hundred events a second.

    python -m bench.fresh [--rate 100] [--seconds 60] [--events 0] [--port 21960]

Starts `measureplan up` in a temporary folder with the demo's twelve goals and, where events are asked for, a history of
the demo shop. Senders send page views, one a request, at the rate; every two seconds one of them is an order. A
reader asks the goal's report over the API again and again: an order is shown once the report counts it, and took from
before its request was sent until the answer that counts it was read.
"""

import argparse
import http.client
import importlib
import json
import os
import platform
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import django

from bench.ingest import cpu_seconds
from bench.installation import HOST, START_SECONDS, Installation, running, wait_for
from measureplan import embedded

SENDERS = 4
DAYS = 180  # of the history
ORDER_SECONDS = 2.0
LOOK_SECONDS = 0.2  # between an answer of the report and the next question
LAST_SECONDS = 90  # what the last order gets to be shown
PROMISED_SECONDS = 10.0  # at the 95th percentile
PROCESSES = ("web", "worker", "long", "beat", "database")


@dataclass
class Run:
    """What was sent, and when the report showed it; seconds of the monotonic clock.

    orders  when each order was sent
    shown   when the report counted so many orders for the first time
    """

    installation: Installation
    until: float
    orders: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    acknowledged: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def send(run: Run, number: int, *, rate: float) -> None:
    """Send this sender's share of the rate; the first one sends the orders as well."""
    connection = http.client.HTTPConnection(HOST, run.installation.port, timeout=30)
    due, turn, next_order = time.monotonic(), 0, time.monotonic()
    while due < run.until:
        time.sleep(max(0.0, due - time.monotonic()))
        known: dict[str, object] = {
            "event_id": f"{number}-{turn}",
            "visitor_id": f"v-{number}-{turn % 500}",
            "name": "page_view",
        }
        if number == 0 and due >= next_order:
            known |= order(f"T{turn}")
            next_order += ORDER_SECONDS
            run.orders.append(time.monotonic())
        post(connection, run.installation, known)
        with run.lock:
            run.acknowledged += 1
        turn += 1
        due += SENDERS / rate
    connection.close()


def order(transaction: str) -> dict[str, object]:
    """Give what makes an event an order."""
    return {"name": "purchase", "transaction_id": transaction, "value": 99, "currency": "NOK"}


def post(connection: http.client.HTTPConnection, installation: Installation, known: dict[str, object]) -> None:
    """Send one event and see it accepted."""
    headers = {"Content-Type": "application/json", "X-Write-Key": installation.write_key}
    body = json.dumps({**known, "url": "https://shop.example/tea"})
    connection.request("POST", "/api/v1/collect", body, headers)
    response = connection.getresponse()
    answer = response.read()
    assert response.status == 202, answer[:500]


def watch(run: Run, *, before: int) -> None:
    """Ask the report until it has shown every order."""
    deadline = run.until + LAST_SECONDS
    while time.monotonic() < deadline:
        counted = orders_shown(run.installation) - before
        run.shown.extend([time.monotonic()] * (counted - len(run.shown)))
        if time.monotonic() > run.until and len(run.shown) >= len(run.orders):
            return
        time.sleep(LOOK_SECONDS)


def orders_shown(installation: Installation) -> int:
    """Give how many orders the report counts today."""
    connection = http.client.HTTPConnection(HOST, installation.port, timeout=60)
    path = "/api/v1/reports/goals/purchase"
    connection.request("GET", path, headers={"Authorization": f"Bearer {installation.made['api_token']}"})
    response = connection.getresponse()
    found = json.loads(response.read())
    connection.close()
    assert response.status == 200, found
    return int(found["totals"]["conversions"])


def prepare_plan(installation: Installation, events: int) -> None:
    """Make the goals, and where it is asked for a history with its figures, in this process."""
    os.environ |= {
        "MP_DATA_DIR": str(installation.folder),
        "DATABASE_URL": embedded.start(embedded.cluster_in(installation.folder)),
        "DJANGO_SETTINGS_MODULE": "measureplan.settings",
        "MP_LOG_LEVEL": "WARNING",
    }
    django.setup()
    reports = importlib.import_module("bench.reports")
    workspace = importlib.import_module("workspaces.models").Workspace.objects.get(slug=installation.made["workspace"])
    now = datetime.now(UTC)
    if events:
        print("\n".join(reports.fill_lake(workspace.slug, events, DAYS, now=now)), flush=True)
    else:
        importlib.import_module("bench.shop_lake").make_plan(workspace, now=now)


def measure(installation: Installation, options: argparse.Namespace) -> Run:
    """Send for so long, and watch until all is shown; not before the workers have shown a first order."""
    first = {"event_id": "first", "visitor_id": "first", "name": "page_view", **order("first")}
    post(http.client.HTTPConnection(HOST, installation.port, timeout=30), installation, first)
    before = orders_shown(installation)
    assert wait_for(lambda: orders_shown(installation) > before, START_SECONDS), "the first order was never shown"
    before = orders_shown(installation)
    run = Run(installation, time.monotonic() + options.seconds)
    senders = [
        threading.Thread(target=send, args=(run, n), kwargs={"rate": options.rate}, daemon=True) for n in range(SENDERS)
    ]
    watcher = threading.Thread(target=watch, args=(run,), kwargs={"before": before}, daemon=True)
    for thread in (*senders, watcher):
        thread.start()
    for thread in (*senders, watcher):
        thread.join(options.seconds + LAST_SECONDS + 60)
    return run


def spent(installation: Installation) -> dict[str, float]:
    """Give the CPU seconds so far of each process with its children."""
    pids = {name: installation.run / f"{name}.pid" for name in PROCESSES}
    return {name: cpu_seconds(int(pid.read_text())) for name, pid in pids.items() if pid.exists()}


def report(run: Run, cpu: dict[str, float], options: argparse.Namespace) -> int:
    """Print the percentiles; give 1 where the promise is broken."""
    took = sorted(shown - sent for sent, shown in zip(run.orders, run.shown, strict=False))
    missing = len(run.orders) - len(run.shown)
    print(f"$ python -m bench.fresh --rate {options.rate:g} --seconds {options.seconds:g} --events {options.events}")
    print(f"{run.acknowledged:,} events acknowledged, {run.acknowledged / options.seconds:.0f} a second")
    print("CPU s: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in cpu.items()))
    p50, p95 = took[len(took) // 2], took[int(len(took) * 0.95)]
    print(f"{len(took)} orders shown, {missing} not: p50 {p50:.1f} s, p95 {p95:.1f} s, slowest {took[-1]:.1f} s")
    holds = p95 <= PROMISED_SECONDS and missing == 0
    print(f"{'holds ' if holds else 'BROKEN'}  event to report, p95 within {PROMISED_SECONDS:.0f} s")
    return 0 if holds else 1


def main() -> int:
    """Set up, measure, end all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--events", type=int, default=0)
    parser.add_argument("--port", type=int, default=21960)
    parser.add_argument("--keep-logs", help="a folder that gets the processes' logs")
    options = parser.parse_args()
    load = f"load {os.getloadavg()[0]:.1f}"
    print(f"{platform.machine()}, {os.cpu_count()} cores, {load}, Python {platform.python_version()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="measureplan-fresh-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with running(folder, options.port) as installation:
            prepare_plan(installation, options.events)
            before = spent(installation)
            run = measure(installation, options)
            used = spent(installation)
            cpu = {each: used[each] - before[each] for each in used}
        if options.keep_logs:
            (folder / "logs").rename(options.keep_logs)
        return report(run, cpu, options)


if __name__ == "__main__":
    sys.exit(main())

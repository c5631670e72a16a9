"""Events to durable acknowledgement through HTTP, singly and in batches of 500, and from the inbox into the lake.

    python -m bench.ingest [--seconds 8] [--runs 3] [--port 21200]

Starts a database and gunicorn of its own in a temporary folder on the loopback, with the web server's settings of
`measureplan up`, sends from threads of this process, and ends what it started by its process id. Every answer is
checked: 202, and as many accepted as sent. Then the same inbox is drained and derived in this process. Senders,
server and database share the machine's cores, so a rate is what the machine does, not what the server could.
"""

import argparse
import http.client
import json
import os
import platform
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import django
import psycopg

from measureplan import database, embedded

HOST = "127.0.0.1"
BATCH = 500
SINGLE_SENDERS, BATCH_SENDERS = 16, 4
WEB = ("--workers", "2", "--worker-class", "gthread", "--threads", "8", "--log-level", "warning")


@dataclass
class Load:
    """What the senders of one run did."""

    port: int
    write_key: str
    until: float
    batch: int
    run: int
    accepted: int = 0
    latencies: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def send(load: Load, sender: int) -> None:
    """Send one request after the other on one connection until the time is over."""
    connection = http.client.HTTPConnection(HOST, load.port, timeout=30)
    headers = {"Content-Type": "application/json", "X-Write-Key": load.write_key, "User-Agent": "bench"}
    address = "/api/v1/collect" if load.batch == 1 else "/api/v1/collect/batch"
    turn = 0
    while time.monotonic() < load.until:
        body = body_of(load.batch, f"{load.batch}-{load.run}-{sender}-{turn}")
        started = time.perf_counter()
        connection.request("POST", address, body, headers)
        response = connection.getresponse()
        answer = response.read()
        took = time.perf_counter() - started
        assert response.status == 202, answer[:500]
        accepted = json.loads(answer)["accepted"]
        assert accepted == load.batch, answer[:500]
        with load.lock:
            load.accepted += accepted
            load.latencies.append(took)
        turn += 1
    connection.close()


def body_of(batch: int, prefix: str) -> bytes:
    """Give a request of page views by a few hundred visitors."""
    events = [
        {
            "event_id": f"{prefix}-{n}",
            "name": "page_view",
            "visitor_id": f"v-{hash((prefix, n)) % 997}",
            "url": f"https://shop.example/products/{n % 50}?utm_source=google&utm_medium=cpc&utm_campaign=tents",
            "referrer": "https://www.google.com/",
            "properties": {"list": "spring", "position": n % 20},
        }
        for n in range(batch)
    ]
    return json.dumps({"events": events} if batch > 1 else events[0]).encode()


def measure(port: int, write_key: str, *, batch: int, run: int, seconds: float, web: int) -> dict[str, float]:
    """Let the senders run; give events a second, latencies in ms, and the web processes' CPU seconds and MiB."""
    load = Load(port, write_key, time.monotonic() + seconds, batch, run)
    before = cpu_seconds(web)
    started = time.perf_counter()
    senders = SINGLE_SENDERS if batch == 1 else BATCH_SENDERS
    threads = [threading.Thread(target=send, args=(load, sender)) for sender in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 60)
    took = time.perf_counter() - started
    latencies = sorted(load.latencies)
    return {
        "events_a_second": load.accepted / took,
        "p50_ms": latencies[len(latencies) // 2] * 1_000,
        "p95_ms": latencies[int(len(latencies) * 0.95)] * 1_000,
        "web_cpu_s_per_1000_events": (cpu_seconds(web) - before) / load.accepted * 1_000,
        "web_rss_mib": max(map(rss_mib, family(web))),
    }


def family(pid: int) -> list[int]:
    """Give the process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def cpu_seconds(pid: int) -> float:
    """Give the CPU time of the process and its children so far."""
    ticks = 0
    for each in family(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def rss_mib(pid: int) -> float:
    """Give the process's resident memory."""
    line = next(row for row in Path(f"/proc/{pid}/status").read_text().splitlines() if row.startswith("VmRSS"))
    return int(line.split()[1]) / 1_024


def drain_and_derive(workspace: str) -> list[str]:
    """Bring the inbox into the lake and derive, in this process; give what it took in words."""
    from django.utils import timezone  # noqa: PLC0415  # Django is set up by now

    from tracking.derive import derive  # noqa: PLC0415
    from tracking.lake.writer import drain  # noqa: PLC0415
    from workspaces.models import Workspace  # noqa: PLC0415

    workspace_id = Workspace.objects.get(slug=workspace).pk
    started, cpu = time.perf_counter(), time.process_time()
    done = drain(workspace_id, timezone.now())
    drained = time.perf_counter()
    rate = done.events / (drained - started)
    cpu_drain = time.process_time() - cpu
    words = [f"drain: {done.events} events in {done.batches} batches, {rate:.0f} a second, {cpu_drain:.1f} CPU s"]
    cpu = time.process_time()
    derive(workspace_id, timezone.now())
    words.append(f"derive: all of them in {time.perf_counter() - drained:.2f} s, {time.process_time() - cpu:.1f} CPU s")
    words.append(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024:.0f} MiB")
    return words


def prepare(folder: Path) -> tuple[embedded.Cluster, dict[str, str]]:
    """Start a durable database in the folder and make a workspace; give both."""
    os.environ["MP_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "measureplan.settings"
    os.environ["MP_LOG_LEVEL"] = "WARNING"
    cluster = embedded.cluster_in(folder)
    os.environ["DATABASE_URL"] = embedded.start(cluster)
    database.migrate(os.environ["DATABASE_URL"], broker="pgmq")
    (folder / "static").mkdir()
    made = subprocess.run(
        [sys.executable, "-m", "measureplan", "bootstrap", "--json"], capture_output=True, text=True, check=True
    )
    return cluster, json.loads(made.stdout)


def start_web(port: int, folder: Path) -> subprocess.Popen[bytes]:
    """Start gunicorn and wait until it answers."""
    command = [sys.executable, "-m", "gunicorn", "measureplan.wsgi:application", "--bind", f"{HOST}:{port}", *WEB]
    with (folder / "web.log").open("wb") as log:
        web = subprocess.Popen([*command, "--no-control-socket"], stdout=log, stderr=log)
    for _ in range(150):
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=2)
            connection.request("OPTIONS", "/api/v1/collect")
            if connection.getresponse().status == 204:
                return web
        except OSError:
            time.sleep(0.2)
    web.kill()
    raise RuntimeError((folder / "web.log").read_text()[-3000:])


def main() -> None:
    """Run all, print medians."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--port", type=int, default=21200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="measureplan-ingest-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster, made = prepare(folder)
        try:
            web = start_web(options.port, folder)
            try:
                found = run_all(options, made["write_key"], web.pid)
            finally:
                web.send_signal(signal.SIGTERM)
                web.wait(30)
            django.setup()
            report(found, drain_and_derive(made["workspace"]), options)
        finally:
            embedded.stop(cluster)


def run_all(options: argparse.Namespace, write_key: str, web: int) -> dict[int, list[dict[str, float]]]:
    """Interleave the runs, so that a machine that slows down slows both."""
    found: dict[int, list[dict[str, float]]] = {1: [], BATCH: []}
    for run in range(options.runs):
        for batch, results in found.items():
            results.append(measure(options.port, write_key, batch=batch, run=run, seconds=options.seconds, web=web))
    return found


def report(found: dict[int, list[dict[str, float]]], drained: list[str], options: argparse.Namespace) -> None:
    """Print the medians with machine and command."""
    print(f"$ python -m bench.ingest --seconds {options.seconds:g} --runs {options.runs}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        print(f"PostgreSQL {connection.info.server_version // 10_000}, load {os.getloadavg()[0]:.1f}")
    for batch, results in found.items():
        middle = {name: statistics.median(result[name] for result in results) for name in results[0]}
        words = (
            f"batch {batch:>3}: {middle['events_a_second']:>8.0f} events/s acknowledged",
            f"p50 {middle['p50_ms']:.1f} ms",
            f"p95 {middle['p95_ms']:.1f} ms",
            f"{middle['web_cpu_s_per_1000_events']:.3f} web CPU s per 1,000 events",
            f"largest web process {middle['web_rss_mib']:.0f} MiB",
        )
        print(", ".join(words))
    print("\n".join(drained))


if __name__ == "__main__":
    main()

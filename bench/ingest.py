"""Events to durable acknowledgement through HTTP, singly and in batches of 500, and from the inbox into the lake.

    python -m bench.ingest [--seconds 8] [--runs 3] [--port 21200]

Starts a database and gunicorn of its own in a temporary folder on the loopback, with the web server's settings
(measureplan.webserver), sends from another process (bench.cheap_sender), and ends what it started by its process id.
Every answer is checked: 202, and as many accepted as sent. Then the same inbox is drained and derived in this process.
Senders, server and database share the machine's cores, so a rate is what the machine does, not what the server could:
the CPU time of each is told apart, and beside them what a server that does nothing and bare inserts take
(bench.limits).
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
import time
from pathlib import Path
from typing import Any

import django
import psycopg

from bench.limits import bare_inserts
from measureplan import database, embedded

HOST = "127.0.0.1"
BATCH = 500
SENDERS = {1: 16, BATCH: 4}
BYTES = {1: 330, BATCH: 180_000}  # about what an inbox row holds
Figures = dict[str, float]


def measure(port: int, write_key: str, *, batch: int, run: str, seconds: float, web: int, postmaster: int) -> Figures:
    """Let the senders run; give events a second, latencies in ms, CPU microseconds an event, and the web's MiB."""
    command = [
        sys.executable,
        "-m",
        "bench.cheap_sender",
        str(port),
        write_key,
        "--batch",
        str(batch),
        "--run",
        f"{batch}.{run}",
    ]
    before = cpu_seconds(web), cpu_seconds(postmaster)
    sent = subprocess.run(
        [*command, "--senders", str(SENDERS[batch]), "--seconds", str(seconds)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if sent.returncode:
        raise RuntimeError(sent.stderr[-1_000:])
    told = json.loads(sent.stdout)
    after = cpu_seconds(web), cpu_seconds(postmaster)
    micros = 1_000_000 / told["events"]
    return {
        "events_a_second": told["events"] / told["seconds"],
        "p50_ms": told["p50_ms"],
        "p95_ms": told["p95_ms"],
        "web_us": (after[0] - before[0]) * micros,
        "database_us": (after[1] - before[1]) * micros,
        "sender_us": told["cpu_seconds"] * micros,
        "web_rss_mib": max(map(rss_mib, family(web))),
    }


def measure_limit(batch: int, *, seconds: float, postmaster: int) -> Figures:
    """Insert as many bytes as such a request leaves, and nothing else; figures an event."""
    before = cpu_seconds(postmaster)
    inserts = bare_inserts(os.environ["DATABASE_URL"], size=BYTES[batch], seconds=seconds, connections=4)
    events = inserts * batch
    return {
        "events_a_second": events / seconds,
        "database_us": (cpu_seconds(postmaster) - before) / events * 1_000_000,
    }


def family(pid: int) -> list[int]:
    """Give the process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def cpu_seconds(pid: int) -> float:
    """Give the CPU time of the process and its children so far, those that have ended included."""
    ticks = 0
    for each in family(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # a connection's process that ended meanwhile: its parent has its time
            continue
        ticks += sum(map(int, fields[11:15] if each == pid else fields[11:13]))
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
    cluster = take_up(folder)
    (folder / "static").mkdir()
    made = subprocess.run(
        [sys.executable, "-m", "measureplan", "bootstrap", "--json"], capture_output=True, text=True, check=True
    )
    return cluster, json.loads(made.stdout)


def take_up(folder: Path) -> embedded.Cluster:
    """Start the database in the folder, in this version's layout, and have this process and those it starts use it."""
    os.environ["MP_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "measureplan.settings"
    os.environ["MP_LOG_LEVEL"] = "WARNING"
    cluster = embedded.cluster_in(folder)
    os.environ["DATABASE_URL"] = embedded.start(cluster)
    database.migrate(os.environ["DATABASE_URL"], broker="pgmq")
    return cluster


def start_web(port: int, folder: Path, application: str = "measureplan.wsgi:application") -> subprocess.Popen[bytes]:
    """Start gunicorn and wait until it answers."""
    command = [sys.executable, "-m", "gunicorn", application, "--config", "python:measureplan.webserver"]
    with (folder / "web.log").open("wb") as log:
        web = subprocess.Popen([*command, "--bind", f"{HOST}:{port}", "--log-level", "warning"], stdout=log, stderr=log)
    for _ in range(150):
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=2)
            connection.request("OPTIONS", "/api/v1/collect")
            if connection.getresponse().status < 300:
                return web
        except OSError:
            time.sleep(0.2)
    web.kill()
    raise RuntimeError((folder / "web.log").read_text()[-3000:])


def stop(web: subprocess.Popen[bytes]) -> None:
    """End the web server."""
    web.send_signal(signal.SIGTERM)
    web.wait(30)


def main() -> None:
    """Run all, print medians."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--port", type=int, default=21200)
    options = parser.parse_args()
    os.environ["MP_EVENTS_PER_MINUTE"] = "1000000000"  # the allowance is not what is measured
    with tempfile.TemporaryDirectory(prefix="measureplan-ingest-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster, made = prepare(folder)
        try:
            report(run_all(options, made["write_key"], folder, embedded.server_pid(cluster) or 0), options)
            django.setup()
            print("\n".join(drain_and_derive(made["workspace"])))
        finally:
            embedded.stop(cluster)


def run_all(options: argparse.Namespace, write_key: str, folder: Path, postmaster: int) -> dict[str, list[Figures]]:
    """Interleave the runs, so that a machine that slows down slows all."""
    found: dict[str, list[Figures]] = {}
    door, empty = start_web(options.port, folder), start_web(options.port + 1, folder, "bench.limits:application")
    try:
        for run in range(-1, options.runs):  # the first is for connections and caches, and is not counted
            seconds = options.seconds if run >= 0 else 1
            for batch in SENDERS:
                asked: dict[str, Any] = {
                    "write_key": write_key,
                    "run": str(run),
                    "seconds": seconds,
                    "postmaster": postmaster,
                }
                figures = measure(options.port, batch=batch, web=door.pid, **asked)
                found.setdefault(f"the door, {batch} a request", []).append(figures)
                bare = measure_limit(batch, seconds=seconds / 2, postmaster=postmaster)
                found.setdefault(f"bare inserts of {BYTES[batch]} bytes, {batch} events each", []).append(bare)
            figures = measure(options.port + 1, batch=1, web=empty.pid, **asked)
            found.setdefault("the web server alone", []).append(figures)
    finally:
        stop(door)
        stop(empty)
    return {way: figures[1:] for way, figures in found.items()}


def report(found: dict[str, list[Figures]], options: argparse.Namespace) -> None:
    """Print the medians with machine and command."""
    print(f"$ python -m bench.ingest --seconds {options.seconds:g} --runs {options.runs}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        print(f"PostgreSQL {connection.info.server_version // 10_000}, load {os.getloadavg()[0]:.1f}")
    for way, results in found.items():
        middle = {name: statistics.median(result[name] for result in results) for name in results[0]}
        words = [f"{middle.pop('events_a_second'):>8.0f} events/s"]
        words += [f"{name} {value:.1f}" for name, value in middle.items()]
        print(f"{way}: {', '.join(words)}")


if __name__ == "__main__":
    main()

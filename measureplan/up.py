"""Starts database, web, workers and beat in one process group, and keeps them running until it is stopped."""

import contextlib
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from measureplan import assets, database, embedded, env, orphans
from measureplan.place import Place

TICK_SECONDS = 0.2
STOP_SECONDS = 15  # what a process gets to finish its work before it is killed
CANARY_SECONDS = 120  # eight canaries missed: the worker no longer hears its broker, and is started anew
LONG_CANARY_SECONDS = 3_720  # behind the longest task that there may be (measureplan.celery) the canary waits its turn
FIRST_CANARY_SECONDS = 600  # a worker needs some seconds of CPU before it hears anything: minutes on a busy machine
QUICK_EXIT_SECONDS = 3  # a process that dies sooner than this waits longer before its next start
LONGEST_WAIT_SECONDS = 10


class CannotStart(RuntimeError):
    """The installation can't run; the message says what stands in the way and what to do."""


@dataclass(slots=True)
class Child:
    """One process under supervision."""

    name: str
    command: list[str]
    log: Path
    canary_seconds: float = math.inf  # without a canary for so long it is deaf
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = 0.0  # seconds before the next start; doubles while it dies quickly
    output: IO[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        if self.output is None:
            self.output = self.log.open("ab", buffering=0)
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            preexec_fn=orphans.tied_to_this_process(),  # noqa: PLW1509  # `up` has one thread
        )

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def revive(self, say: Callable[[str], None]) -> None:
        """Start a process that ended; one that keeps ending waits longer each time."""
        if self.is_running() or self.process is None:
            return
        lived = time.monotonic() - self.started
        if lived > QUICK_EXIT_SECONDS:
            self.wait = 0.0
        elif lived < self.wait:
            return
        say(f"{self.name} ended with code {self.process.returncode} and is started again; see {self.log}")
        self.wait = min(max(1.0, self.wait * 2), LONGEST_WAIT_SECONDS) if lived <= QUICK_EXIT_SECONDS else 0.0
        self.start()


def run(where: Place, *, host: str, port: int | None, say: Callable[[str], None], filled: bool = False) -> int:
    """Run the installation until Ctrl-C or SIGTERM; give the exit code.

    filled   also fill the demo workspace, after the database is ready and before the web answers
    """
    chosen = _port(host, port)
    base_url = env.text("MP_BASE_URL", default=f"http://{host}:{chosen}")
    cluster = None if env.text("DATABASE_URL") else embedded.cluster_in(where.folder)
    _prepare_environment(where, base_url)
    try:
        _prepare(where, cluster, say)
        if filled:
            _fill_demo(say)
        children = _children(where, host, chosen)
        return _supervise(children, where=where, cluster=cluster, bound=(host, chosen), say=say)
    finally:
        if cluster is not None:
            embedded.stop(cluster)
            say("stopped")


def _prepare_environment(where: Place, base_url: str) -> None:
    shutil.rmtree(where.run, ignore_errors=True)
    for folder in (where.run / "metrics", where.logs):
        folder.mkdir(parents=True, exist_ok=True)
    where.keep_base_url(base_url)
    os.environ["MP_DATA_DIR"] = str(where.folder)
    os.environ["MP_BASE_URL"] = base_url
    os.environ["DJANGO_SETTINGS_MODULE"] = "measureplan.settings"
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(where.run / "metrics")


def _prepare(where: Place, cluster: embedded.Cluster | None, say: Callable[[str], None]) -> None:
    if cluster is not None:
        say("database" if (cluster.data / "PG_VERSION").exists() else "database, made for the first time")
        os.environ["DATABASE_URL"] = embedded.start(cluster)
    say("migrations")
    database.migrate(env.text("DATABASE_URL"), broker=env.text("CELERY_BROKER_URL", default="pgmq"))
    say("front-end bundle")
    assets.prepare(where.folder / "static")


def _fill_demo(say: Callable[[str], None]) -> None:
    """Fill the demo in a process of its own, which passes its progress lines on."""
    quiet = {"MP_LOG_LEVEL": "WARNING"}  # its progress lines say what people want to know
    done = subprocess.Popen(
        [sys.executable, "-m", "measureplan", "fill-demo"],
        stdout=subprocess.PIPE,
        text=True,
        env={**quiet, **os.environ},
        preexec_fn=orphans.tied_to_this_process(),  # noqa: PLW1509  # `up` has one thread
    )
    for line in done.stdout or ():
        say(line.rstrip())
    if done.wait():
        raise CannotStart("the demo could not be filled; the lines above say why")


def _children(where: Place, host: str, port: int) -> list[Child]:
    python, celery = sys.executable, [sys.executable, "-m", "celery", "-A", "measureplan.celery"]
    web = [
        python, "-m", "gunicorn", "measureplan.wsgi:application", "--config", "python:measureplan.webserver",
        "--bind", f"{host}:{port}", "--worker-tmp-dir", str(where.run),
    ]  # fmt: skip
    # Nobody listens to heartbeats, and the queue's script lacks what they are sent by: each was refused with an error.
    worker = [*celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    # A file of a million rows takes minutes; meanwhile events are drained and figures filled by the other worker.
    soon = [*worker, "--concurrency", "2", "--queues", "celery", "--hostname", "soon@%h"]
    long = [*worker, "--concurrency", "1", "--queues", "long", "--hostname", "long@%h"]
    beat = [*celery, "beat", "--loglevel", "INFO", "--schedule", str(where.run / "beat"), "--pidfile", ""]
    return [
        Child("web", web, where.logs / "web.log"),
        Child("worker", soon, where.logs / "worker.log", CANARY_SECONDS),
        Child("long", long, where.logs / "long.log", LONG_CANARY_SECONDS),
        Child("beat", beat, where.logs / "beat.log"),
    ]


def _supervise(
    children: list[Child],
    *,
    where: Place,
    cluster: embedded.Cluster | None,
    bound: tuple[str, int],
    say: Callable[[str], None],
) -> int:
    stopping: list[int] = []
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda number, _: stopping.append(number))
    say("web, workers and beat")
    for child in children:
        child.start()
    _write_pids(children, where, cluster)
    _wait_until_answering(children[0], *bound, stopping)
    is_said = False
    while not stopping:
        # A machine that is busy with other things takes its time: ready is what answers.
        if not is_said and _answers(*bound):
            say(f"ready at {where.base_url()}")
            is_said = True
        time.sleep(TICK_SECONDS)
        _revive_database(cluster, say)
        for child in children:
            _restart_deaf(child, where, say)
        before = [child.process for child in children]
        for child in children:
            child.revive(say)
        if [child.process for child in children] != before:
            _write_pids(children, where, cluster)
    say("stopping")
    _stop(children)
    return 0


def _write_pids(children: list[Child], where: Place, cluster: embedded.Cluster | None) -> None:
    """Leave the process ids where scripts find them."""
    for child in children:
        if child.process:
            (where.run / f"{child.name}.pid").write_text(str(child.process.pid))
    if cluster is not None:
        (where.run / "database.pid").write_text(str(embedded.server_pid(cluster) or ""))


def _revive_database(cluster: embedded.Cluster | None, say: Callable[[str], None]) -> None:
    if cluster is None or embedded.server_pid(cluster) is not None:
        return
    say(f"database ended and is started again; see {cluster.log}")
    port = urlsplit(env.text("DATABASE_URL")).port
    with contextlib.suppress(embedded.NotStarted):  # its old processes may not be gone yet: the next tick tries again
        embedded.start(cluster, port=port)


def _restart_deaf(worker: Child, where: Place, say: Callable[[str], None]) -> None:
    canary = where.run / f"{worker.name}.canary"
    heard = canary.stat().st_mtime if canary.exists() else 0.0
    lived, silent = time.monotonic() - worker.started, time.time() - heard
    if worker.process is None or not is_deaf(lived=lived, silent=silent, most=worker.canary_seconds):
        return
    if worker.is_running():
        say(f"{worker.name} no longer hears its broker and is started again")
        worker.process.kill()
        worker.process.wait()


def is_deaf(*, lived: float, silent: float, most: float) -> bool:
    """Say whether a worker has to be started anew.

    lived, silent   seconds since its start, and since the last canary, which may be of the worker before it
    most            how long one that was heard may be silent
    """
    if silent < lived:
        return silent > most
    return lived > max(most, FIRST_CANARY_SECONDS)


def _wait_until_answering(web: Child, host: str, port: int, stopping: list[int]) -> None:
    deadline = time.monotonic() + 60
    while not stopping and time.monotonic() < deadline:
        if _answers(host, port):
            return
        if not web.is_running():
            raise CannotStart(
                f"web ended at once; the end of {web.log}:\n{web.log.read_text(errors='replace')[-2000:]}"
            )
        time.sleep(TICK_SECONDS)


def _answers(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def _stop(children: list[Child]) -> None:
    for child in children:
        if child.process is not None and child.is_running():
            child.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def _port(host: str, wanted: int | None) -> int:
    """Give the wanted port, or, where none is asked for, the first free one from 8000 on."""
    for port in [wanted] if wanted else range(8000, 8100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as fault:
                if wanted:
                    raise CannotStart(
                        f"port {wanted} on {host} can't be used ({fault.strerror}); give another"
                    ) from fault
                continue
            return port
    raise CannotStart(f"no free port between 8000 and 8099 on {host}; give one with --port")

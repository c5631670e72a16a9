"""Whoever is killed takes its children along: real processes, killed with signal 9."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.ends import WAIT_SECONDS, ended, ends

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux ends a child with its parent")

# What `measureplan up` supervises, without a database: none of it is asked for anything here.
SUPERVISES = """
import sys
from pathlib import Path
from typing import Any
from measureplan import up
from measureplan.place import Place
for child in up._children(Place(Path(sys.argv[1])), "127.0.0.1", 0):
    child.start()
    print(child.process.pid, flush=True)
sys.stdin.read()
"""
FORKS_IN_A_THREAD = """
import os, sys, threading, time
from billiard.util import set_pdeathsig
from measureplan import orphans
parent = os.getpid()
tied, tie = os.pipe()
def fork():
    if child := os.fork():
        os.read(tied, 1)
        print(child, flush=True)
    else:
        set_pdeathsig(9)  # as Celery does
        orphans.end_with(parent)
        os.write(tie, b".")
        time.sleep(600)
thread = threading.Thread(target=fork)
thread.start()
thread.join()
sys.stdin.read()
"""


@contextmanager
def running(*command: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """Give a process of the interpreter; it is killed at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "CELERY_BROKER_URL": "memory://", **environment},
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def supervised(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", list[int]]]:
    """Give a process that has started web, worker and beat, and their ids."""
    for name in ("run", "logs"):
        (folder / name).mkdir()
    with running("-c", SUPERVISES, str(folder), MP_DATA_DIR=str(folder)) as supervisor:
        yield supervisor, [int(line(supervisor)) for _ in range(3)]


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def awaited(found: Callable[[], Any]) -> Any:  # whatever is found
    deadline = time.monotonic() + WAIT_SECONDS
    while not (it := found()):
        assert time.monotonic() < deadline, "what was awaited did not come"
        time.sleep(0.05)
    return it


def test_web_worker_and_beat_end_with_what_started_them(tmp_path: Path) -> None:
    with supervised(tmp_path) as (supervisor, masters):
        below = awaited(lambda: children(masters[0]))
        with ends(*masters, *below):
            supervisor.send_signal(signal.SIGKILL)


def test_the_processes_below_a_killed_web_server_end(tmp_path: Path) -> None:
    with supervised(tmp_path) as (_, (web, *_)), ends(*awaited(lambda: children(web))):
        os.kill(web, signal.SIGKILL)


def test_a_task_at_work_ends_with_its_killed_worker(tmp_path: Path) -> None:
    noted = tmp_path / "busy"
    celery = ("-m", "celery", "-A", "tests.measureplan.busy_worker", "worker", "--concurrency", "1", "-l", "ERROR")
    with running(*celery, MP_BUSY=str(noted)) as worker:
        pid = int(awaited(lambda: noted.read_text() if noted.exists() else ""))
        with ends(pid):
            worker.send_signal(signal.SIGKILL)


def test_the_end_of_the_thread_that_made_it_ends_no_child() -> None:
    with running("-c", FORKS_IN_A_THREAD) as parent:
        child = int(line(parent))
        assert not ended(child, within=0.5)
        with ends(child):
            parent.send_signal(signal.SIGKILL)


def test_a_child_that_finds_its_parent_gone_leaves() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with running("-c", f"from measureplan import orphans; orphans.end_with({gone.pid}); print('goes on')") as late:
        assert line(late) == ""
        assert late.wait() == 1

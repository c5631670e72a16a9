"""Spark's standalone cluster from its package: a master and workers on the loopback, each a process group."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

LOCALHOST = "127.0.0.1"
PATIENCE = 600  # seconds until what does not come is a failure; a busy machine starts Spark in minutes


def why_not() -> str | None:
    """Say what is missing for a cluster; None where there can be one."""
    if find_spec("pyspark") is None:
        return "PySpark is not installed here: `make cluster` runs these tests"
    return None if shutil.which("java") else "there is no Java here, which Spark runs on"


class Cluster:
    """A master and its workers, by name."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def master(self) -> str:
        return f"spark://{LOCALHOST}:{self.port}"

    def start(self, name: str, role: str, *arguments: str) -> None:
        """Start a part of the cluster in a process group of its own; its log is kept in the folder."""
        from pyspark.find_spark_home import _find_spark_home  # noqa: PLC0415  # only where it is installed

        home = Path(_find_spark_home())
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{role}"]
        command += ["--host", LOCALHOST, "--webui-port", str(_free_port()), *arguments]
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                command, env=environment(), stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def start_worker(self, name: str, *, memory: str = "1g") -> None:
        """Start a worker of one core; what its executors run in is the folder of its name."""
        self.start(
            name, "worker.Worker", "--cores", "1", "--memory", memory, "-d", str(self.folder / name), self.master
        )

    def await_log(self, name: str, said: str) -> None:
        """Wait until a process has logged something."""
        log = self.folder / f"{name}.log"
        await_that(lambda: said in log.read_text(errors="replace"), f"{name} never said {said!r}")

    def kill(self, name: str) -> None:
        """End a process and all that it started, at once, as a machine that goes."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def await_that(holds: Callable[[], bool], failure: str) -> None:
    """Wait for a condition, and no longer than PATIENCE."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, failure
        time.sleep(0.05)


@contextmanager
def cluster_of(workers: int, folder: Path) -> Iterator[Cluster]:
    """Run a master and so many workers, called worker-1 and so on."""
    cluster = Cluster(folder)
    names = [f"worker-{n}" for n in range(1, workers + 1)]
    try:
        cluster.start("master", "master.Master", "--port", str(cluster.port))
        cluster.await_log("master", "I have been elected leader")
        for name in names:
            cluster.start_worker(name)
        for name in names:
            cluster.await_log(name, "Successfully registered with master")
        yield cluster
    finally:
        for name in list(cluster.processes):
            cluster.kill(name)


def environment() -> dict[str, str]:
    """Give what Spark's processes run with: all of it on the loopback, and this Python."""
    return os.environ | {"SPARK_LOCAL_IP": LOCALHOST, "PYSPARK_PYTHON": sys.executable}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((LOCALHOST, 0))
        port: int = found.getsockname()[1]
        return port

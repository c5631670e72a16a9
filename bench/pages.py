"""What benches of pages share: a workspace in a database of its own, its lead signed in, answers that are timed."""

import gc
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

from bench.ingest import prepare
from measureplan import assets, embedded


@contextmanager
def fresh_workspace(bench: str, **options: int) -> Iterator[Any]:  # a Workspace
    """Give a workspace that goes with its database afterwards; print where and with which options it is measured."""
    with tempfile.TemporaryDirectory(prefix=f"measureplan-{bench}-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster, made = prepare(folder)
        try:
            django.setup()
            assets.prepare(folder / "static")
            print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", end=", ")
            print(f"Python {platform.python_version()}, Django {django.__version__}")
            print(" ".join([f"python -m bench.{bench}", *(f"--{name} {value}" for name, value in options.items())]))
            from workspaces.models import Workspace  # noqa: PLC0415  # Django is set up by now

            yield Workspace.objects.get(slug=made["workspace"])
        finally:
            embedded.stop(cluster)


def signed_in(workspace: Any) -> Any:  # a Workspace, Django's test client
    """Give a client of the workspace's one member."""
    from django.test import Client  # noqa: PLC0415

    from workspaces.models import Membership  # noqa: PLC0415
    from workspaces.scope import in_workspace  # noqa: PLC0415

    with in_workspace(workspace.pk):
        lead = Membership.objects.select_related("user").get()
    client = Client(headers={"host": "localhost"})
    client.force_login(lead.user)
    return client


def timed(name: str, ask: Callable[[], Any], rounds: int) -> str:
    """Ask so many times; give medians, the number of queries and the size of the answer."""
    from django.db import connection  # noqa: PLC0415

    queries: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:  # as Django's execute_wrapper
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        answer = ask()
    assert answer.status_code == 200, (name, answer.status_code, answer.content[:500])
    gc.collect()
    gc.freeze()  # what was set up is not gone through again and again, as in a web server's worker
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        ask()
        walls.append((time.perf_counter() - wall) * 1_000)
        cpus.append((time.process_time() - cpu) * 1_000)
    size = len(answer.content) // 1024
    took = (
        f"median {statistics.median(walls):6.0f} ms   CPU {statistics.median(cpus):6.0f} ms, least {min(cpus):6.0f} ms"
    )
    return f"{name:28} {took}   {len(queries):4} queries   {size:5} KiB"

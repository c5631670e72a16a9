"""A signed-in reader of pages, and an installation of its own that it reads: for benchmarks of reports."""

import http.client
import http.cookies
import json
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

import django

from bench.ingest import HOST, cpu_seconds, prepare, start_web, stop, take_up
from measureplan import assets, embedded


@dataclass
class Reader:
    """A signed-in reader on one connection."""

    port: int
    workspace: str  # its slug
    web: int  # the web server's process id
    cookies: http.cookies.SimpleCookie = field(default_factory=http.cookies.SimpleCookie)

    @property
    def workers(self) -> list[int]:
        """Give the web server's workers."""
        return [int(pid) for pid in Path(f"/proc/{self.web}/task/{self.web}/children").read_text().split()]

    def get(self, path: str, *, body: str | None = None) -> tuple[int, str]:
        """Ask for a page, or send a form, and give status and text."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=120)
        jar = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        headers = {"Cookie": jar, "Referer": f"http://{HOST}:{self.port}/"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        for value in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(value)
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form."""
        _, page = self.get("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page[:500]
        form = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
        status, page = self.get("/accounts/login/", body=urlencode(form))
        assert status == 302, page[:500]


def measure(
    reader: Reader, addresses: Mapping[str, str], *, rounds: int, shown: str = ""
) -> dict[str, list[tuple[float, float]]]:
    """Ask for each address once a round; give wall and CPU milliseconds of the web. Each page has the text `shown`."""
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in addresses}
    workers = reader.workers
    for _ in range(rounds):
        for name, each in addresses.items():
            started, used = time.perf_counter(), sum(map(cpu_seconds, workers))
            status, page = reader.get(each)
            wall = (time.perf_counter() - started) * 1_000
            took[name].append((wall, (sum(map(cpu_seconds, workers)) - used) * 1_000))
            assert status == 200, (each, page[-2000:])
            assert shown in page, (each, page[-2000:])
    return took


def told(took: Mapping[str, list[tuple[float, float]]]) -> Iterator[str]:
    """Give a line for each page: median, slowest and first wall time, and median CPU time."""
    for name, pairs in took.items():
        walls, cpus = zip(*pairs, strict=True)
        middle, cpu = statistics.median(walls), statistics.median(cpus)
        first = f"first {walls[0]:6.0f} ms"
        yield f"{name:32} p50 {middle:6.0f} ms  slowest {max(walls):6.0f} ms  {first}  CPU {cpu:6.0f} ms"


Filled = TypeVar("Filled")


@contextmanager
def reading(
    port: int, fill: Callable[[str], Filled], kept: Path | None = None
) -> Iterator[tuple[Reader, Filled | None]]:
    """Set up database and web server, and end both afterwards; what `fill` gives comes along. No page is kept.

    fill  writes what is to be read, in this process, into the workspace of that slug
    kept  a folder that stays; where it was filled before it is read as it is, and nothing comes along.
          None: a temporary one
    """
    os.environ["MP_PAGES_KEPT_SECONDS"] = "0"  # a reader who asks again within seconds is one who asks anew
    with tempfile.TemporaryDirectory(prefix="measureplan-reports-") as name:
        folder = kept or Path(name)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        note = folder / "made.json"
        is_filled = note.exists()
        cluster, made = (take_up(folder), json.loads(note.read_text())) if is_filled else prepare(folder)
        try:
            django.setup()
            filled = None if is_filled else fill(made["workspace"])
            note.write_text(json.dumps(made))
            assets.prepare(folder / "static")
            web = start_web(port, folder)
            try:
                reader = Reader(port, made["workspace"], web.pid)
                reader.sign_in(made["owner_email"], made["owner_password"])
                yield reader, filled
            finally:
                stop(web)
        finally:
            embedded.stop(cluster)

"""A proxy swallows replies after the commit: senders that heard nothing send again, and each event is counted once."""

import argparse
import contextlib
import http.client
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.installation import HOST, running
from bench.repeating_senders import Load, sending
from bench.verdict import Check, conclude, nothing_lost_or_twice


class Proxy(ThreadingHTTPServer):
    """Passes requests on, and closes the line on a share of their senders once the reply is there."""

    daemon_threads = True

    def __init__(self, port: int, behind: int, share: float) -> None:
        super().__init__((HOST, port), Handler)
        self.behind, self.share = behind, share
        self.chance = random.Random(1)
        self.swallowed = 0


class Handler(BaseHTTPRequestHandler):
    """One request of one sender."""

    server: Proxy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        behind = http.client.HTTPConnection(HOST, self.server.behind, timeout=30)
        headers = {name: self.headers[name] for name in ("Content-Type", "X-Write-Key")}
        behind.request("POST", self.path, body, headers)
        reply = behind.getresponse()
        said = reply.read()
        behind.close()
        if reply.status == 202 and self.server.chance.random() < self.server.share:
            self.server.swallowed += 1
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def swallowing(port: int, behind: int, share: float) -> Iterator[Proxy]:
    """Have the proxy run for the block."""
    with Proxy(port, behind, share) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        try:
            yield proxy
        finally:
            proxy.shutdown()


def run(options: argparse.Namespace) -> int:
    """Show it; give the exit code."""
    with tempfile.TemporaryDirectory(prefix="measureplan-replies-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with (
            running(folder, options.port) as installation,
            swallowing(options.port + 1, options.port, options.share) as proxy,
        ):
            load = Load(options.port + 1, installation.write_key)
            with sending(load):
                time.sleep(options.seconds)
            unheard = sum(answer.status == 0 for answer in load.answers)
            words = f"{proxy.swallowed:,} of {len(load.answers):,}, {unheard:,} senders heard nothing"
            checks = [Check(f"replies swallowed, about {options.share:.0%}", words, proxy.swallowed > 0)]
            return conclude("swallowed replies", [*checks, *nothing_lost_or_twice(load, folder)])

"""A web server for vendors' real clients: the doors on the loopback, with a fault for each of the first requests."""

import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any, Literal

from measureplan.door import Doors

Fault = Literal["unavailable", "reply lost"]
PATIENCE_S = 120
ASKED_BEFORE = ("/array/", "/flags/")  # PostHog's, which bring no events


@dataclass
class Served:
    """Where the doors are, and which answers they gave to events: "lost" for those that nobody heard."""

    address: str
    answers: Counter[str] = field(default_factory=Counter)
    answered: Condition = field(default_factory=Condition)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until it is so; it is asked again after each answer."""
        with self.answered:
            assert self.answered.wait_for(is_so, PATIENCE_S), f"after the answers {dict(self.answers)}"


@contextmanager
def serving(faults: Sequence[Fault] = ()) -> Iterator[Served]:
    """Serve the doors for the block; the first requests with events meet one of the faults each, the others none."""
    left = list(faults)
    served = Served("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fault = left.pop(0) if left and self.brings_events() else None
            status, headers, said = (503, [("Content-Length", "0")], b"") if fault == "unavailable" else self.ask(body)
            if self.brings_events():
                with served.answered:
                    served.answers["lost" if fault == "reply lost" else str(status)] += 1
                    served.answered.notify_all()
            self.close_connection = fault == "reply lost"
            if fault == "reply lost":
                return
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_OPTIONS = do_POST  # noqa: N815  # as the standard library calls them

        def brings_events(self) -> bool:
            """Tell events from what browsers and clients ask before they send."""
            if self.path.startswith(ASKED_BEFORE):
                return False
            return self.command == "POST" or (self.command == "GET" and "?" in self.path)

        def ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            path, _, query = self.path.partition("?")
            environ: dict[str, Any] = {"REQUEST_METHOD": self.command, "PATH_INFO": path, "QUERY_STRING": query}
            environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()}
            environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "wsgi.url_scheme": "http"}
            environ |= {"REMOTE_ADDR": self.client_address[0]}
            told: list[Any] = []
            said = b"".join(Doors(_no_page)(environ, lambda *start: told.extend(start)))
            return int(told[0].split()[0]), told[1], said

        def log_message(self, *_: Any) -> None:
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    served.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _no_page(_environ: Any, start: Any) -> list[bytes]:
    start("404 Not Found", [("Content-Length", "0")])
    return [b""]

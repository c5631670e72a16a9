"""A web site of somebody else, on a port of its own: pages that load the tag, and what the door got of them."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from playwright.sync_api import Page

from tests.browsing import PATIENCE_S, opened
from tracking import tag
from tracking.event import Event
from tracking.models import InboxRow, Source
from workspaces import scope

STUB = f"<script>{tag.STUB}</script>"
# Chromium without a window names itself HeadlessChrome, which the door takes for the program that it is. Playwright's
# own option does not reach what is sent while a page goes away.
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


class Site:
    """Pages at any path, each with the tag.

    tag      attributes of the script element beside its key
    stub     what stands before it
    head     what stands there instead of both, where it is not empty
    bodies   a path's own content
    headers  that every page is served with
    loses    how many replies of the door are lost on their way through /proxy
    replies  what the door said there, lost or not
    """

    def __init__(self, door: str, source: Source) -> None:
        self.door, self.source = door, source
        self.tag, self.stub, self.head = "", STUB, ""
        self.bodies: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.loses = 0
        self.replies: list[dict[str, Any]] = []
        self.url = ""

    def page(self, path: str) -> str:
        script = f'<script async src="{self.door}/mp.js" data-key="{self.source.write_key}" {self.tag}></script>'
        head = self.head or self.stub + script
        return f"<!doctype html><title>Page {path}</title>{head}<body>{self.bodies.get(path, '')}"

    def arrived(self) -> list[Event]:
        """Give the events that wait for the lake, in the order of their arrival."""
        with scope.in_workspace(self.source.workspace_id):
            rows = list(InboxRow.objects.order_by("pk"))
        return [event for row in rows for event in row.accepted()]

    def until(self, page: Page, is_enough: Callable[[list[Event]], bool]) -> list[Event]:
        """Wait for the events; give all that arrived."""
        for _ in range(PATIENCE_S * 20):
            # The browser's loop runs in this thread; the database is asked in another.
            with ThreadPoolExecutor(1) as other:
                found = other.submit(self._ask).result()
            if is_enough(found):
                return found
            page.wait_for_timeout(50)
        raise AssertionError(f"only {[event.name for event in found]} arrived")

    def until_named(self, page: Page, *names: str) -> list[Event]:
        """Wait until events of all the names are there; give all that arrived."""
        return self.until(page, lambda events: {*names} <= {event.name for event in events})

    def _ask(self) -> list[Event]:
        try:
            return self.arrived()
        finally:
            connection.close()


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve the site's pages on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(site))
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def visiting(site: Site, path: str = "/", **options: Any) -> Iterator[Page]:
    """Open a page of the site in a fresh browser."""
    with opened(site.url, arguments=[f"--user-agent={CHROME}"], **options) as page:
        page.goto(path)
        yield page


def properties_of(event: Event) -> dict[str, Any]:
    return json.loads(event.properties or "{}")


def consent_of(event: Event) -> dict[str, bool]:
    return json.loads(event.consent or "{}")


def _handler_of(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.page(urlsplit(self.path).path).encode()
            self.send_response(200)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **site.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/proxy":
                self._pass_on(body)
            else:
                self.do_GET()

        def _pass_on(self, body: bytes) -> None:
            """Bring the events to the door; its reply is lost as often as the site says."""
            target = http.client.HTTPConnection(urlsplit(site.door).netloc, timeout=PATIENCE_S)
            target.request("POST", "/api/v1/collect/batch", body, {"User-Agent": self.headers["User-Agent"]})
            answer = target.getresponse()
            reply = answer.read()
            target.close()
            site.replies.append(json.loads(reply))
            if site.loses > 0:
                site.loses -= 1
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *args: object) -> None:
            """Keep the tests' output quiet."""

    return Handler

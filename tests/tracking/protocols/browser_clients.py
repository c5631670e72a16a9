"""Vendors' clients for browsers, on pages of another origin than the doors: one Chromium for all of a file's tests."""

import json
import mimetypes
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

from tests.chromium import PATIENCE_S, launched
from tests.tracking.protocols import journey
from tests.tracking.protocols.node_clients import CLIENTS, need_packages

SHOP = journey.SITE.replace("https", "http")  # the loopback has no certificate for the journey's https
# Chromium without a window names itself HeadlessChrome, which the door takes for the program that it is.
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


class Visitors:
    """Visitors of the shop; Chromium has a thread of its own, since Playwright's loop keeps the database out of it."""

    def __init__(self, port: int) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._playwright: Playwright
        self._browser: Browser
        self._thread.submit(self._start, port).result()

    @contextmanager
    def journey(self, client: str, *, arrivals: int = 1, **given: Any) -> Iterator[None]:
        """Go the journey on pages that have the client; the last page stays open for the block.

        arrivals  how often the visitor opens the first page
        given     what the client's script is given besides the journey: address, key
        """
        facts = {"client": client, "journey": journey.as_data(), **given}
        context = self._thread.submit(self._go, json.dumps(facts), arrivals).result()
        try:
            yield
        finally:
            self._thread.submit(context.close).result()

    def leave(self) -> None:
        """Close Chromium."""
        self._thread.submit(self._stop).result()
        self._thread.shutdown()

    def _start(self, port: int) -> None:
        arguments = [
            f"--user-agent={CHROME}",  # Playwright's own option does not reach what is sent while a page goes away
            f"--host-resolver-rules=MAP {urlsplit(SHOP).hostname} 127.0.0.1:{port}",
            "--disable-blink-features=AutomationControlled",  # some clients send nothing for machines
        ]
        self._playwright = sync_playwright().start()
        self._browser = launched(self._playwright, *arguments)

    def _stop(self) -> None:
        self._browser.close()
        self._playwright.stop()

    def _go(self, facts: str, arrivals: int) -> BrowserContext:
        context = self._browser.new_context(base_url=SHOP)
        context.set_default_timeout(PATIENCE_S * 1_000)
        page, errors = context.new_page(), list[str]()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.add_init_script(f"window.given = {facts}")
        for _ in range(arrivals):
            page.goto(journey.LANDING.removeprefix(journey.SITE), referer=journey.REFERRER)
            _until_done(page, errors)
        page.get_by_role("link").click()
        page.wait_for_url(f"**{urlsplit(journey.SECOND).path}")
        _until_done(page, errors)
        return context


@contextmanager
def visitors() -> Iterator[Visitors]:
    """Open the shop and a Chromium that finds it."""
    need_packages()
    shop = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    shop.daemon_threads = True
    thread = Thread(target=shop.serve_forever)
    thread.start()
    try:
        found = Visitors(shop.server_port)
        yield found
        found.leave()
    finally:
        shop.shutdown()
        shop.server_close()
        thread.join()


class _Shop(BaseHTTPRequestHandler):
    """The shop's pages, all alike, and below /clients/ the scripts and packages of tests/clients."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        found = _file_of(path)
        body = found.read_bytes()
        kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Be silent."""


def _file_of(path: str) -> Path:
    if not path.startswith("/clients/"):
        return CLIENTS / "browser" / "page.html"
    file = CLIENTS / path.removeprefix("/clients/")
    # Packages that are made for bundlers leave the ending out.
    return file if file.is_file() else file.with_name(f"{file.name}.js")


def _until_done(page: Page, errors: list[str]) -> None:
    try:
        page.wait_for_selector("body[data-done]", state="attached")
    except TooLate as late:
        raise AssertionError(f"the client did not come to its end; the page says {errors}") from late

"""One Chromium for all tests of a process: starting it takes longer than most pages do."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

# How long a test waits for what must come, before it says that it did not: a bound for a crowded machine, no measure.
PATIENCE_S = 120
PROGRAMS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/google-chrome")  # the quickest first


def program() -> str | None:
    """Give the browser that set-up found; None for Playwright's own."""
    noted = Path(sys.prefix) / "chromium"
    found = noted.read_text().strip() if noted.exists() else ""
    return found or next((path for path in PROGRAMS if Path(path).exists()), None)


def launched(playwright: Playwright, *arguments: str) -> Browser:
    """Start a Chromium; `arguments` are of its command line."""
    return playwright.chromium.launch(
        executable_path=program(), args=["--no-sandbox", *arguments], timeout=PATIENCE_S * 1_000
    )


class Kept:
    """Playwright with a browser for each command line that was asked for.

    From its start on Playwright has its loop stand as this thread's running one, also while no test uses it. Inside a
    running loop Django refuses most of what tests do. So the loop is hidden but for the blocks that drive a browser.
    """

    def __init__(self) -> None:
        self._playwright = sync_playwright().start()
        self._loop = asyncio.get_running_loop()
        self._browsers: dict[tuple[str, ...], Browser] = {}
        asyncio._set_running_loop(None)

    @contextmanager
    def browser(self, *arguments: str) -> Iterator[Browser]:
        """Give the browser for the block, a new one where the last has crashed."""
        with self._driving():
            found = self._browsers.get(arguments)
            if found is None or not found.is_connected():
                found = self._browsers[arguments] = launched(self._playwright, *arguments)
            yield found

    def stop(self) -> None:
        with self._driving():
            for browser in self._browsers.values():
                browser.close()
            self._playwright.stop()

    @contextmanager
    def _driving(self) -> Iterator[None]:
        asyncio._set_running_loop(self._loop)
        try:
            yield
        finally:
            asyncio._set_running_loop(None)


_kept: list[Kept] = []  # none or one


@contextmanager
def shared(*arguments: str) -> Iterator[Browser]:
    """Give this process's browser for the block, in which the database is not to be asked."""
    if not _kept:
        _kept.append(Kept())
    with _kept[0].browser(*arguments) as browser:
        yield browser


def stop() -> None:
    """End what this process has started."""
    while _kept:
        _kept.pop().stop()

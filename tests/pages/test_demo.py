"""The demo as its visitor sees it: the real command, its real processes, real Chromium."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browsing import NARROW, PATIENCE_S, WIDE, complaints, faults, opened, overflows

pytestmark = pytest.mark.browser

START_SECONDS = 5 * PATIENCE_S  # everything is made, with other tests beside it
HOME = "/w/fjellsport/"
PAGES = {
    "overview": HOME,
    "KPIs": f"{HOME}kpis/",
    "goals": f"{HOME}goals/",
    "goal": f"{HOME}goals/purchase/",
    "goal by campaign": f"{HOME}goals/newsletter-sign-up/?by=campaign&model=linear&view=7&engagement=7&click=60",
    "plan": f"{HOME}plan/",
    "new goal": f"{HOME}plan/goals/new/",
    "sources": f"{HOME}sources/",
    "imports": f"{HOME}imports/",
    "tracking": f"{HOME}tracking/",
}


@dataclass(frozen=True)
class Demo:
    """A running demo."""

    address: str
    email: str
    password: str
    log: Path


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """Run `measureplan demo` in a folder of its own, and end it by its id."""
    with tempfile.TemporaryDirectory(prefix="measureplan-demo-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the account that runs the database passes through
        ours = {
            "DATABASE_URL",
            "CELERY_BROKER_URL",
            "MP_DATA_DIR",
            "MP_LAKE_URL",
            "MP_SECRET_KEY",
            "MP_BASE_URL",
            "MP_TEST_FOLDER",
        }
        kept = {key: value for key, value in os.environ.items() if key not in ours}
        said = folder / "said.log"
        with said.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "measureplan", "demo", "--data-dir", str(folder / "data")],
                stdout=output,
                stderr=output,
                env=kept,
            )
            try:
                yield started(process, said)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)


def started(process: "subprocess.Popen[bytes]", said: Path) -> Demo:
    """Wait for the line that says where it is ready."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        text = said.read_text()
        ready = re.search(r"ready at (\S+)", text)
        sign_in = re.search(r"sign in as (\S+) with the password (\S+)", text)
        if ready and sign_in:
            return Demo(ready[1], sign_in[1], sign_in[2], said)
        time.sleep(0.2)  # another process is waited for; nothing here can tell when it is done
    raise AssertionError(f"the demo did not start:\n{said.read_text()}")


@contextmanager
def visited(demo: Demo, **options: Any) -> Iterator[Page]:  # Playwright's own options of a context
    """Sign in by the form, as a person does, and give the page."""
    with opened(demo.address, **options) as page:
        page.goto("/")
        page.fill("[name=login]", demo.email)
        page.fill("[name=password]", demo.password)
        page.get_by_role("button", name="Sign in").click()
        try:
            page.wait_for_url(f"**{HOME}")
        except PlaywrightTimeout as late:
            lines = demo.log.read_text().splitlines()
            late.add_note("\n".join([f"The page is {page.url}; the demo said last:", *lines[-80:]]))
            raise
        yield page


def test_a_lead_signs_in_and_reads_how_the_plan_is_doing(demo: Demo) -> None:
    with visited(demo, viewport=WIDE) as page:
        expect(page.get_by_role("heading", level=1)).to_contain_text("against the plan")
        board = page.get_by_role("table").first
        for status in ("Ahead", "On track", "At risk", "Behind", "Too early"):
            expect(board.get_by_text(status, exact=True).first).to_be_visible()
        expect(page.get_by_text("Computed through").first).to_be_visible()


def test_a_goal_is_tried_saved_and_reported(demo: Demo) -> None:
    with visited(demo, viewport=WIDE) as page:
        page.goto(PAGES["new goal"])
        page.fill("[name=name]", "Read about customer service")
        page.check("[name=level][value=micro]")
        page.check("[name=trigger][value=page]")
        page.fill("[name=page]", "/kundeservice*")
        preview = page.locator("#preview")
        expect(preview).to_contain_text(re.compile(r"[1-9][\d,]* conversions? by"))
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_url(lambda url: not url.endswith("/new/"))
        page.goto(f"{HOME}goals/read-about-customer-service/")
        deadline = time.monotonic() + PATIENCE_S
        while "95 % interval" not in figures(page) and time.monotonic() < deadline:
            page.wait_for_timeout(1_000)
            page.reload()
        assert re.search(r"95 % interval [\d.]+ to [\d.]+ %", figures(page))
        expect(sources(page)).to_be_visible()


def figures(page: Page) -> str:
    """Give the page's words, with plain blanks between them."""
    return page.locator("main").inner_text().replace("\xa0", " ")


def sources(page: Page) -> Locator:
    """Give the table of channels."""
    return page.get_by_role("table").filter(has_text="Organic search").first


def test_axe_finds_nothing(demo: Demo) -> None:
    found = {}
    with visited(demo, viewport=WIDE) as page:
        for name, path in PAGES.items():
            page.goto(path)
            found[name] = faults(page)
    assert found == {name: [] for name in PAGES}


def test_every_page_fits_a_phone(demo: Demo) -> None:
    wide = []
    with visited(demo, viewport=NARROW) as page:
        for name, path in PAGES.items():
            page.goto(path)
            if overflows(page):
                wide.append(name)
    assert wide == []


def test_every_page_works_without_javascript(demo: Demo) -> None:
    with visited(demo, viewport=WIDE, java_script_enabled=False) as page:
        for path in PAGES.values():
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.goto(PAGES["goal"])
        before = sources(page).inner_text()
        page.goto(f"{PAGES['goal']}?model=first")
        expect(sources(page)).not_to_have_text(before, use_inner_text=True)
        page.goto(PAGES["new goal"])
        page.fill("[name=name]", "Articles")
        page.check("[name=trigger][value=page]")
        page.fill("[name=page]", "/artikler/*")
        page.get_by_role("button", name="Count it").click()
        expect(page.locator("#preview")).to_contain_text("conversions")


def test_no_page_breaks_the_content_policy(demo: Demo) -> None:
    with visited(demo, viewport=WIDE) as page:
        heard = complaints(page)
        for path in PAGES.values():
            page.goto(path, wait_until="networkidle")
    assert heard == []

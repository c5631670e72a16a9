"""Real Chromium for tests: opens it, signs a member in, asks axe what is wrong."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, expect

from tests import chromium
from tests.chromium import PATIENCE_S
from workspaces.models import Membership

expect.set_options(timeout=PATIENCE_S * 1_000)

# What newer typing replaces is given up, and a faulty form answers 422: both are meant, and the browser says so.
MEANT = re.compile(r"htmx:(sendAbort|afterRequest)|Failed to load resource: .* 422 ")

# The dark part of the styles changes colours and nothing else, which tests/test_look.py sees to: axe's rules that look
# at no colour would say in dark what they have said in light.
LOOKS: dict[Literal["light", "dark"], list[str]] = {"light": [], "dark": ["color-contrast", "link-in-text-block"]}
VIOLATIONS = """rules => axe
    .run({resultTypes: ["violations"], ...(rules.length && {runOnly: {type: "rule", values: rules}})})
    .then(found => found.violations.map(({id, nodes}) => ({id, nodes: nodes.map(({html}) => ({html}))})))"""

SHOTS = os.environ.get("MP_TEST_SHOTS")  # a folder; pictures of every page are put there
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 320, "height": 700}


@contextmanager
def opened(
    address: str, *, member: Membership | None = None, arguments: Sequence[str] = (), **options: Any
) -> Iterator[Page]:
    """Open an empty page that shares nothing with what was open before: no cookie, no file that was kept.

    arguments   of Chromium's command line
    options     of Playwright's new_context
    """
    # Before Playwright's loop runs: Django gives code inside a loop a connection of its own, which nobody closes.
    key = session_of(member) if member is not None else None
    with chromium.shared(*arguments) as browser:
        # What moves is looked at where it ends.
        context = browser.new_context(**{"base_url": address, "reduced_motion": "reduce"} | options)
        try:
            context.set_default_timeout(PATIENCE_S * 1_000)
            if key is not None:
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": address}])
            yield context.new_page()
        finally:
            context.close()


def session_of(member: Membership) -> str:
    """Give the key of a session in which the member is signed in."""
    client = Client()
    client.force_login(member.user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def complaints(page: Page) -> list[str]:
    """Give a list that fills while the page is used: errors on its console, and exceptions that nobody caught.

    What the browser tells beside errors is left out, such as that a quick hand was faster than the focus of a field.
    """
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not MEANT.match(message.text):
            heard.append(f"{page.url}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
    return heard


def faults(page: Page) -> list[str]:
    """Give what axe finds on the whole page in light, and what it finds of colours in dark, one line each."""
    page.wait_for_load_state()
    page.evaluate(Axe().axe_script)
    found = []
    for scheme, rules in LOOKS.items():
        page.emulate_media(color_scheme=scheme)
        for fault in page.evaluate(VIOLATIONS, rules):
            found += [f"{fault['id']} in {scheme}: {node['html'][:160]}" for node in fault["nodes"]]
    page.emulate_media(color_scheme="light")
    return found


def picture(page: Page, name: str) -> None:
    """Take pictures of the whole page, in light and in dark, where somebody wants pictures."""
    for scheme in LOOKS if SHOTS else ():
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=Path(str(SHOTS)) / f"{name}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")


def overflows(page: Page) -> bool:
    """Say whether the whole page is wider than its window."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def wrong_with(page: Page, name: str = "") -> list[str]:
    """Give what axe finds, and whether the page is wider than its window.

    name   of the pictures that are taken where somebody wants pictures; without one there is none
    """
    if name:
        picture(page, name)
    where = name or page.url
    found = [f"{where}: {fault}" for fault in faults(page)]
    return found + ([f"{where} is wider than its window"] if overflows(page) else [])


def faults_at(page: Page, paths: Mapping[str, str], *, look: str) -> list[str]:
    """Open each address and give what is wrong there, with its name: faults, and a page wider than its window.

    look   names the window in the names of the pictures, such as "320"
    """
    found = []
    for name, path in paths.items():
        page.goto(path)
        found += wrong_with(page, f"{name}-{look}")
    return found


def too_wide(address: str, member: Membership, pages: Mapping[str, str]) -> list[str]:
    """Give each page, with its language, that is wider than a phone of 320 px."""
    found = []
    for language, _name in settings.LANGUAGES:
        member.user.language = language
        member.user.save(update_fields=["language"])
        with opened(address, member=member, viewport=NARROW) as page:
            for name, path in pages.items():
                page.goto(path)
                assert page.locator("html").get_attribute("lang") == language, path
                found += [f"{name} in {language}"] if overflows(page) else []
                if SHOTS:
                    page.screenshot(path=Path(SHOTS) / f"{name}-320-{language}.png", full_page=True)
    return found

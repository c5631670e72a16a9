"""The attribution page in real Chromium: accessible at every width, in light and dark, and without JavaScript."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import expect

from reports import filling
from reports.asked import defaults_of
from reports.attribution import learned, question, working
from reports.models import Run
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.attribution.asks import histories
from tests.reports.lake import NOW, make_goal, store
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/w/fjellsport/attribution/?from=2026-10-01&to=2026-11-21"
PAGES = {
    "attribution": PAGE,
    "attribution-open": f"{PAGE}&by=campaign&models=last,first,linear,time_decay&open=c1",
    "attribution-bad": f"{PAGE}&models=best",
    "attribution-empty": f"{PAGE}&goal=nobody-yet",
    "attribution-windows": f"{PAGE}&click=14",
    "attribution-learned": f"{PAGE}&models=last,markov,shapley_of_all&draws=40",
    "attribution-learning": f"{PAGE}&models=last,markov&order=3",
    "runs": "/w/fjellsport/runs/",
}


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """The owner of a shop with six weeks of histories and two goals."""
    shop = make_workspace()
    goal = make_goal(shop)
    make_goal(shop, "Nobody yet", event="never", level="micro", value_rule="none")
    store(shop, histories())
    filling.fill(shop.pk, now=NOW)
    with scope.in_workspace(shop.pk):
        params = {"from": "2026-10-01", "to": "2026-11-21", "models": "last,markov,shapley_of_all", "draws": "40"}
        learned.order(goal, question.read(params, defaults_of(shop, goal, now=NOW)), by=None, now=NOW)
        runs = list(Run.objects.filter(kind="model").values_list("pk", flat=True))
    for run in runs:
        working.work(shop.pk, run, now=NOW)
    return make_member(shop, "kari.nordmann@example.com", Role.OWNER)


def aside(owner: Membership) -> None:
    """Compute what waits in a thread of its own: in the browser's runs a loop, and Django asks no database there."""

    def work() -> None:
        try:
            with scope.in_workspace(owner.workspace_id):
                waits = list(Run.objects.filter(state="waiting").values_list("pk", flat=True))
            for run in waits:
                working.work(owner.workspace_id, run, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_attribution_is_accessible_and_fits(owner: Membership, live_server: Any, width: Any) -> None:
    with opened(live_server.url, member=owner, viewport=width) as page:
        assert faults_at(page, PAGES, look=str(width["width"])) == []


def test_attribution_fits_a_phone_in_every_language(owner: Membership, live_server: Any) -> None:
    assert too_wide(live_server.url, owner, PAGES) == []


def test_models_windows_and_rows_are_chosen_in_place_and_stand_in_the_address(
    owner: Membership, live_server: Any
) -> None:
    with opened(live_server.url, member=owner) as page:
        said = complaints(page)
        page.goto(PAGE)
        page.locator("summary", has_text="Models: 3").click()
        page.get_by_role("link", name="Time decay").click()
        expect(page.locator("summary", has_text="Models: 4")).to_be_visible()
        page.locator("summary", has_text="Click: 30 days").click()
        page.get_by_role("link", name="7 days", exact=True).click()
        expect(page.locator("summary", has_text="Click: 7 days")).to_be_visible()
        page.locator("#models-table tbody a").first.click()
        expect(page.get_by_role("heading", name="Behind")).to_be_visible()
        for wanted in ("time_decay", "click=7", "open="):
            assert wanted in page.url, wanted
        page.reload()
        expect(page.get_by_role("heading", name="Behind")).to_be_visible()
    assert said == []


def test_without_javascript_a_window_of_any_length_can_be_asked_for(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner, java_script_enabled=False) as page:
        page.goto(PAGE)
        page.locator("summary", has_text="Other windows").click()
        page.get_by_label("Click", exact=True).fill("45")
        page.get_by_label("View", exact=True).fill("off")
        page.locator("form", has=page.locator("#window-click")).get_by_role("button", name="Show").click()
        expect(page.locator("summary", has_text="Click: 45 days")).to_be_visible()
        expect(page.locator("summary", has_text="View: off")).to_be_visible()
        page.locator("#models-table tbody a").first.click()
        expect(page.get_by_role("heading", name="Behind")).to_be_visible()


def test_a_data_driven_model_is_chosen_set_and_computed_without_leaving_the_page(
    owner: Membership, live_server: Any
) -> None:
    with opened(live_server.url, member=owner) as page:
        said = complaints(page)
        page.goto(PAGE)
        page.locator("summary", has_text="Models: 3").click()
        page.get_by_role("link", name="Markov removal effect").click()
        expect(page.get_by_text("A worker takes it up in a moment.")).to_be_visible()
        page.locator("summary", has_text="500 draws").click()
        page.get_by_role("link", name="200 draws").click()
        expect(page.locator("summary", has_text="200 draws")).to_be_visible()
        whole: list[str] = []
        page.on("request", lambda sent: whole.append(sent.url) if "/attribution/?" in sent.url else None)
        for _ in range(2):
            page.wait_for_event("response", lambda got: "/attribution/progress/" in got.url, timeout=20_000)
        assert whole == [], "while it waits the page asks how far it is, and nothing more"
        aside(owner)
        expect(page.locator("#learning", has_text="200 draws of persons")).to_be_visible()
        expect(page.locator("#models-table thead", has_text="Markov removal effect")).to_be_visible()
        for wanted in ("markov", "draws=200", "order=1"):
            assert wanted in page.url, wanted
        assert len(whole) == 1, "the answer is loaded once"
    assert said == []

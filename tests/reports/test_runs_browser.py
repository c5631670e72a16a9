"""Computations in real Chromium: accessible in every state and width, live while something runs, then quiet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import expect

from reports import filling
from reports.models import Run, RunKind, RunState, Why
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.lake import NOW, hit, make_goal, store
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "runs": "/w/fjellsport/runs/",
    "runs-narrowed": "/w/fjellsport/runs/?kind=evidence&state=bad",
    "runs-none": "/w/fjellsport/runs/?kind=model",
    "runs-bad": "/w/fjellsport/runs/?kind=nonsense",
    "goal-held": "/w/fjellsport/goals/sale/",
    "kpis-held": "/w/fjellsport/kpis/",
}


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """The owner of a shop with runs of every state; the figures are held."""
    shop = make_workspace()
    goal = make_goal(shop)
    store(shop, [hit("anna", name="purchase", value=5)])
    filling.fill(shop.pk, now=NOW)
    member = make_member(shop, "kari.nordmann@example.com", Role.OWNER)
    days = {"since": date(2026, 8, 24), "until": date(2026, 11, 22)}
    with scope.in_workspace(shop.pk):
        for kind, state, more in (
            (RunKind.DERIVATION, RunState.RUNNING, {"done": 12, "of": 90, "persons": 986, "heartbeat_at": NOW, **days}),
            (RunKind.EVIDENCE, RunState.FAILED, {"goal": goal, "fault": "the disk of the lake is full"}),
            (RunKind.FILL, RunState.DONE, {"times": 212, "cpu_seconds": 231.4, **days}),
            (RunKind.FILL, RunState.CANCELLED, {"cancelled_by": member, **days}),
        ):
            Run.objects.create(
                workspace=shop, kind=kind, state=state, reasons=[Why.LATE, Why.PERSONS],
                created_at=member.created_at, began_at=NOW, version="7", **more,
            )  # fmt: skip
    return member


def aside(owner: Membership, **changes: object) -> None:
    """Change what runs in a thread of its own: in the browser's runs a loop, and Django asks no database there."""

    def work() -> None:
        try:
            with scope.in_workspace(owner.workspace_id):
                Run.objects.filter(state=RunState.RUNNING).update(**changes)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_runs_are_accessible_and_fit(owner: Membership, live_server: Any, width: Any) -> None:
    with opened(live_server.url, member=owner, viewport=width) as page:
        assert faults_at(page, PAGES, look=str(width["width"])) == []


def test_runs_fit_a_phone_in_every_language(owner: Membership, live_server: Any) -> None:
    assert too_wide(live_server.url, owner, PAGES) == []


def test_the_list_follows_what_runs_and_then_asks_no_more(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner) as page:
        said = complaints(page)
        page.goto("/w/fjellsport/runs/?state=now")
        expect(page.get_by_text("12 of 90 days")).to_be_visible()
        aside(owner, done=60)
        expect(page.get_by_text("60 of 90 days")).to_be_visible(timeout=20_000)
        aside(owner, state=RunState.DONE)
        expect(page.get_by_text("No computation is of this kind and state")).to_be_visible(timeout=20_000)
        assert page.locator("#runs[hx-trigger]").count() == 0
    assert said == []


def test_one_is_cancelled_and_another_started_again(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner, java_script_enabled=False) as page:
        page.goto("/w/fjellsport/runs/")
        page.get_by_role("button", name="Cancel Sessions and touches").click()
        expect(page.get_by_text("Is about to end")).to_be_visible()
        page.get_by_role("button", name="Start again Figures of goals").click()
        expect(page.get_by_text("A worker takes it up in a moment.")).to_be_visible()
        expect(page.get_by_text("Waiting for a worker")).to_be_visible()

"""The page of runs and its API: all kinds, narrowed, ended and begun again; and reports that say what stands still."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from goals.models import Goal
from reports import filling, running
from reports.models import Run, RunKind, RunState, Why
from tests.builders import make_token
from tests.reports.asks import cells
from tests.reports.lake import NOW, make_goal, store
from tests.reports.test_passes import SALES, runs
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

PAGE, API = "/w/fjellsport/runs/", "/api/v1/reports/runs"


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    return make_goal(shop)


@pytest.fixture
def filled(shop: Workspace, goal: Goal) -> Workspace:
    store(shop, SALES)
    filling.fill(shop.pk, now=NOW)
    return shop


def test_page_and_api_list_all_kinds_narrow_them_and_say_the_same(
    filled: Workspace, goal: Goal, lead: Membership, viewer: Membership
) -> None:
    with scope.in_workspace(filled.pk):
        Run.objects.create(
            workspace=filled, kind=RunKind.DERIVATION, state=RunState.FAILED, fault="<b>full</b>", created_at=NOW,
            reasons=[Why.LATE, Why.PERSONS], persons=986, since=date(2026, 11, 1), until=date(2026, 11, 4),
        )  # fmt: skip
    browser = Client()
    browser.force_login(viewer.user)
    page = browser.get(PAGE).content.decode()
    head, derivation, fill = cells(page, "runs-table")
    assert head[:3] == ["Computation", "State", "Why"]
    assert derivation[0] == "Sessions and touches"
    assert "&lt;b&gt;full&lt;/b&gt;" in page
    assert "Events of earlier days came or went; visitors were found to be one person" in derivation[2]
    assert "1\u00a0Nov to 3\u00a0Nov\u00a02026 · 986 persons alone" in derivation[2]
    assert fill[0] == "Figures of goals"
    assert "Start again" not in page, "a viewer may not"
    program = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})
    listed = program.get(API).json()["results"]
    assert [(each["kind"], each["goal"], each["state"]) for each in listed] == [
        ("derivation", None, "failed"),
        ("fill", None, "done"),
    ]
    assert listed[0]["persons"] == 986
    assert listed[0]["reasons"] == ["late", "persons"]
    assert [each["kind"] for each in program.get(API, {"state": "bad"}).json()["results"]] == ["derivation"]
    assert [row[0] for row in cells(browser.get(PAGE, {"kind": "fill"}).content.decode(), "runs-table")[1:]] == [
        fill[0]
    ]
    refused = program.get(API, {"kind": "nonsense"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "?kind")
    assert browser.get(PAGE, {"state": "nonsense"}).status_code == 400


def test_the_page_asks_again_only_while_something_runs(filled: Workspace, viewer: Membership) -> None:
    browser = Client()
    browser.force_login(viewer.user)
    assert 'hx-trigger="every' not in browser.get(PAGE).content.decode()
    with scope.in_workspace(filled.pk):
        Run.objects.create(
            workspace=filled, kind=RunKind.EVIDENCE, state=RunState.RUNNING, created_at=NOW, done=1, of=4
        )
    page = browser.get(PAGE).content.decode()
    assert 'hx-trigger="every' in page
    assert "1 of 4 steps" in page
    assert "Interrupted" in page, "nobody holds its lock"


def test_who_may_edit_tracking_ends_and_begins_a_fill_and_others_may_not(
    filled: Workspace, lead: Membership, viewer: Membership
) -> None:
    with scope.in_workspace(filled.pk):
        run = Run.objects.create(workspace=filled, kind=RunKind.FILL, state=RunState.RUNNING, created_at=NOW)
    watcher, browser = Client(), Client()
    watcher.force_login(viewer.user)
    browser.force_login(lead.user)
    for act in ("cancel", "again"):
        assert watcher.post(f"{PAGE}{run.pk}/{act}/").status_code == 403, act
    reader = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})
    assert reader.post(f"{API}/{run.pk}/again").status_code == 403
    assert browser.post(f"{PAGE}{run.pk}/cancel/").status_code == 302
    assert "Is about to end" in browser.get(PAGE).content.decode()
    with scope.in_workspace(filled.pk):
        Run.objects.filter(pk=run.pk).update(state=RunState.CANCELLED, ended_at=NOW)
    assert "Start again" in browser.get(PAGE).content.decode()
    program = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ, Scope.TRACKING)}"})
    told = program.post(f"{API}/{run.pk}/again").json()
    assert (told["state"], told["may_be_cancelled"]) == ("waiting", True)
    assert program.post(f"{API}/{run.pk}/cancel").json()["state"] == "cancelled"
    assert browser.post(f"{PAGE}{run.pk}/again/").status_code == 302
    assert runs(filled, pk=run.pk)[0].state == RunState.WAITING


def test_reports_say_that_figures_stand_still_and_how_they_are_started_again(
    shop: Workspace, goal: Goal, lead: Membership, viewer: Membership
) -> None:
    store(shop, SALES)
    filling.fill(shop.pk, now=NOW)
    browser, watcher = Client(), Client()
    browser.force_login(lead.user)
    watcher.force_login(viewer.user)
    pages = ("/w/fjellsport/goals/sale/", "/w/fjellsport/", "/w/fjellsport/kpis/")
    assert all('id="held"' not in browser.get(each).content.decode() for each in pages)
    with scope.in_workspace(shop.pk):
        Run.objects.update(state=RunState.RUNNING)
        assert running.cancel(Run.objects.select_related("workspace").get(), by=lead, now=timezone.now())
        Run.objects.update(state=RunState.CANCELLED)
    for each in pages:
        page = browser.get(each).content.decode()
        assert "Computing was cancelled" in page, each
        assert "They hold what came until" in page, each
        assert "Start again" in page, each
        assert "Start again" not in watcher.get(each).content.decode(), each

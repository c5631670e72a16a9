"""A board of metrics' KPIs: page, API, CSV, workbook, link, snapshot and mail say one thing, each in its unit."""

import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from goals.models import Format, Goal
from reports import figures, filling
from reports.metrics import ON_GOAL_PAGE
from reports.sentences import in_unit
from tests.builders import make_token
from tests.reports.asks import cells, csv_rows
from tests.reports.calculated.asks import save
from tests.reports.lake import NOW, make_goal, store
from tests.reports.mailed.asks import html_of, make_schedule, tables_of, try_out
from tests.reports.meters.asks import metric_kpi
from tests.reports.meters.reference import history
from tests.reports.sharing.asks import make_link, read
from tests.reports.snapshots.test_pages import take
from tests.reports.test_workbooks import is_same
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

pytestmark = pytest.mark.django_db(transaction=True)
MICROS = 1_000_000
METRICS = {
    "steps": ("conversions:sale + conversions:look", Format.COUNT, 300.0),
    "per-session": ("(conversions:sale + conversions:look) / sessions", Format.NUMBER, 0.8),
    "kept": ("value_net:sale / value:sale", Format.PERCENT, 0.9),
    "worth": ("value_net:sale / sessions", Format.MONEY, 150.0 * MICROS),
    "reach": ("reached:sale / sessions", Format.PERCENT, 0.4),
}


@pytest.fixture
def goal(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> Goal:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    make_goal(shop, "Look", event="view_item")
    goal = make_goal(shop)
    for slug, (formula, written_as, target) in METRICS.items():
        metric_kpi(goal, save(shop, formula, slug, format=written_as), target=target)
    store(shop, history(6))
    filling.fill(shop.pk, now=NOW)
    return goal


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


def test_every_surface_says_the_same(shop: Workspace, goal: Goal, lead: Membership, browser: Client) -> None:
    program = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})
    told = {row["slug"]: row for row in program.get("/api/v1/reports/kpis").json()["kpis"]}
    assert {slug: row["unit"] for slug, row in told.items()} == {slug: each[1] for slug, each in METRICS.items()}
    assert all(row["metric"] == slug and row["actual"] and not row["fault"] for slug, row in told.items())
    sheet = csv_rows(browser.get("/w/fjellsport/kpis.csv").content)
    page = browser.get("/w/fjellsport/kpis/").content.decode()
    shown = cells(page, "board-table")

    # The file has the API's numbers, money in whole units; only parts of a whole have numerator and denominator.
    lines = {line[1]: line for line in sheet[1:]}
    for slug, row in told.items():
        scale = MICROS if row["unit"] == "money" else 1
        amounts = (row["actual"], row["target"], row["expected"], *(row["forecast"][name] for name in ("low", "high")))
        line = lines[slug]
        written = [float(cell) for cell in (line[3], line[4], line[5], line[7], line[8])]
        assert written == pytest.approx([each / scale for each in amounts]), slug
        assert (line[10], line[11]) == (
            (str(round(row["numerator"])), str(row["denominator"])) if slug == "reach" else ("", "")
        )
    book = load_workbook(io.BytesIO(browser.get("/w/fjellsport/kpis.xlsx").content)).worksheets[0]
    for row_of_cells, line in zip(book.iter_rows(), sheet, strict=True):
        assert all(is_same(cell, text) for cell, text in zip(row_of_cells, line, strict=False)), line

    # The page shows them in their unit, leads to the metric on the target's days, and says the formula in words.
    for slug, row in told.items():
        (line,) = (each for each in shown if each[0].startswith(slug))
        assert line[1].startswith(in_unit(row["actual"], row["unit"], "NOK")), line
        assert in_unit(row["target"], row["unit"], "NOK") in line[1], line
    assert "metrics=metric%3Aworth&amp;by=channel&amp;period=custom&amp;from=2026-11-04&amp;to=2026-11-30" in page
    assert "Value after refunds (Sale) ÷ Sessions. Higher is better." in page
    reach = told["reach"]
    (line,) = (each for each in shown if each[0].startswith("reach"))
    assert f"{figures.basis(reach['numerator'], reach['denominator'])} sessions" in " ".join(line)

    # Behind a link, in a snapshot and in a mail stands the same board.
    assert cells(read(make_link(lead, "overview", {})), "board-table") == shown
    kept = take(lead, "overview", {})
    assert csv_rows(browser.get(f"{kept}table-1.csv").content) == sheet
    (mailed, *_others) = tables_of(html_of(try_out(make_schedule(lead, "overview", {}), lead)))
    assert {line[0] for line in mailed[1:]} >= set(METRICS)


def test_no_measure_of_a_goal_is_without_its_drawing() -> None:
    assert set(ON_GOAL_PAGE) == {"count", "value", "rate", "average"}


def test_the_api_s_figures_are_those_that_the_plan_was_made_with(goal: Goal, lead: Membership) -> None:
    program: Any = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})
    found = program.get("/api/v1/targets").json()["results"]
    assert {(row["kpi"], row["value"]) for row in found} == {
        ("steps", "300"), ("per-session", "0.8"), ("kept", "0.9"), ("worth", "150"), ("reach", "0.4"),
    }  # fmt: skip

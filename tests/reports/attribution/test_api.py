"""The attribution report over HTTP: the page's answer, refusals, and what it is described as."""

import pytest
from django.test import Client

from goals.models import Goal
from reports.attribution.question import COMPARED_MODELS
from tests.builders import make_token
from tests.reports.asks import csv_rows
from tests.reports.attribution.asks import RANGE, filled, found, histories
from tests.reports.lake import make_goal
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

ADDRESS = "/api/v1/reports/attribution/sale"
ASKED = RANGE | {"by": "source", "models": "last,linear", "base": "linear", "click": "60", "direct": "keep"}


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    goal = make_goal(shop)
    filled(shop, histories())
    return goal


@pytest.fixture
def program(lead: Membership) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})


def test_the_api_gives_the_page_s_answer(shop: Workspace, goal: Goal, program: Client, lead: Membership) -> None:
    told, result = program.get(ADDRESS, ASKED).json(), found(shop, goal, **ASKED)
    assert told["state"] == "ready"
    assert [row["key"] for row in told["rows"]] == [row.key for row in result.rows]
    for row, other in zip(told["rows"], result.rows, strict=True):
        cells = [
            (cell["model"], cell["conversions"], cell["value_micros"], cell["difference"]) for cell in row["models"]
        ]
        assert cells == [(cell.model, cell.conversions, cell.value, cell.change) for cell in other.cells]
    assert [path["keys"] for path in told["paths"]] == [list(path.keys) for path in result.paths]
    browser = Client()
    browser.force_login(lead.user)
    sheet = csv_rows(browser.get("/w/fjellsport/attribution.csv", ASKED).content)
    assert [float(row[1]) for row in sheet[1:-2]] == [row["models"][1]["conversions"] for row in told["rows"]]
    assert float(sheet[-2][1]) == told["totals"]["conversions"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"models": "best"}, "invalid_parameter"),
        ({"base": "first", "models": "last"}, "invalid_parameter"),
        ({"click": "91"}, "invalid_parameter"),
        ({"direct": "yes"}, "invalid_parameter"),
        ({"model": "last"}, "invalid_parameter"),
    ],
    ids=["model", "base that is not shown", "window", "direct", "the goal page's parameter"],
)
def test_what_means_nothing_is_refused(goal: Goal, program: Client, params: dict[str, str], code: str) -> None:
    response = program.get(ADDRESS, params)
    assert response.status_code == 400
    assert code in response.content.decode()


def test_the_description_names_the_models(program: Client) -> None:
    text = program.get("/api/v1/schema/").content.decode()
    assert "reports_attribution" in text
    assert all(model in text for model in COMPARED_MODELS)

"""The page of platform claims, the costs on the attribution page, their files and the API: one answer everywhere."""

import pytest
from django.test import Client

from goals.models import Goal
from reports.reconciliation.spending import SPENT_BY
from tests.builders import make_token
from tests.reports.asks import cells, csv_rows
from tests.reports.attribution.asks import RANGE, filled
from tests.reports.lake import hit, make_goal
from tests.reports.reconciliation.ads import imported
from tests.reports.reconciliation.reference import REPORTS, drawn
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

ATTRIBUTION = "/w/fjellsport/attribution/"
CLAIMS = f"{ATTRIBUTION}claims/"
API = "/api/v1/reports"


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    goal = make_goal(shop)
    filled(shop, drawn(1))
    imported(shop, *REPORTS)
    return goal


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


@pytest.fixture
def program(lead: Membership) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})


def test_page_file_and_api_say_the_same_of_claims(goal: Goal, browser: Client, program: Client) -> None:
    page = browser.get(CLAIMS, RANGE | {"models": "linear", "base": "linear"}).content.decode()
    told = program.get(f"{API}/reconciliation/sale", RANGE | {"model": "linear"}).json()
    sheet = csv_rows(browser.get(f"{ATTRIBUTION}claims.csv", RANGE | {"models": "linear", "base": "linear"}).content)
    shown = cells(page, "claims-table")
    names = {"google_ads": "Google Ads", "meta": "Meta", "microsoft_ads": "Microsoft Advertising"}
    assert [row[0] for row in shown[1 : 1 + len(told["platforms"])]] == [
        names[each["platform"]] for each in told["platforms"]
    ]
    assert sum(float(row[3] or 0) for row in sheet[1:]) == pytest.approx(told["conversions"], abs=1e-9)
    assert sum(float(row[2] or 0) for row in sheet[1:]) == told["claimed"] == 18
    mine = {(names[each["platform"]], each["label"]): each for each in told["campaigns"]}
    counted = [row for row in sheet[1:] if (row[0], row[1].lstrip("'")) in mine and row[3]]
    assert len(counted) == len(mine)
    for row in counted:
        each = mine[row[0], row[1]]
        assert float(row[3]) == each["credited"]
        assert row[2] == ("" if each["claimed"] is None else f"{each['claimed']:g}")
    winter = [row for row in sheet[1:] if row[1] == "Winter, winter"]
    assert [(row[7], row[9]) for row in winter] == [("19", "EUR"), ("11", "NOK")]
    assert told["several"] > 0, "no name of two platforms was drawn"
    for words in ("Google Ads claims 11, we credit", "also claimed by another", "nobody came by it",
                  "in no report of these days", "their reports have campaigns of the same name", "not said",
                  "Reports are sums, so nobody can see"):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize("by", SPENT_BY)
def test_page_file_and_api_say_the_same_of_costs(goal: Goal, browser: Client, program: Client, by: str) -> None:
    asked = RANGE | {"by": by, "models": "last,first", "base": "first"}
    shown = cells(browser.get(ATTRIBUTION, asked).content.decode(), "costs-table")
    told = program.get(f"{API}/costs/sale", RANGE | {"by": by, "model": "first"}).json()
    sheet = csv_rows(browser.get(f"{ATTRIBUTION}costs.csv", asked).content)
    assert len(shown) == len(told["rows"]) + 2
    assert shown[-1][0] == "Total"
    total = {each["currency"]: each["micros"] for each in told["total"]["cost"]}
    assert total == {"EUR": 19_000_000, "NOK": 215_000_000}
    for currency, micros in total.items():
        rows = [float(row[1]) for row in sheet[1:] if row[2] == currency]
        assert sum(rows[:-1]) == pytest.approx(rows[-1])
        assert rows[-1] == micros / 1_000_000
    assert told["total"]["cost_per_conversion"] is None, "two currencies were added up"
    assert [row["conversions"] for row in told["rows"]] == [float(row[3]) for row in sheet[1:] if row[3]][:-1]


def test_the_attribution_page_says_nothing_of_costs_that_nobody_imported(shop: Workspace, browser: Client) -> None:
    make_goal(shop)
    filled(shop, [hit("a"), hit("a", minutes=5, name="purchase")])
    assert "costs-table" not in browser.get(ATTRIBUTION, RANGE).content.decode()
    empty = browser.get(CLAIMS, RANGE).content.decode()
    assert "No reports of these days" in empty
    assert "claims-table" not in empty


def test_the_two_pages_keep_the_question_when_one_leads_to_the_other(goal: Goal, browser: Client) -> None:
    asked = RANGE | {"models": "last,linear", "base": "linear", "click": "7", "direct": "keep", "by": "source"}
    for address in (ATTRIBUTION, CLAIMS):
        page = browser.get(address, asked).content.decode()
        for wanted in ("base=linear", "click=7", "direct=keep", "by=source"):
            assert f"{wanted}" in page.split('class="tabs"')[1].split("</nav>")[0], (address, wanted)
    page = browser.get(CLAIMS, RANGE).content.decode()
    assert "base=time_decay" in page
    assert browser.get(CLAIMS, RANGE | {"models": "best"}).status_code == 400


def test_claims_without_goals_events_or_rules_say_so(shop: Workspace, browser: Client) -> None:
    assert "No goals yet" in browser.get(CLAIMS).content.decode()
    assert browser.get(f"{ATTRIBUTION}claims.csv").status_code == 200
    assert browser.get(f"{ATTRIBUTION}costs.csv").status_code == 200
    goal = make_goal(shop)
    assert "Connect a source" in browser.get(CLAIMS).content.decode()
    filled(shop, [hit("a", name="purchase")])
    with scope.in_workspace(shop.pk):
        goal.rules.all().delete()
    assert "Say what counts" in browser.get(CLAIMS).content.decode()


@pytest.mark.parametrize(
    ("address", "params"),
    [
        ("reconciliation", {"model": "best"}), ("reconciliation", {"by": "channel"}),
        ("reconciliation", {"click": "91"}),
        ("costs", {"by": "landing"}), ("costs", {"models": "last"}),
    ],
)  # fmt: skip
def test_the_api_refuses_what_means_nothing(goal: Goal, program: Client, address: str, params: dict[str, str]) -> None:
    assert program.get(f"{API}/{address}/sale", params).status_code == 400


def test_the_description_holds_both_reports(program: Client) -> None:
    text = program.get("/api/v1/schema/").content.decode()
    assert "reports_reconciliation" in text
    assert "reports_costs" in text

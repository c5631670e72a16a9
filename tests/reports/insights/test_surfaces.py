"""Page, API, CSV and workbook of conversion insights say the same; whoever may not see them sees nothing."""

import io
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from reports import figures
from reports.insights.charting import writer
from reports.insights.contents import COLUMNS
from reports.insights.metrics import METRICS
from reports.insights.totals import PARTS, SPLIT_METRICS
from tests.builders import make_token
from tests.reports.asks import cells, csv_rows
from tests.reports.insights.asks import RANGE, histories, open_shop, refill
from tests.reports.lake import NOW, hit, make_goal
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

PAGE = "/w/fjellsport/insights/"
QUESTIONS = [
    {},
    {"metric": "revenue", "split": "content", "view": "30", "content": "paid", "interval": "day"},
    {"metric": "aov", "second": "purchasers", "account": "north", "sort": "carts"},
    {"metric": "impressions", "split": "format", "engagement": "off", "content": "organic"},
    {"visit": "none", "cart": "none", "metric": "visits"},
]
MICROS = 1_000_000


@dataclass
class Doors:
    """The ways to the figures."""

    browser: Client
    program: Client

    def page(self, **params: str) -> str:
        answer = self.browser.get(PAGE, RANGE | params)
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode()

    def api(self, **params: str) -> dict[str, Any]:
        answer = self.program.get("/api/v1/reports/insights", RANGE | params)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def csv(self, table: str, **params: str) -> list[list[str]]:
        return csv_rows(self.browser.get(f"{PAGE}{table}.csv", RANGE | params).content)

    def xlsx(self, table: str, **params: str) -> list[list[Any]]:
        body = self.browser.get(f"{PAGE}{table}.xlsx", RANGE | params).content
        return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(body)).worksheets[0].iter_rows()]


@pytest.fixture
def doors(shop: Workspace, lead: Membership, monkeypatch: pytest.MonkeyPatch) -> Doors:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    open_shop(shop, histories(11))
    browser = Client()
    browser.force_login(lead.user)
    return Doors(browser, Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"}))


def scaled(metric: str, value: int | None) -> float | None:
    """Give an API's number as files hold it."""
    return value / MICROS if value is not None and METRICS[metric].unit == "money" else value


def number(text: str) -> float | None:
    return float(text) if text else None


@pytest.mark.parametrize("params", QUESTIONS, ids=lambda params: "-".join(params) or "usual")
def test_page_api_and_files_give_identical_figures(doors: Doors, params: dict[str, str]) -> None:
    found, page = doors.api(**params), doors.page(**params)
    assert found["state"] == "ready"
    assert any(figure["all"] for figure in found["figures"]), "needs figures"
    check_cards(found, doors, page, params)
    check_split(found, doors, page, params)
    check_trend(found, doors, params)
    check_contents(found, doors, page, params)
    check_activity(found, doors, page, params)
    for table in ("figures", "split", "trend", "activity", "content"):
        plain, book = doors.csv(table, **params), doors.xlsx(table, **params)
        assert len(plain) == len(book), table
        for row, line in zip(plain[1:], book[1:], strict=True):
            numbers = [(text, cell) for text, cell in zip(row, line, strict=False) if isinstance(cell, int | float)]
            assert all(float(text) == pytest.approx(cell, rel=1e-14) for text, cell in numbers), (table, row)


def check_cards(found: dict[str, Any], doors: Doors, page: str, params: dict[str, str]) -> None:
    sheet = doors.csv("figures", **params)[1:]
    texts = re.findall(r'<div class="panel figure[^>]*><dt>([^<]+)</dt><dd><span[^>]*>([^<]+)</span>', page)
    assert [name for name, _ in texts] == [row[0] for row in sheet] == [str(each.label) for each in METRICS.values()]
    for figure, row, (_name, text) in zip(found["figures"], sheet, texts, strict=True):
        metric = figure["metric"]
        expected = [scaled(metric, figure[content]) for content in ("all", "paid", "organic")]
        assert [number(cell) for cell in row[1:4]] == expected, metric
        shown = figure[params.get("content", "all")]
        written = figures.money(shown, "NOK") if METRICS[metric].unit == "money" else figures.count(shown)
        assert text == (written.text if shown is not None else "not known"), metric


def check_split(found: dict[str, Any], doors: Doors, page: str, params: dict[str, str]) -> None:
    order = (*PARTS, "total", "(none)")
    parts = {row["part"]: [row[metric] for metric in SPLIT_METRICS] for row in found["paid_split"]}
    sheet = doors.csv("split", **params)[1:]
    shown = cells(page, "split-table")[1:]
    for key, row, line in zip(order, sheet, shown, strict=True):
        pairs = list(zip(SPLIT_METRICS, parts[key], strict=True))
        assert [number(cell) for cell in row[1:]] == [scaled(*pair) for pair in pairs], key
        assert line[1:] == [written(*pair) for pair in pairs], key


def check_trend(found: dict[str, Any], doors: Doors, params: dict[str, str]) -> None:
    sheet = doors.csv("trend", **params)
    assert [cell.lstrip("'") for cell in sheet[0][2:]] == [*(line["label"] for line in found["lines"]), "Annotations"]
    for place, bucket in enumerate(found["buckets"]):
        row = sheet[place + 1]
        assert row[:2] == [bucket["since"], bucket["until"]]
        expected = [scaled(line["metric"], line["values"][place]) for line in found["lines"]]
        assert [number(cell) for cell in row[2:-1]] == expected
    if found["lines"]:
        wholes = [scaled(line["metric"], line["whole"]) for line in found["lines"]]
        assert [number(cell) for cell in sheet[-1][2:-1]] == wholes


def check_contents(found: dict[str, Any], doors: Doors, page: str, params: dict[str, str]) -> None:
    sheet, shown = doors.csv("content", **params)[1:-1], cells(page, "content-table")[1:-1]
    for row, line, told in zip(found["contents"], sheet, shown, strict=True):
        pairs = [(name, row[name]) for name in COLUMNS]
        assert (line[0].lstrip("'"), told[0]) == (row["label"], row["label"])
        assert [number(cell) for cell in line[1:]] == [scaled(*pair) for pair in pairs]
        assert told[1:] == [written(*pair) for pair in pairs]


def check_activity(found: dict[str, Any], doors: Doors, page: str, params: dict[str, str]) -> None:
    each = found["activity"]
    persons = [each[name] for name in ("audience", "visited", "carted", "bought") if each[name] is not None]
    assert persons == sorted(persons, reverse=True)
    assert [int(row[1]) for row in doors.csv("activity", **params)[1:]] == persons
    assert [row[1] for row in cells(page, "activity-table")[1:]] == [figures.number(n) for n in persons]
    assert 0 <= each["purchase_rate"] <= 1


def written(metric: str, value: int | None) -> str:
    return "–" if value is None else writer(metric, "NOK")(value)


def test_text_from_events_is_escaped_and_starts_no_formula(doors: Doors) -> None:
    page = doors.page(split="content")
    assert "<b>autumn</b>" not in page
    assert "&lt;b&gt;autumn&lt;/b&gt;" in page
    sheets = [row for table in ("content", "trend", "figures") for row in doors.csv(table, split="content")]
    assert "'=cmd|x" in {cell for row in sheets for cell in row}
    assert not [cell for row in sheets for cell in row if cell.startswith(("=", "+", "@", "\t"))]


def test_an_account_s_name_is_text_wherever_it_stands(shop: Workspace, doors: Doors) -> None:
    name = "<script>alert(1)</script>"
    ad = hit("p1", name="ad_impression", channel="paid_social", properties=f'{{"account":"{name}"}}')
    refill(shop, [*histories(11), ad])
    page = doors.page(account=name)
    assert name not in page
    assert "&lt;script&gt;alert(1)" in page
    assert doors.api(account=name)["accounts"] == [name, "north", "south"]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"checkout": "nothing"}, "checkout"), ({"visit": "nothing"}, "visit"), ({"cart": ""}, "cart"),
        ({"content": "free"}, "content"), ({"metric": "clicks2"}, "metric"), ({"split": "person"}, "split"),
        ({"second": "checkouts"}, "second"), ({"second": "aov", "split": "device"}, "second"),
        ({"sort": "revenue"}, "sort"), ({"view": "91"}, "view"), ({"click": "-1"}, "click"),
        ({"account": "x" * 201}, "account"), ({"from": "yesterday"}, "from"),
        ({"to": "2020-01-01"}, "to"), ({"interval": "hour"}, "interval"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_named_and_never_an_error(doors: Doors, params: dict[str, str], field: str) -> None:
    refused = doors.program.get("/api/v1/reports/insights", RANGE | params)
    assert refused.status_code == 400
    assert f"?{field}" in refused.content.decode()
    page = doors.browser.get(PAGE, RANGE | params)
    assert page.status_code == 400
    assert f"<code>{field}=" in page.content.decode()
    assert doors.browser.get(f"{PAGE}content.csv", RANGE | params).status_code == 200


def test_parameters_that_there_are_not_are_refused_by_the_api_alone(doors: Doors) -> None:
    assert doors.program.get("/api/v1/reports/insights", {"utm_source": "mail"}).status_code == 400
    assert doors.browser.get(PAGE, {"utm_source": "mail"}).status_code == 200


def test_the_address_holds_the_question(doors: Doors) -> None:
    asked = doors.api(metric="aov", second="saves", account="south", view="7", click="off", sort="visits")["question"]
    again = doors.program.get("/api/v1/reports/insights", asked).json()
    assert again["question"] == asked
    assert (asked["account"], asked["click"], asked["second"]) == ("south", "off", "saves")


def test_roles_without_a_goal_are_said_and_never_zero(doors: Doors) -> None:
    params = {"visit": "none", "cart": "none"}
    page, found = doors.page(**params), doors.api(**params)
    assert page.count("no goal for this: choose one") == 2
    assert "Left out, since no goal is chosen for it: Page visit goal, Add to cart goal." in page
    figures_by = {each["metric"]: each for each in found["figures"]}
    assert figures_by["visits"]["all"] is None
    assert found["activity"]["visited"] is None
    assert {row["carts"] for row in found["paid_split"]} == {None}


def test_empty_states_say_why(
    client: Client, shop: Workspace, lead: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    client.force_login(lead.user)
    assert "No goals yet" in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}figures.csv").status_code == 200
    make_goal(shop)
    assert 'class="empty' in client.get(PAGE).content.decode()
    open_again = histories(12)
    with scope.in_workspace(shop.pk):
        shop.goals.all().delete()
    open_shop(shop, open_again)
    early = client.get(PAGE, {"from": "2026-01-01", "to": "2026-01-31"}).content.decode()
    assert "These days lie before the first figures" in early
    assert "Nothing is shown before" in early
    nothing = client.get(PAGE, {"from": "2026-11-20", "to": "2026-11-20"}).content.decode()
    assert "Nothing on these days" in nothing
    half = client.get(PAGE, {"from": "2026-01-01", "to": "2026-11-20"}).content.decode()
    assert 'data-notice="before"' in half
    assert 'id="split-table"' in half


def test_a_table_that_there_is_not_is_not_found(doors: Doors) -> None:
    assert doors.browser.get("/w/fjellsport/insights/everything.csv").status_code == 404


def test_who_is_not_a_member_finds_nothing(doors: Doors, outsider: Membership) -> None:
    doors.browser.force_login(outsider.user)
    for path in (PAGE, "/w/fjellsport/insights/content.csv", "/w/fjellsport/insights/content.xlsx"):
        assert doors.browser.get(path).status_code == 404, path
    other = Client(headers={"Authorization": f"Bearer {make_token(outsider, Scope.READ)}"})
    assert other.get("/api/v1/reports/insights").json()["code"] == "no_goals"
    assert Client().get("/api/v1/reports/insights").status_code == 401

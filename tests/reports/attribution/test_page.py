"""The attribution page, its file, and the button that makes the windows shown the default."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from goals.models import Goal
from reports import figures
from tests.reports.asks import cells, csv_rows
from tests.reports.attribution.asks import RANGE, answered, filled, found, histories
from tests.reports.lake import hit, make_goal
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace

PAGE = "/w/fjellsport/attribution/"


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    goal = make_goal(shop)
    filled(shop, histories())
    return goal


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


def table(client: Client, name: str = "models-table", **params: str) -> list[list[str]]:
    return cells(client.get(PAGE, RANGE | params).content.decode(), name)


def test_the_page_shows_every_model_s_credits_and_the_total(shop: Workspace, goal: Goal, browser: Client) -> None:
    rows = table(browser, models="last,first,linear", base="last")
    result = found(shop, goal, models="last,first,linear", base="last")
    assert rows[0][1:-1] == ["Last touch that was not direct", "First touch", "Linear"]
    assert [row[0] for row in rows[2:]] == [*(row.label for row in result.rows), "Total"]
    shown = [row[1].split()[0] for row in rows[2:-1]]
    assert [
        text.startswith(figures.count(row.cells[0].conversions).exact)
        for text, row in zip(shown, result.rows, strict=True)
    ]
    assert {rows[-1][place] for place in (1, 3, 6)} == {str(result.conversions)}


def test_the_file_holds_what_the_page_shows_and_its_columns_add_up(
    shop: Workspace, goal: Goal, browser: Client
) -> None:
    sheet = csv_rows(
        browser.get("/w/fjellsport/attribution.csv", RANGE | {"by": "campaign", "models": "last,linear"}).content
    )
    result = found(shop, goal, by="campaign", models="last,linear")
    labels = [row[0] for row in sheet[1:-2]]
    assert [label.lstrip("'") for label in labels] == [row.label for row in result.rows]
    assert "'=sum(A1)" in labels
    for column in (1, 3, 5, 7):
        numbers = [float(row[column]) for row in sheet[1:-2]]
        assert sum(numbers) == pytest.approx(float(sheet[-2][column]), abs=1e-6), sheet[0][column]
    assert sum(float(row[9] or 0) for row in sheet[1:-2]) == pytest.approx(0, abs=1e-9)


def test_every_choice_is_a_link_that_asks_for_it(goal: Goal, browser: Client) -> None:
    page = browser.get(PAGE, RANGE | {"by": "source"}).content.decode()
    links = set(re.findall(r'href="\?([^"#]+)', page))
    assert len(links) > 40, "the menus are missing"
    for wanted in ("by=landing", "models=last%2Cfirst", "base=linear", "click=90", "view=off", "direct=never",
                   "shares=attributed", "period=28d", "compare=year"):  # fmt: skip
        assert any(wanted in link for link in links), wanted
    assert all("by=source" in link or "by=" in link for link in links)


def test_a_row_opens_to_journeys_whose_weights_are_the_credits(shop: Workspace, browser: Client) -> None:
    make_goal(shop)
    visits = [
        hit("a", days=-50, channel="display"),
        hit("a", channel="email"),
        hit("a", days=1),
        hit("a", days=2, channel="referral"),
    ]
    filled(shop, [*visits, hit("a", days=2, minutes=1, name="purchase", value=500)])
    page = browser.get(PAGE, RANGE | {"open": "email", "models": "first,linear"}).content.decode()
    assert "Behind E-mail" in page
    for words in ("older than the window of 30 days", "direct gives way to another touch", "touch 1 of 2 in the path",
                  "2 touches in the path", "100\u00a0%", "50\u00a0%"):  # fmt: skip
        assert words in page, words
    assert "person" not in page.split("Behind E-mail")[1].split("</section>")[0]


def test_the_row_of_none_opens_to_conversions_that_nothing_touched(goal: Goal, browser: Client) -> None:
    page = browser.get(
        PAGE, RANGE | {"open": "(none)", "click": "off", "view": "off", "engagement": "off"}
    ).content.decode()
    assert "touches of this type are off" in page


def test_what_the_address_gets_wrong_is_named_and_the_rest_holds(goal: Goal, browser: Client) -> None:
    response = browser.get(PAGE, RANGE | {"goal": "gone", "models": "best,linear", "click": "91", "by": "source"})
    page = response.content.decode()
    assert response.status_code == 400
    for words in ("There is no such goal.", "<code>models=best</code>", "<code>click=91</code>"):
        assert words in page, words
    assert cells(page, "models-table")[1][0] == "Source"


def test_five_reasons_for_no_figures(shop: Workspace, browser: Client, goal: Goal) -> None:
    assert (
        "No conversions in this period"
        in browser.get(PAGE, {"from": "2026-11-21", "to": "2026-11-21"}).content.decode()
    )
    make_goal(shop, "Nobody yet", event="never")
    assert "being computed" in browser.get(PAGE, {"goal": "nobody-yet"}).content.decode()
    with scope.in_workspace(shop.pk):
        goal.rules.all().delete()
    assert "Say what counts" in browser.get(PAGE).content.decode()
    with scope.in_workspace(shop.pk):
        shop.goals.all().delete()
    assert "No goals yet" in browser.get(PAGE).content.decode()


def test_before_any_event_the_page_says_so(shop: Workspace, browser: Client) -> None:
    make_goal(shop)
    assert "Connect a source" in browser.get(PAGE).content.decode()


@pytest.mark.parametrize("report", ["attribution", "insights"])
def test_an_owner_makes_the_windows_shown_the_default(
    shop: Workspace, goal: Goal, owner: Membership, report: str
) -> None:
    client = Client()
    client.force_login(owner.user)
    shown = f"/w/fjellsport/{report}/?view=off&engagement=7&click=14"
    page = client.get(shown).content.decode()
    (address,) = re.findall(r'<form method="post"[^>]*action="([^"]*/windows/[^"]*)"', page)
    answer = client.post(html.unescape(address), follow=True)
    ((asked, _status),) = answer.redirect_chain
    assert asked.startswith(f"/w/fjellsport/{report}/?")
    assert "view=off&engagement=7&click=14" in asked
    assert "These windows are the default now: click 14 days · engagement 7 days · view off." in text_of(answer)
    assert "The windows shown are the default" in text_of(answer)
    with scope.in_workspace(shop.pk):
        shop.refresh_from_db()
        entry = AuditEntry.objects.get(act="changed")
    assert entry.after == {"view_days": 0, "engagement_days": 7, "click_days": 14}
    assert (shop.view_days, shop.engagement_days, shop.click_days) == (0, 7, 14)
    assert answered(shop, goal).asked.click_days == 14


@pytest.mark.parametrize("report", ["attribution", "insights"])
def test_windows_that_nobody_may_or_can_have_change_nothing(
    shop: Workspace, browser: Client, goal: Goal, owner: Membership, report: str
) -> None:
    address = f"/w/fjellsport/{report}/windows/"
    assert "windows/?" not in browser.get(f"/w/fjellsport/{report}/?click=14").content.decode()
    assert browser.post(f"{address}?view=off&engagement=7&click=14").status_code == 403
    client = Client()
    client.force_login(owner.user)
    assert client.get(f"{address}?click=14").status_code == 405
    answer = client.post(f"{address}?view=off&engagement=7&click=91", follow=True)
    assert "The default windows are as they were" in text_of(answer)
    with scope.in_workspace(shop.pk):
        shop.refresh_from_db()
        assert not AuditEntry.objects.filter(act="changed").exists()
    assert (shop.view_days, shop.engagement_days, shop.click_days) == (1, 30, 30)


def text_of(answer: Any) -> str:  # of Django's test client
    return html.unescape(answer.content.decode()).replace("\xa0", " ")

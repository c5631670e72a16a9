"""One goal by segment: the figures of the segments' own pages, the same on page, in files and over HTTP."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from reports import figures
from reports.explore.usual import known_of
from reports.segments.of_goal import Answer, answer, asked_of
from tests.builders import make_token
from tests.reports.asks import cells, csv_rows
from tests.reports.explore.asks import histories
from tests.reports.explore.reference import expected
from tests.reports.lake import NOW, make_goal
from tests.reports.segments.asks import RANGE, answered, filled, save
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/w/fjellsport/goals/sale/segments/"
SAVED = {"Buyers": "did at least 2 times: goal sale", "Lookers": "did: event view_item", "Nobody": "did: event never"}


@pytest.fixture
def sold(shop: Workspace) -> Workspace:
    """A shop with six weeks of histories, a goal, and three segments."""
    make_goal(shop)
    filled(shop)
    for name, text in SAVED.items():
        save(shop, text, name)
    return shop


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


def of_goal(shop: Workspace, **params: str) -> Answer:
    with scope.in_workspace(shop.pk):
        known = known_of(shop, now=NOW)
        asked = asked_of(RANGE | params, known)
        return answer(shop, known.goals["sale"], asked, known, now=NOW)


def test_each_segment_says_what_its_own_page_says_and_what_the_reference_counts(sold: Workspace) -> None:
    result = of_goal(sold)
    assert [row.slug for row in result.rows] == ["buyers", "lookers", "nobody"]
    with scope.in_workspace(sold.pk):
        saved = {each.slug: each for each in sold.segments.all()}
    for row in result.rows:
        [own] = answered(sold, saved[row.slug]).goals
        assert (row.inside.rate, row.outside.rate, row.difference) == (own.inside, own.outside, own.difference)
    hits = histories()
    mine = {"lookers": {each.person for each in hits if each.name == "view_item"}}
    bought = [each.person for each in hits if each.name == "purchase"]
    mine["buyers"] = {person for person in bought if bought.count(person) >= 2}
    for row in result.rows[:2]:
        theirs = mine[row.slug]
        sides = [
            expected(sold.zone, hits, [], keeps=lambda visit, p=theirs, want=want: (visit[0].person in p) == want)[()]
            for want in (True, False)
        ]
        counts = [row.inside.conversions, row.outside.conversions]
        assert counts == [each.get("conversions", 0) for each in sides], row.slug
    assert result.rows[0].inside.conversions > 0
    nobody = result.rows[2]
    assert (nobody.inside.conversions, nobody.inside.rate, nobody.difference) == (0, None, None)
    assert result.everybody is not None
    assert result.everybody.rate == nobody.outside.rate


def test_page_files_and_api_say_the_same(sold: Workspace, browser: Client, lead: Membership) -> None:
    result = of_goal(sold)
    program = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})
    told = program.get("/api/v1/reports/goals/sale/segments", RANGE).json()
    sheet = csv_rows(browser.get(f"{PAGE.rstrip('/')}.csv", RANGE).content)[1:]
    book = load_workbook(BytesIO(browser.get(f"{PAGE.rstrip('/')}.xlsx", RANGE).content))
    kept = {row[0]: row for row in book.worksheets[0].iter_rows(values_only=True) if row[0]}
    page = browser.get(PAGE, RANGE).content.decode()
    table = cells(page, "goal-segments")[1:]
    assert len(told["segments"]) == len(result.rows) == len(sheet) - 1 == len(table) - 1 == 3
    for row, one, line, shown in zip(result.rows, told["segments"], sheet, table, strict=False):
        assert one["name"] == line[0] == kept[row.name][0] == shown[0].strip() == row.name
        assert one["inside"]["conversions"] == int(line[1]) == kept[row.name][1] == row.inside.conversions
        assert one["outside"]["conversions"] == int(line[7]) == row.outside.conversions
        if row.inside.rate is None:
            assert (one["inside"]["rate"], line[2], shown[1].strip()) == (None, "", "–")
            continue
        assert one["inside"]["rate"]["value"] == float(line[2]) == row.inside.rate.value
        assert figures.percent(row.inside.rate.value).text in shown[1]
        assert f"{figures.count(row.inside.conversions).exact} conversion" in shown[1]
        assert row.difference is not None
        assert one["difference"]["low"] == float(line[14]) == row.difference.low
    assert 'href="/w/fjellsport/segments/saved/buyers/?' in page


def test_a_segment_that_names_what_is_gone_is_left_out_and_named(sold: Workspace) -> None:
    save(sold, "did: goal gone", "Broken")
    result = of_goal(sold)
    assert result.state == "ready"
    assert len(result.rows) == 3
    assert result.left_out == ("Broken",)


def test_without_segments_the_page_says_what_would_stand_there(shop: Workspace, browser: Client) -> None:
    make_goal(shop)
    filled(shop)
    page = browser.get(PAGE, RANGE)
    assert page.status_code == 200
    assert "No segment to compare" in page.content.decode()


def test_the_goal_s_views_lead_to_each_other_and_to_its_paths(sold: Workspace, browser: Client) -> None:
    goal = browser.get("/w/fjellsport/goals/sale/", RANGE).content.decode()
    assert 'href="/w/fjellsport/goals/sale/segments/?period=custom&amp;from=2026-10-01' in goal
    assert 'href="/w/fjellsport/paths/?point=goal+sale&amp;direction=before' in goal
    own = browser.get("/w/fjellsport/segments/saved/buyers/", RANGE).content.decode()
    assert 'href="/w/fjellsport/goals/sale/segments/?' in own
    assert browser.get(PAGE, {"from": "yesterday"}).status_code == 400

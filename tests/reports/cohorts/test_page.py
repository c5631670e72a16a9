"""The page of cohorts, its files and its API: one answer; what is saved, who may save it, and what stays text."""

import io

import openpyxl
import pytest
from django.test import Client

from reports import figures
from reports.models import CohortTable
from tests.builders import make_token
from tests.reports.asks import cells, csv_rows
from tests.reports.cohorts.asks import RANGE, answered, filled, histories
from tests.reports.lake import hit, make_goal
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

PAGE = "/w/fjellsport/cohorts/"
ASKED = RANGE | {"did": "goal:sale", "count": "up_to", "later": "6"}


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


@pytest.fixture
def program(lead: Membership) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})


@pytest.fixture
def sold(shop: Workspace) -> Workspace:
    """A shop of sixty people and a goal."""
    make_goal(shop)
    filled(shop, histories())
    return shop


def seen(client: Client, address: str = PAGE, **params: str) -> str:
    response = client.get(address, params)
    assert response.status_code == 200, address
    return response.content.decode()


def test_page_files_and_api_say_the_same_of_every_cell(sold: Workspace, browser: Client, program: Client) -> None:
    result = answered(sold, **ASKED)
    told = program.get("/api/v1/reports/cohorts", ASKED).json()
    sheet = csv_rows(browser.get("/w/fjellsport/cohorts.csv", ASKED).content)[1:]
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/w/fjellsport/cohorts.xlsx", ASKED).content))
    kept = [row for row in book.worksheets[0].iter_rows(values_only=True) if row[4] is not None][1:]
    table = cells(seen(browser, **ASKED), "cohorts-table")[1:]
    flat = [(cohort, cell) for cohort in result.cohorts for cell in cohort.cells]
    given = [(cohort, cell) for cohort in told["cohorts"] for cell in cohort["cells"]]
    shown = [row[2 + n] for cohort, row in zip(result.cohorts, table, strict=False) for n in range(len(cohort.cells))]
    assert len(flat) == len(given) == len(shown) == len(sheet) - len(result.together) > 20
    for (cohort, cell), (row, one), line, entry, text in zip(flat, given, sheet, kept, shown, strict=False):
        assert row["persons"] == int(line[8]) == entry[8] == cohort.persons
        assert row["visitors_of_one_day"] == int(line[3]) == entry[3] == cohort.daily
        assert one["later"] == int(line[4]) == entry[4] == cell.later
        assert one["persons"] == int(line[9]) == entry[9] == cell.persons
        assert one["is_whole"] == (line[7] == "yes") == (entry[7] == "yes") == cell.is_whole
        if cell.rate is None:
            assert (one["share"], line[10], entry[10], text) == (None, "", None, "–")
            continue
        assert one["share"]["value"] == float(line[10]) == pytest.approx(entry[10]) == cell.rate.value
        assert one["share"]["low"] == float(line[11]) == cell.rate.low
        assert one["share"]["high"] == float(line[12]) == cell.rate.high
        assert figures.percent(cell.rate.value).text in text
        assert figures.count(cell.persons).exact in text
        assert ("so far" in text) == (not cell.is_whole)
    for each, one, line, text in zip(result.together, told["together"], sheet[len(flat) :], table[-1][2:], strict=True):
        value = each.rate.value if each.rate else None
        assert (one["share"] or {}).get("value") == (float(line[10]) if line[10] else None) == value
        assert (one["cohorts"], int(line[4])) == (each.cohorts, each.later)
        assert figures.percent(value).text in text if each.rate else text == "–"
    assert len(table) == len(result.cohorts) + 1


def test_periods_that_have_not_begun_are_empty(sold: Workspace, browser: Client) -> None:
    table = cells(seen(browser, **RANGE), "cohorts-table")
    last = table[-2]
    assert last[2].strip()
    assert [text.strip() for text in last[3:]] == [""] * (len(table[0]) - 3)
    assert len(table[0]) > 8


def test_visitors_of_one_day_are_named_and_can_be_left_out(sold: Workspace, browser: Client) -> None:
    result = answered(sold)
    page = seen(browser, **RANGE)
    assert f"{result.daily} of {result.persons} are visitors of one day" in page
    assert "cookieless=out" in page
    without = seen(browser, **RANGE, cookieless="out")
    assert f"{result.daily} visitors of one day are left out" in without
    assert figures.count(result.persons - result.daily).exact in cells(without, "cohorts-table")[-1][1]


def test_what_people_sent_stays_text(shop: Workspace, browser: Client) -> None:
    evil = "<script>alert(1)</script>"
    filled(shop, [hit("a", channel=evil), hit("a", days=8)])
    page = seen(browser, **RANGE, channel=evil)
    assert evil not in page
    assert "&lt;script&gt;" in page
    assert len(cells(page, "cohorts-table")) > 2


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"first": "goal:gone"}, "Give one of seen"),
        ({"did": "bought"}, "Give one of back"),
        ({"every": "year"}, "Give one of day, week, month"),
        ({"every": "day", "from": "2026-01-01", "to": "2026-11-21"}, "at most 120 days"),
        ({"later": "31"}, "Give one of 1"),
        ({"count": "twice"}, "Give one of within, up_to"),
        ({"cookieless": "maybe"}, "Give one of in, out"),
        ({"only": "no name"}, "short name of a saved segment"),
        ({"saved": "gone"}, "Give one of"),
    ],
    ids=["goal", "deed", "period", "days", "later", "count", "cookieless", "segment", "saved"],
)
def test_what_means_nothing_is_named_on_the_page_and_refused_by_the_api(
    sold: Workspace, browser: Client, program: Client, params: dict[str, str], said: str
) -> None:
    page = browser.get(PAGE, params)
    assert page.status_code == 400
    assert said in page.content.decode()
    answer = program.get("/api/v1/reports/cohorts", params)
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_cohorts_are_saved_changed_and_removed_with_a_trace(sold: Workspace, browser: Client, program: Client) -> None:
    saved = browser.post(f"{PAGE}new/?first=goal:sale&every=month", {"name": "Buyers"})
    assert saved.headers["Location"] == f"{PAGE}?saved=buyers"
    [told] = program.get("/api/v1/cohorts").json()["cohorts"]
    assert (told["slug"], told["params"]["first"], told["params"]["every"]) == ("buyers", "goal:sale", "month")
    page = seen(browser, saved="buyers", **RANGE)
    assert "First reached: Sale" in page
    assert "Month 1" in page
    changed = browser.post(f"{PAGE}saved/buyers/?every=week", {"name": "Buyers by week", "revision": 1})
    assert changed.status_code == 302
    with scope.in_workspace(sold.pk):
        kept = CohortTable.objects.get()
        assert (kept.name, kept.params["every"], kept.params["first"], kept.revision) == (
            "Buyers by week", "week", "goal:sale", 2,
        )  # fmt: skip
    assert browser.post(f"{PAGE}saved/buyers/remove/").status_code == 302
    with scope.in_workspace(sold.pk):
        assert not CohortTable.objects.exists()
        acts = [entry.act for entry in AuditEntry.objects.filter(workspace=sold).order_by("pk")]
    assert acts[-3:] == ["created", "changed", "deleted"]


def test_a_saved_question_that_names_a_goal_that_is_gone_shows_the_usual_one(sold: Workspace, browser: Client) -> None:
    with scope.in_workspace(sold.pk):
        CohortTable.objects.create(workspace=sold, name="Old", slug="old", params={"first": "goal:gone"})
    page = browser.get(PAGE, {"saved": "old"})
    assert page.status_code == 400
    assert "goal:gone" in page.content.decode()


def test_who_does_not_edit_the_plan_asks_and_does_not_save(sold: Workspace, viewer: Membership) -> None:
    client = Client()
    client.force_login(viewer.user)
    assert "Save as a new question" not in seen(client, **RANGE)
    assert client.post(f"{PAGE}new/", {"name": "Mine"}).status_code == 403


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("no events", "Connect a source"),
        ("nobody", "Nobody joined in this period"),
        ("of one day", "Only visitors of one day joined"),
        ("segment", "names a segment that is gone"),
    ],
    ids=["no events", "nobody", "of one day", "segment"],
)
def test_an_empty_page_says_why(shop: Workspace, browser: Client, made: str, said: str) -> None:
    if made == "no events":
        assert said in seen(browser)
        return
    filled(shop, [hit("d.1"), hit("a", days=-60)])
    asked = {"nobody": {"channel": "email"}, "of one day": {"cookieless": "out"}, "segment": {"only": "gone"}}
    assert said in seen(browser, **RANGE, **asked[made])


def test_another_workspace_s_cohorts_are_not_there(shop: Workspace, browser: Client, outsider: Membership) -> None:
    with scope.in_workspace(outsider.workspace_id):
        CohortTable.objects.create(workspace=outsider.workspace, name="Theirs", slug="theirs")
    assert browser.get(f"{PAGE}saved/theirs/").status_code == 404
    assert browser.get(PAGE, {"saved": "theirs"}).status_code == 400

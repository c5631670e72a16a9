"""The page of paths, its files and its API: one answer; what is saved, who may save it, and what stays text."""

from html import unescape
from re import findall
from urllib.parse import parse_qsl

import pytest
from django.test import Client

from reports import figures
from reports.flows import drawing
from reports.flows.question import read
from reports.flows.usual import known_of
from reports.models import Flow
from tests.builders import make_token
from tests.reports.asks import cells, csv_rows
from tests.reports.flows.asks import EVENTS, RANGE, answered, filled, histories
from tests.reports.lake import NOW, hit, make_goal
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

PAGE = "/w/fjellsport/paths/"
ASKED = RANGE | EVENTS | {"steps": "3", "top": "5"}


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


@pytest.fixture
def program(lead: Membership) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})


def seen(client: Client, address: str = PAGE, **params: str) -> str:
    response = client.get(address, params)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("direction", ["after", "before"])
def test_page_files_and_api_say_the_same_of_every_node(
    shop: Workspace, browser: Client, program: Client, direction: str
) -> None:
    filled(shop, histories())
    asked = ASKED | {"direction": direction}
    result = answered(shop, **asked)
    told = program.get("/api/v1/reports/paths", asked).json()
    sheet = csv_rows(browser.get("/w/fjellsport/paths.csv", asked).content)[2:]
    rows = [row for row in cells(seen(browser, **asked), "paths-table")[1:] if len(row) == 4]
    nodes = [(column, node) for column in result.columns for node in column.nodes]
    given = [(step["number"], node) for step in told["steps"] for node in step["nodes"]]
    assert len(nodes) == len(given) == len(sheet) == len(rows) > 9
    for (column, node), (number, one), row, shown in zip(nodes, given, sheet, rows, strict=True):
        assert number == int(row[0]) == column.number
        assert one["count"] == int(row[3]) == node.count
        assert one["share"] == float(row[4]) == node.share
        assert one["label"] == row[2] == shown[0]
        assert shown[1] == figures.count(node.count).exact
    moves = csv_rows(browser.get("/w/fjellsport/paths/moves.csv", asked).content)[1:]
    wanted = [(step["number"], move["count"]) for step in told["steps"] for move in step["moves"]]
    assert [(int(row[0]), int(row[3])) for row in moves] == wanted
    assert told["begun"] == told["narrowed"] == sum(node["count"] for node in told["steps"][0]["nodes"])


def test_the_picture_has_a_bar_a_node_and_a_band_a_move(shop: Workspace, browser: Client) -> None:
    filled(shop, histories())
    result = answered(shop, **ASKED)
    page = seen(browser, **ASKED)
    drawn = page[page.index('<svg class="paths"') : page.index("</svg>", page.index('<svg class="paths"'))]
    assert drawn.count("<rect") == 1 + sum(len(column.nodes) for column in result.columns)
    assert drawn.count("<path") == sum(len(column.links) for column in result.columns)


def test_bands_fill_their_bars_to_the_end(shop: Workspace) -> None:
    filled(shop, histories())
    for direction in ("after", "before"):
        result = answered(shop, **ASKED, direction=direction)
        laid = drawing.picture(result)
        for bar in laid.bars:
            into = [band.link.count for band in laid.bands if (band.column, band.link.here) == (bar.column, bar.place)]
            if bar.column:
                assert sum(into) * drawing.FULL / result.narrowed == pytest.approx(bar.height, abs=1)
        assert {bar.x for bar in laid.bars} == set(laid.heads)


def test_the_address_holds_the_whole_question(shop: Workspace, browser: Client) -> None:
    filled(shop, histories())
    page = unescape(seen(browser, **ASKED, per="persons", window="7", depth="2", folders="/a/*, /b*"))
    for wanted in ("per=persons", "window=7", "depth=2", "folders=%2Fa%2F%2A%2C+%2Fb%2A", "show=events", "steps=3"):
        assert wanted in page, wanted


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"direction": "before", "show": "goals", "steps": "20", "top": "50", "repeats": "apart"},
        {"saved": "kept", "point": "", "via2": "page /a b*", "folders": "/a/* /b*", "depth": "3", "window": "90"},
        {"saved": "kept", "per": "persons", "from": "2026-11-01", "to": "2026-11-02"},
    ],
    ids=["usual", "all", "over what is saved", "saved"],
)
def test_a_question_is_read_again_from_its_own_address(shop: Workspace, params: dict[str, str]) -> None:
    with scope.in_workspace(shop.pk):
        kept = {"point": "event search", "show": "both", "folders": "/c/*"}
        Flow.objects.create(workspace=shop, name="Kept", slug="kept", params=kept)
        known = known_of(shop, now=NOW)
    asked = read(params, known)
    assert read(dict(parse_qsl(asked.query(), keep_blank_values=True)), known) == asked
    assert asked.is_changed == bool({*params} - {"saved", "from", "to", "via2"})


def test_a_node_leads_on_narrower_as_a_start_and_as_a_funnel(shop: Workspace, browser: Client) -> None:
    filled(shop, histories())
    asked = RANGE | EVENTS | {"steps": "2", "point": "event search"}
    page = seen(browser, **asked)
    table = page[page.index('id="paths-table"') :]
    leads = [unescape(each) for each in findall(r'href="([^"]+)" aria-label', table[: table.index("</table>")])]
    assert leads, "needs nodes that lead on"
    for each in leads:
        response = browser.get(each if each.startswith("/") else PAGE + each)
        assert response.status_code == 200, each
    narrowed = next(each for each in leads if "via1" in each and "via2" not in each)
    assert "went this way" in seen(browser, PAGE + narrowed)
    longer = next(each for each in leads if "via2" in each)
    assert "steps=3" in longer
    funnel = next(each for each in leads if "/funnels/" in each)
    assert "step1=event+search" in funnel
    assert "window=session" in funnel
    assert 'id="funnel-table"' in seen(browser, funnel)


def test_what_people_sent_stays_text(shop: Workspace, browser: Client) -> None:
    evil = "<script>alert(1)</script>"
    filled(shop, [hit("a", name=evil), hit("a", minutes=1, name="=sum(A1)"), hit("a", minutes=2, path=f"/{evil}")])
    page = seen(browser, **RANGE, show="both", folders=f"/{evil}*", point=f'event "{evil}"')
    assert evil not in page
    assert "&lt;script&gt;" in page
    rows = csv_rows(browser.get("/w/fjellsport/paths.csv", RANGE | {"show": "both"}).content)
    assert "'=sum(A1)" in [row[2] for row in rows]
    assert browser.get("/api/v1/reports/paths").status_code == 401


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"point": "goal gone"}, "There is no goal"),
        ({"point": "nonsense"}, "starts no rule"),
        ({"direction": "sideways"}, "Give one of after, before"),
        ({"show": "colours"}, "Give one of pages"),
        ({"steps": "21"}, "Give one of"),
        ({"window": "91"}, "from 1 to 90"),
        ({"folders": "products"}, "Give patterns such as"),
        ({"folders": " ".join(f"/{n}*" for n in range(21))}, "at most 20"),
        ({"depth": "4"}, "Give one of"),
        ({"via1": "cart"}, "Give what the step shows"),
        ({"via3": "page /", "steps": "2"}, "There are 2 steps"),
        ({"saved": "gone"}, "Give one of"),
    ],
    ids=["goal", "rule", "direction", "show", "steps", "window", "folder", "folders", "depth", "via", "far", "saved"],
)
def test_what_means_nothing_is_named_on_the_page_and_refused_by_the_api(
    shop: Workspace, browser: Client, program: Client, params: dict[str, str], said: str
) -> None:
    filled(shop, histories())
    page = browser.get(PAGE, params)
    assert page.status_code == 400
    assert said in page.content.decode()
    answer = program.get("/api/v1/reports/paths", params)
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_paths_are_saved_changed_and_removed_with_a_trace(shop: Workspace, browser: Client, program: Client) -> None:
    filled(shop, histories())
    saved = browser.post(f"{PAGE}new/?point=event+search&show=events&steps=2&via1=event+a", {"name": "From search"})
    assert saved.headers["Location"] == f"{PAGE}?saved=from-search"
    [told] = program.get("/api/v1/paths").json()["paths"]
    assert (told["slug"], told["params"]["point"], told["params"]["steps"]) == ("from-search", "event search", "2")
    assert "via1" not in told["params"]
    page = seen(browser, saved="from-search", **RANGE)
    assert "From search" in page
    given = program.get("/api/v1/reports/paths", RANGE | {"saved": "from-search"}).json()
    assert given["steps"] == program.get("/api/v1/reports/paths", RANGE | told["params"]).json()["steps"]
    changed = browser.post(f"{PAGE}saved/from-search/?direction=before", {"name": "To search", "revision": 1})
    assert changed.status_code == 302
    with scope.in_workspace(shop.pk):
        kept = Flow.objects.get()
        assert (kept.name, kept.params["direction"], kept.params["show"]) == ("To search", "before", "events")
        assert kept.revision == 2
    assert browser.post(f"{PAGE}saved/from-search/remove/").status_code == 302
    with scope.in_workspace(shop.pk):
        assert not Flow.objects.exists()
        acts = [entry.act for entry in AuditEntry.objects.filter(workspace=shop).order_by("pk")]
    assert acts[-3:] == ["created", "changed", "deleted"]


def test_a_saved_question_whose_goal_is_gone_says_so(shop: Workspace, browser: Client) -> None:
    filled(shop, histories())
    with scope.in_workspace(shop.pk):
        Flow.objects.create(workspace=shop, name="Old", slug="old", params={"point": "goal gone"})
    page = browser.get(PAGE, {"saved": "old"})
    assert page.status_code == 400
    assert "There is no goal" in page.content.decode()


def test_who_does_not_edit_the_plan_asks_and_does_not_save(shop: Workspace, viewer: Membership) -> None:
    filled(shop, histories())
    client = Client()
    client.force_login(viewer.user)
    assert "Save as new paths" not in seen(client, **ASKED)
    assert client.post(f"{PAGE}new/?point=event+a", {"name": "Mine"}).status_code == 403


@pytest.mark.parametrize("made", ["no events", "no goals", "nobody", "no way"])
def test_an_empty_page_says_why(shop: Workspace, browser: Client, made: str) -> None:
    if made == "no events":
        make_goal(shop)
        assert "Connect a source" in seen(browser)
        return
    filled(shop, histories())
    if made == "no goals":
        assert "No goal is noticed yet" in seen(browser, show="goals")
    elif made == "nobody":
        assert "That did not happen on these days" in seen(browser, point="event never")
    else:
        assert "Nobody went this way" in seen(browser, **ASKED, via1="event never")


def test_another_workspace_s_paths_are_not_there(shop: Workspace, browser: Client, outsider: Membership) -> None:
    with scope.in_workspace(outsider.workspace_id):
        Flow.objects.create(workspace=outsider.workspace, name="Theirs", slug="theirs")
    assert browser.get(f"{PAGE}saved/theirs/").status_code == 404
    assert browser.get(PAGE, {"saved": "theirs"}).status_code == 400

"""The funnel page, its files and its API: one answer; what is saved, who may save it, and what stays text."""

import pytest
from django.test import Client

from reports import figures
from reports.models import Funnel
from tests.builders import make_token
from tests.reports.asks import cells, csv_rows
from tests.reports.funnels.asks import RANGE, STEPS, answered, filled, histories
from tests.reports.lake import hit, make_goal
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

PAGE = "/w/fjellsport/funnels/"
ASKED = RANGE | STEPS | {"window": "7", "by": "channel", "interval": "week", "drop": "1"}


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


def test_page_files_and_api_say_the_same_of_every_cell(shop: Workspace, browser: Client, program: Client) -> None:
    filled(shop, histories())
    result = answered(shop, **ASKED)
    told = program.get("/api/v1/reports/funnel", ASKED).json()
    sheet = csv_rows(browser.get("/w/fjellsport/funnels.csv", ASKED).content)[1:]
    page = seen(browser, **ASKED)
    table = cells(page, "funnel-table")[1:]
    assert len(told["steps"]) == len(sheet) == len(table) == 3
    for step, one, row, shown in zip(result.steps, told["steps"], sheet, table, strict=True):
        assert one["persons"] == int(row[2]) == step.persons
        assert one["of_start"]["value"] == float(row[3]) == (step.of_start and step.of_start.value)
        assert one["of_start"]["low"] == float(row[4])
        assert one["lost"] == int(row[7]) == step.lost
        assert one["median_seconds"] == (float(row[9]) if row[9] else None)
        assert one["biggest_drop"] == (row[10] == "yes") == step.is_worst
        assert [each["persons"][step.number - 1] for each in told["segments"]] == [int(n) for n in row[11:]]
        assert shown[1] == figures.count(step.persons).exact
        assert figures.percent(step.of_start.value if step.of_start else None).text in shown[2]
    segments = cells(page, "segments-table")[1:-1]
    wanted = [[figures.count(n).exact for n in each["persons"]] for each in told["segments"]]
    assert [row[1:-1] for row in segments] == wanted
    trend = csv_rows(browser.get("/w/fjellsport/funnels/trend.csv", ASKED).content)[1:]
    spans = [(each["since"], each["entered"], each["completed"]) for each in told["trend"]]
    assert [(row[0], int(row[2]), int(row[3])) for row in trend] == spans
    left = csv_rows(browser.get("/w/fjellsport/funnels/next.csv", ASKED).content)[1:]
    assert [(row[0], int(row[2])) for row in left] == [(each["kind"], each["persons"]) for each in told["next"]]
    shown_left = cells(page, "left-table")[1:]
    assert [int(row[1]) for row in shown_left] == [each["persons"] for each in told["next"]]


def test_the_address_holds_the_whole_question(shop: Workspace, browser: Client) -> None:
    filled(shop, histories())
    page = seen(browser, **ASKED, beside="email")
    for wanted in ("step1=event+view_item", "window=7", "by=channel", "beside=email", "interval=week"):
        assert wanted in page, wanted
    assert "email" in page
    assert "Biggest drop" in page


def test_what_people_sent_stays_text(shop: Workspace, browser: Client) -> None:
    evil = "<script>alert(1)</script>"
    filled(shop, [hit("a", name="view_item", channel=evil), hit("a", minutes=1, name=evil)])
    asked = ASKED | {"step2": f'event "{evil}"; or event nothing', "drop": "2", "beside": evil}
    page = seen(browser, **asked)
    assert evil not in page
    assert "&lt;script&gt;" in page
    sheet = browser.get("/w/fjellsport/funnels/next.csv", asked | {"step2": "event =sum(A1)"}).content.decode()
    assert "\n=" not in sheet


def test_a_formula_stays_text_in_the_file(shop: Workspace, browser: Client) -> None:
    filled(shop, [hit("a", name="view_item"), hit("a", minutes=1, name="=sum(A1)")])
    sheet = csv_rows(browser.get("/w/fjellsport/funnels/next.csv", ASKED).content)
    assert sheet[1] == ["event", "'=sum(A1)", "1"]


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"step1": "event a"}, "at least 2 steps"),
        ({"step1": "goal gone", "step2": "event b"}, "There is no goal"),
        ({"step1": "nonsense", "step2": "event b"}, "starts no rule"),
        ({"order": "sideways"}, "Give one of sequential, strict"),
        ({"window": "91"}, "from 1 to 90"),
        ({"drop": "3"} | STEPS, "Give one of"),
        ({"funnel": "gone"}, "Give one of"),
    ],
    ids=["one step", "goal", "rule", "order", "window", "drop", "funnel"],
)
def test_what_means_nothing_is_named_on_the_page_and_refused_by_the_api(
    shop: Workspace, browser: Client, program: Client, params: dict[str, str], said: str
) -> None:
    filled(shop, histories())
    page = browser.get(PAGE, params)
    assert page.status_code == 400
    assert said in page.content.decode()
    answer = program.get("/api/v1/reports/funnel", params)
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_a_funnel_is_saved_changed_and_removed_with_a_trace(shop: Workspace, browser: Client, program: Client) -> None:
    filled(shop, histories())
    saved = browser.post(
        f"{PAGE}new/?step1=event+view_item&step2=event+purchase&order=strict&window=session", {"name": "To buy"}
    )
    assert saved.headers["Location"] == f"{PAGE}?funnel=to-buy"
    told = program.get("/api/v1/funnels").json()["funnels"]
    assert [(each["slug"], each["order"], each["window_days"]) for each in told] == [("to-buy", "strict", 0)]
    page = seen(browser, funnel="to-buy", **RANGE)
    assert "To buy" in page
    assert len(cells(page, "funnel-table")) == 3
    changed = browser.post(
        f"{PAGE}saved/to-buy/?step1=event+wish&step2=event+purchase", {"name": "Wished", "revision": 1}
    )
    assert changed.status_code == 302
    with scope.in_workspace(shop.pk):
        kept = Funnel.objects.get()
        assert (kept.name, kept.steps, kept.revision) == ("Wished", ["event wish", "event purchase"], 2)
    assert browser.post(f"{PAGE}saved/to-buy/remove/").status_code == 302
    with scope.in_workspace(shop.pk):
        assert not Funnel.objects.exists()
        acts = [entry.act for entry in AuditEntry.objects.filter(workspace=shop).order_by("pk")]
    assert acts[-3:] == ["created", "changed", "deleted"]


def test_who_does_not_edit_the_plan_asks_and_does_not_save(shop: Workspace, viewer: Membership) -> None:
    filled(shop, histories())
    client = Client()
    client.force_login(viewer.user)
    page = seen(client, **ASKED)
    assert "Save as a new funnel" not in page
    assert client.post(f"{PAGE}new/?step1=event+a&step2=event+b", {"name": "Mine"}).status_code == 403


@pytest.mark.parametrize("made", ["nothing", "no events", "nobody"])
def test_an_empty_page_says_why(shop: Workspace, browser: Client, made: str) -> None:
    if made == "nothing":
        assert "No funnel yet" in seen(browser)
    elif made == "no events":
        make_goal(shop)
        assert "Connect a source" in seen(browser)
    else:
        filled(shop, histories())
        assert "Nobody took the first step" in seen(browser, **STEPS | {"step1": "event never"})


def test_another_workspace_s_funnel_is_not_there(shop: Workspace, browser: Client, outsider: Membership) -> None:
    with scope.in_workspace(outsider.workspace_id):
        Funnel.objects.create(workspace=outsider.workspace, name="Theirs", slug="theirs", steps=["event a", "event b"])
    assert browser.get(f"{PAGE}saved/theirs/").status_code == 404
    assert browser.get(PAGE, {"funnel": "theirs"}).status_code == 400

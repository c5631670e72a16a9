"""Metrics' pages, files and API: one answer; who may write; what is refused; what stays text."""

from html import unescape
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from goals.models import Format
from reports import figures
from reports.explore.rows import flat
from reports.models import CalculatedMetric, Exploration
from tests.builders import make_token, make_workspace
from tests.reports.asks import cells, csv_rows
from tests.reports.calculated.asks import save
from tests.reports.explore.asks import RANGE, answered, filled, histories
from tests.reports.lake import make_goal
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

pytestmark = pytest.mark.django_db(transaction=True)
PAGE, EXPLORE = "/w/fjellsport/metrics/", "/w/fjellsport/explore/"
FORM = {
    "name": "Worth", "description": "What a visitor brings", "formula": "value_net:sale/visitors", "format": "money",
    "direction": "up",
}  # fmt: skip
COLUMNS = {
    "share": ("converters:sale / visitors", Format.PERCENT),
    "per-session": ("conversions:sale / sessions", Format.PERCENT),
    "often": ("events / conversions:sale", Format.NUMBER),
    "activity": ("pageviews + events", Format.COUNT),
    "worth": ("value_net:sale / visitors", Format.MONEY),
    "lasting": ("time / sessions", Format.DURATION),
}


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
    """A shop with six weeks of histories, and a goal."""
    make_goal(shop)
    filled(shop, histories())
    return shop


def seen(client: Client, address: str = PAGE, **params: str) -> str:
    response = client.get(address, params)
    assert response.status_code == 200, address
    return unescape(response.content.decode())


def test_page_files_and_api_say_the_same_in_every_cell(sold: Workspace, browser: Client, program: Client) -> None:
    for slug, (formula, written_as) in COLUMNS.items():
        save(sold, formula, slug, format=written_as)
    asked = RANGE | {"by": "page", "top": "100", "metrics": ",".join(f"metric:{slug}" for slug in COLUMNS)}
    result = answered(sold, **asked)
    told = program.get("/api/v1/reports/explore", asked).json()
    sheet = csv_rows(browser.get("/w/fjellsport/explore.csv", asked).content)
    book = load_workbook(BytesIO(browser.get("/w/fjellsport/explore.xlsx", asked).content)).worksheets[0]
    workbook = [[*row] for row in book.iter_rows(min_row=2, values_only=True)]
    shown = cells(seen(browser, EXPLORE, **asked), "explore-table")
    assert [(each["unit"], each["adds_up"]) for each in told["columns"]] == [
        ("share", False), ("percent", False), ("number", False), ("count", True), ("money", False), ("duration", False),
    ]  # fmt: skip
    every = [
        (result.total, told["total"], sheet[1], workbook[0], shown[-1]),
        *zip(
            [row.values for row in flat(result.rows)], [row["values"] for row in told["rows"]], sheet[2:], workbook[1:],
            shown[1:-1], strict=True,
        ),
    ]  # fmt: skip
    assert len(every) > 5
    nothing = 0
    for values, api, line, book_line, page in every:
        share, per_session, often, activity, worth, lasting = values[0]
        money = worth.amounts[0][1] if worth.amounts else None
        numbers = [
            share.number, share.part, share.whole, share.rate and share.rate.low, share.rate and share.rate.high,
            per_session.number, often.number, activity.number, None if money is None else money / 1e6, lasting.number,
        ]  # fmt: skip
        assert [float(each) if each else None for each in line[2:]] == numbers
        assert book_line[2:] == [pytest.approx(each) if each is not None else None for each in numbers]
        assert [each["value"] for each in api[0]] == [
            share.number, per_session.number, often.number, activity.number, None, lasting.number,
        ]  # fmt: skip
        assert [each["micros"] for each in api[0][4]["amounts"]] == [money] * (money is not None)
        assert page[2] == figures.percent(per_session.number).text if per_session.number is not None else "n/a"
        assert page[3] == ("n/a" if often.number is None else figures.number(often.number, 2))
        assert page[4] == figures.number(activity.number or 0)
        assert page[5] == (figures.money(money, "NOK", cents=True).text if worth.amounts else "n/a")
        nothing += often.number is None
    assert nothing, "needs a row that divides by nothing"
    page = seen(browser, EXPLORE, **asked)
    assert "People who converted (Sale) ÷ Visitors. Higher is better. With a 95 % interval (Wilson)" in page
    assert "Without an interval" in page


def test_metrics_are_written_previewed_changed_and_removed_with_a_trace(sold: Workspace, browser: Client) -> None:
    preview = browser.post(f"{PAGE}preview/", FORM, headers={"HX-Request": "true"}).content.decode()
    assert "Value after refunds (Sale) ÷ Visitors." in preview
    assert "value_net:sale / visitors" in preview
    with scope.in_workspace(sold.pk):
        assert not CalculatedMetric.objects.exists()
    made = browser.post(f"{PAGE}new/", FORM)
    assert made.headers["Location"] == f"{EXPLORE}?metrics=metric%3Aworth%2Csessions"
    assert "Worth" in cells(seen(browser, made.headers["Location"]), "explore-table")[0]
    edit = f"{PAGE}saved/worth/"
    assert ">value_net:sale / visitors</textarea>" in seen(browser, edit).replace("\n", "")
    assert browser.post(edit, FORM | {"direction": "down", "revision": "1"}).status_code == 302
    stale = browser.post(edit, FORM | {"formula": "sessions", "format": "count", "revision": "1"})
    assert stale.status_code == 409
    assert "Lower is better" in stale.content.decode()
    assert browser.post(f"{edit}remove/").status_code == 302
    with scope.in_workspace(sold.pk):
        assert not CalculatedMetric.objects.exists()
        entries = list(AuditEntry.objects.filter(workspace=sold).order_by("pk"))[-3:]
    assert [(entry.act, (entry.before or {}).get("direction")) for entry in entries] == [
        ("created", None), ("changed", "up"), ("deleted", "down"),
    ]  # fmt: skip


def test_the_preview_is_what_explorations_show_of_it_saved(sold: Workspace, browser: Client, lead: Membership) -> None:
    preview = browser.post(f"{PAGE}new/", FORM | {"preview": "1", "name": ""}).content.decode()
    save(sold, "value_net:sale / visitors", format=Format.MONEY)
    asked = {"metrics": "metric:own", "by": "channel", "top": "5", "period": "28d"}
    for row in cells(seen(browser, EXPLORE, **asked), "explore-table")[1:]:
        assert row[1] in unescape(preview), row


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"formula": ""}, "This field is required."),
        ({"formula": "sessions / people"}, 'At letter 12: There is no figure "people".'),
        ({"formula": "rate:sale"}, "write converters:sale / visitors"),
        ({"formula": "value:sale + visitors"}, "At letter 12: Here money and a number are added"),
        ({"format": "percent"}, 'The formula gives money, which "Per cent" can\'t write: choose Money.'),
        ({"formula": "visitors / value:sale"}, "money to the power of -1"),
        ({"formula": "+".join(["conversions:sale"] * 28)}, "letters"),
        ({"format": "colour"}, "colour is not one of the available choices"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(
    sold: Workspace, browser: Client, wrong: dict[str, str], told: str
) -> None:
    refused = browser.post(f"{PAGE}new/", FORM | wrong)
    page = unescape(refused.content.decode())
    assert refused.status_code == 422
    assert told in page
    assert "What a visitor brings" in page
    assert browser.post(f"{PAGE}preview/", FORM | wrong).status_code == 200
    assert browser.post(f"{PAGE}new/", FORM | wrong | {"preview": "1"}).status_code == 200
    with scope.in_workspace(sold.pk):
        assert not CalculatedMetric.objects.exists()


def test_a_metric_that_a_saved_exploration_shows_stays(sold: Workspace, browser: Client) -> None:
    save(sold, "pageviews / sessions")
    save(sold, "events / sessions", "Own 2")
    with scope.in_workspace(sold.pk):
        Exploration.objects.create(
            workspace=sold, name="Weekly", slug="weekly", params={"metrics": "sessions,metric:own-2"}
        )
    refused = browser.post(f"{PAGE}saved/own-2/remove/")
    assert refused.status_code == 422
    assert 'Saved explorations show it: Weekly. Take the column "metric:own-2"' in unescape(refused.content.decode())
    assert browser.post(f"{PAGE}saved/own/remove/").status_code == 302
    with scope.in_workspace(sold.pk):
        assert [each.slug for each in CalculatedMetric.objects.all()] == ["own-2"]
        Exploration.objects.all().delete()
    assert browser.post(f"{PAGE}saved/own-2/remove/").status_code == 302


def test_list_and_api_say_what_each_is_and_what_is_wrong_with_it(
    sold: Workspace, browser: Client, program: Client
) -> None:
    save(sold, "value:sale / visitors", "Worth", format=Format.MONEY, direction="observe", model="linear", click_days=7)
    save(sold, "conversions:gone / sessions", "Broken")
    fault = 'Broken: At letter 1: There is no goal "gone".'
    broken, worth = program.get("/api/v1/metrics").json()["metrics"]
    assert (broken["fault"], broken["words"], broken["adds_up"]) == (fault, "", None)
    assert worth == program.get("/api/v1/metrics/worth").json()
    assert worth == {
        "slug": "worth", "key": "metric:worth", "name": "Worth", "description": "", "formula": "value:sale / visitors",
        "words": "Value (Sale) ÷ Visitors", "format": "money", "direction": "observe", "model": "linear",
        "view_days": None, "engagement_days": None, "click_days": 7, "currency": "NOK",
        "adds_up": "never", "has_interval": False, "fault": "", "revision": 1,
    }  # fmt: skip
    assert program.get("/api/v1/metrics/gone").status_code == 404
    assert program.get("/api/v1/metrics", {"by": "page"}).status_code == 400
    listed = csv_rows(browser.get("/w/fjellsport/metrics.csv").content)
    assert [row[3:5] for row in listed[1:]] == [
        ["conversions:gone / sessions", fault],
        [worth["formula"], worth["words"]],
    ]
    page = seen(browser)
    assert fault in page
    assert worth["words"] in page
    assert fault in seen(browser, EXPLORE, metrics="metric:broken")


def test_an_address_that_names_no_metric_is_refused_in_words(sold: Workspace, browser: Client, program: Client) -> None:
    for key in ("metric:gone", "metric:", "metric"):
        refused = program.get("/api/v1/reports/explore", {"metrics": key})
        assert refused.status_code == 400
        assert "metric:METRIC" in refused.json()["detail"], key
        assert browser.get(EXPLORE, {"metrics": key}).status_code == 400


def test_a_metric_of_another_workspace_is_nobody_s(sold: Workspace, browser: Client) -> None:
    save(make_workspace("Elsewhere", slug="elsewhere"), "sessions", "Theirs")
    assert "Theirs" not in seen(browser)
    assert browser.get(f"{PAGE}saved/theirs/").status_code == 404
    assert browser.get(EXPLORE, {"metrics": "metric:theirs"}).status_code == 400


def test_who_does_not_edit_the_plan_looks_and_does_not_write(sold: Workspace, viewer: Membership) -> None:
    save(sold, "pageviews / sessions")
    client = Client()
    client.force_login(viewer.user)
    page = seen(client)
    assert "Page views ÷ Sessions" in page
    assert "New metric" not in page
    assert f"{PAGE}saved/own/" not in page
    assert "Own" in cells(seen(client, EXPLORE, metrics="metric:own"), "explore-table")[0]
    for address in ("new/", "preview/", "saved/own/", "saved/own/remove/"):
        assert client.post(f"{PAGE}{address}", FORM).status_code == 403, address


def test_what_people_wrote_stays_text(sold: Workspace, browser: Client) -> None:
    evil = "<script>alert(1)</script>"
    with scope.in_workspace(sold.pk):
        CalculatedMetric.objects.create(
            workspace=sold, name=f"={evil}", slug="evil", description=evil, formula="sessions"
        )
    for address in (PAGE, f"{PAGE}saved/evil/", f"{PAGE}saved/evil/remove/", f"{EXPLORE}?metrics=metric:evil"):
        assert evil not in browser.get(address).content.decode(), address
    refused = browser.post(f"{PAGE}new/", FORM | {"formula": f"sessions / {evil}", "name": evil})
    assert evil not in refused.content.decode()
    assert csv_rows(browser.get("/w/fjellsport/metrics.csv").content)[1][0].startswith("'=")

"""Annotations: written by members, seen wherever a report shows their days, and nowhere else."""

import json
import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from goals.models import Goal
from reports.annotations import writing
from reports.annotations.writing import AnnotationDraft
from reports.files import FORMATS
from reports.models import Annotation
from tests.builders import make_token
from tests.reports.asks import csv_rows
from tests.reports.lake import NOW
from tests.reports.sharing.asks import RANGE, make_link, open_shop, read
from tests.workspaces.conftest import Program
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Role, Scope

BASE = "/w/fjellsport"
STEPS = {"step1": "event page_view", "step2": "goal sale"}
EVIL = "<script>alert(1)</script> =1+1"
PAGES = {  # each chart over days: its page, its question, and its trend's file
    "goal": (f"{BASE}/goals/sale/", RANGE, f"{BASE}/goals/sale/trend"),
    "insights": (f"{BASE}/insights/", RANGE, f"{BASE}/insights/trend"),
    "funnel": (f"{BASE}/funnels/", STEPS | RANGE, f"{BASE}/funnels/trend"),
}


@pytest.fixture
def sale(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> Goal:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return open_shop(shop)


def say(shop: Workspace, text: str, first: date, last: date | None = None, *, goal: Goal | None = None) -> Annotation:
    with scope.in_workspace(shop.pk):
        draft = AnnotationDraft(text, first, last or first, goal)
        return writing.write(shop, draft, by="system", now=NOW)


@pytest.fixture
def said(shop: Workspace, sale: Goal) -> None:
    """Say something of the sale, of all goals, of another goal, and of other days."""
    with scope.in_workspace(shop.pk):
        secret = Goal.objects.get(slug="secret-plan")
    say(shop, EVIL, date(2026, 11, 5), goal=sale)
    say(shop, "Sale week", date(2026, 11, 9), date(2026, 11, 15))
    say(shop, "Hidden launch", date(2026, 11, 6), goal=secret)
    say(shop, "Long ago", date(2026, 9, 6))


@pytest.mark.parametrize("report", PAGES)
@pytest.mark.usefixtures("said")
def test_a_chart_shows_what_was_said_of_its_days_as_flags_shades_words_and_a_column(
    client: Client, viewer: Membership, report: str
) -> None:
    path, question, _file = PAGES[report]
    client.force_login(viewer.user)
    page = client.get(path, question).content.decode()
    assert "<script>alert(1)</script> =1+1" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; =1+1") == 2  # in the list, and in the table's column
    assert "<b>9\u00a0Nov to 15\u00a0Nov\u00a02026</b> Sale week" in page
    assert '<th scope="col" >Annotations</th>' in page
    assert "Hidden launch" not in page
    assert "Long ago" not in page
    (spec,) = [
        json.loads(each) for each in re.findall(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    ]
    marks = [layer for layer in spec["layer"] if layer.get("mark", {}).get("shape") == "triangle-up"]
    flags = [row for layer in marks for row in layer["data"]["values"]]
    assert [(flag["day"], flag["label"]) for flag in flags] == [("2026-11-05", EVIL), ("2026-11-09", "Sale week")]
    assert flags[1]["written"] == "Mon 9 Nov 2026 to Sun 15 Nov 2026"
    shaded = [layer["data"]["values"][0] for layer in spec["layer"] if "until" in str(layer.get("layer"))]
    assert [(each["day"], each["until"]) for each in shaded] == [("2026-11-09", "2026-11-16")]
    assert "/annotations/new/" not in page, "a viewer writes none"


@pytest.mark.parametrize("report", PAGES)
@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.usefixtures("said")
def test_the_trend_s_files_have_a_column_of_them(client: Client, viewer: Membership, report: str, kind: str) -> None:
    _path, question, file = PAGES[report]
    client.force_login(viewer.user)
    answer = client.get(f"{file}.{kind}", question)
    assert answer.status_code == 200
    if kind == "csv":
        head, *rows = csv_rows(answer.content)
        assert head[-1] == "Annotations"
        told = {row[0]: row[-1] for row in rows}
        assert (told["2026-11-05"], told["2026-11-06"]) == (EVIL, "")
        assert [day for day, words in told.items() if words.endswith(": Sale week")] == [
            f"2026-11-{day:02}" for day in range(9, 16)
        ]


@pytest.mark.usefixtures("said")
def test_a_link_shows_those_of_its_goal_and_of_all_and_no_author(lead: Membership) -> None:
    for report, params in (("goal", {}), ("funnel", STEPS)):
        page = read(make_link(lead, report, params))
        assert "Sale week" in page
        assert "&lt;script&gt;alert(1)" in page
        assert "Hidden launch" not in page
        assert "/annotations/" not in page


@pytest.mark.usefixtures("said")
def test_a_snapshot_keeps_them_whatever_becomes_of_them(client: Client, shop: Workspace, lead: Membership) -> None:
    client.force_login(lead.user)
    asked = "&".join(f"{name}={value}" for name, value in {"report": "goal", "goal": "sale", **RANGE}.items())
    sent = {"name": "Third quarter", "language": "en"}
    path = client.post(f"{BASE}/snapshots/new/?{asked}", sent)["Location"]
    kept = csv_rows(client.get(f"{path}table-3.csv").content)
    assert [row[-1] for row in kept if row[0] == "2026-11-05"] == [EVIL]
    with scope.in_workspace(shop.pk):
        Annotation.objects.all().delete()
    assert csv_rows(client.get(f"{path}table-3.csv").content) == kept


@pytest.mark.usefixtures("said")
def test_the_api_s_reports_tell_of_them(owner: Membership) -> None:
    ask = Program(make_token(owner, Scope.READ))
    for path in ("reports/goals/sale", "reports/insights", "reports/funnel"):
        params = {"from": RANGE["from"], "to": RANGE["to"]} | (STEPS if path.endswith("funnel") else {})
        query = "&".join(f"{name}={value}" for name, value in params.items())
        assert ask("get", f"{path}?{query}").json()["annotations"] == [
            {"since": "2026-11-05", "until": "2026-11-06", "text": EVIL, "goal": "sale"},
            {"since": "2026-11-09", "until": "2026-11-16", "text": "Sale week", "goal": ""},
        ], path


def test_a_contributor_writes_from_the_chart_changes_and_removes_and_the_trail_keeps_it(
    client: Client, shop: Workspace, sale: Goal, contributor: Membership
) -> None:
    client.force_login(contributor.user)
    page = client.get(f"{BASE}/goals/sale/", RANGE).content.decode()
    (way,) = re.findall(r'href="(/w/fjellsport/annotations/new/[^"]*)"', page)
    way = way.replace("&amp;", "&")
    form = client.get(way).content.decode()
    assert re.findall(r'type="date" name="\w+" value="([\d-]+)"', form) == ["2026-11-02", "2026-11-20"]
    assert f'<option value="{sale.pk}" selected>' in form
    sent = {"text": " Checkout\nrebuilt ", "starts_on": "2026-11-12", "ends_on": "", "goal": sale.pk}
    done = client.post(way, sent)
    assert (done.status_code, done["Location"].split("?")[0]) == (302, f"{BASE}/goals/sale/")
    with scope.in_workspace(shop.pk):
        row = Annotation.objects.get()
        assert (row.text, row.ends_on, row.author) == ("Checkout rebuilt", date(2026, 11, 12), str(contributor.user))
    path = f"{BASE}/annotations/{row.pk}/"
    late = client.post(path, sent | {"revision": row.revision, "ends_on": "2026-11-11"})
    assert late.status_code == 422
    assert "The last day is not before the first." in late.content.decode()
    changed = {"revision": row.revision, "ends_on": "2026-11-14", "goal": ""}
    assert client.post(path, sent | changed).status_code == 302
    assert client.post(path, sent | changed | {"text": "Mine"}).status_code == 409, "somebody saved meanwhile"
    assert client.post(f"{path}remove/").status_code == 302
    assert client.get(path).status_code == 404
    with scope.in_workspace(shop.pk):
        trail = AuditEntry.objects.filter(subject_type="annotation").order_by("pk")
        assert [(each.act, each.subject_name) for each in trail] == [
            (act, "Checkout rebuilt") for act in ("created", "changed", "deleted")
        ]
        assert trail[1].after == {"ends_on": "2026-11-14", "goal": None}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "This field is required."),
        ({"text": "x" * 281}, "at most 280 characters"),
        ({"text": "\u200b"}, "Say in a few words what happened."),
        ({"starts_on": "soon"}, "Enter a valid date."),
        ({"starts_on": "1926-11-12", "ends_on": "2026-11-12"}, "no day of the years 2000 to 2099"),
        ({"starts_on": "2020-11-12", "ends_on": "2026-11-12"}, "800 days at most"),
        ({"goal": "999999"}, "Select a valid choice"),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused_beside_its_field(
    client: Client, shop: Workspace, lead: Membership, fields: dict[str, str], words: str
) -> None:
    client.force_login(lead.user)
    sent = {"text": "Sale", "starts_on": "2026-11-12", "ends_on": "2026-11-12", "goal": ""} | fields
    answer = client.post(f"{BASE}/annotations/new/", sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with scope.in_workspace(shop.pk):
        assert not Annotation.objects.exists()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/w/other/goals/"])
def test_the_way_back_stays_in_the_workspace(client: Client, shop: Workspace, lead: Membership, back: str) -> None:
    client.force_login(lead.user)
    sent = {"text": "Sale", "starts_on": "2026-11-12", "ends_on": "2026-11-12", "goal": ""}
    answer = client.post(f"{BASE}/annotations/new/?back={back}&from=never&goal=nothing", sent)
    assert answer["Location"] == f"{BASE}/annotations/"


@pytest.mark.usefixtures("said")
def test_the_list_is_newest_first_in_pages_and_by_goal(client: Client, shop: Workspace, viewer: Membership) -> None:
    client.force_login(viewer.user)
    page = client.get(f"{BASE}/annotations/").content.decode()
    texts = ["Sale week", "Hidden launch", "&lt;script&gt;", "Long ago"]
    places = [page.index(text) for text in texts]
    assert places == sorted(places)
    assert "<script>alert" not in page
    of_sale = client.get(f"{BASE}/annotations/?goal=sale").content.decode()
    assert [text in of_sale for text in texts] == [True, False, True, True]
    assert client.get(f"{BASE}/annotations/?goal=nothing").status_code == 404
    for n in range(60):
        say(shop, f"Number {n}", date(2026, 10, 1))
    second = client.get(f"{BASE}/annotations/?page=2").content.decode()
    assert "51 to 64 of 64" in second


def test_the_list_asks_as_often_for_sixty_as_for_one(
    client: Client, shop: Workspace, viewer: Membership, sale: Goal, django_assert_max_num_queries: object
) -> None:
    client.force_login(viewer.user)
    for n in range(40):
        say(shop, f"Number {n}", date(2026, 10, 1), goal=sale)
    # session, user, member, workspace's rows entered and left, goals of the menu, count, page, the bell
    with django_assert_max_num_queries(16):  # type: ignore[operator]  # pytest-django's own
        client.get(f"{BASE}/annotations/")


@pytest.mark.parametrize("role", [Role.VIEWER])
def test_a_viewer_reads_and_writes_none(client: Client, shop: Workspace, viewer: Membership, role: Role) -> None:
    assert viewer.role == role
    row = say(shop, "Sale", date(2026, 11, 12))
    client.force_login(viewer.user)
    for path in ("new/", f"{row.pk}/", f"{row.pk}/remove/"):
        assert client.post(f"{BASE}/annotations/{path}", {"text": "Mine"}).status_code == 403
    assert "/annotations/new/" not in client.get(f"{BASE}/annotations/").content.decode()

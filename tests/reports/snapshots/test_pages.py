"""Snapshots: the report's own figures, kept whatever comes later, signed by those who read them."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.utils import timezone

from goals.models import Goal
from reports import filling
from reports.attribution import blocks
from reports.evidence.design import Design
from reports.models import Snapshot
from tests.reports.asks import csv_rows
from tests.reports.evidence.asks import make_goals, weighed
from tests.reports.evidence.test_page import hits
from tests.reports.lake import NOW, hit, make_goal, store
from tests.reports.sharing.asks import RANGE, open_shop
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace

BASE = "/w/fjellsport"
FILES = {  # each report's files, in the order of its tables
    "overview": [f"{BASE}/kpis.csv"],
    "goal": [f"{BASE}/kpis.csv", f"{BASE}/goals/sale/breakdown.csv", f"{BASE}/goals/sale/trend.csv"],
    "attribution": [f"{BASE}/attribution.csv"],
    "insights": [f"{BASE}/insights/{table}.csv" for table in ("figures", "split", "trend", "activity", "content")],
    "funnel": [f"{BASE}/funnels.csv", f"{BASE}/funnels/trend.csv"],
    "paths": [f"{BASE}/paths.csv", f"{BASE}/paths/moves.csv"],
    "cohorts": [f"{BASE}/cohorts.csv"],
    "explore": [f"{BASE}/explore.csv"],
}
QUESTION = {"goal": "sale", "by": "campaign", **RANGE}


@pytest.fixture
def sale(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> Goal:
    monkeypatch.setattr(timezone, "now", lambda: NOW)  # what is expected to date grows between two requests
    return open_shop(shop)


def take(lead: Membership, report: str = "goal", params: dict[str, str] | None = None, **fields: str) -> str:
    """Freeze the report as its page would; give the snapshot's path."""
    browser = Client()
    browser.force_login(lead.user)
    asked = "&".join(f"{name}={value}" for name, value in {"report": report, **(params or QUESTION)}.items())
    answer = browser.post(f"{BASE}/snapshots/new/?{asked}", {"name": "Third quarter", "language": "en"} | fields)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def tables(browser: Client, path: str, count: int) -> list[list[list[str]]]:
    return [csv_rows(browser.get(f"{path}table-{n}.csv").content) for n in range(1, count + 1)]


@pytest.mark.parametrize("report", FILES)
def test_a_snapshot_holds_what_the_files_hold(client: Client, sale: Goal, lead: Membership, report: str) -> None:
    client.force_login(lead.user)
    expected = [csv_rows(client.get(each, QUESTION).content) for each in FILES[report]]
    assert all(len(rows) >= 2 for rows in expected), "needs rows"
    assert tables(client, take(lead, report), len(expected)) == expected


def test_a_snapshot_of_evidence_holds_its_file_and_its_sentences(
    client: Client, shop: Workspace, lead: Membership
) -> None:
    weighed(shop, make_goals(shop, "guide", "filter"), hits(), Design(1, 7, 90))
    client.force_login(lead.user)
    params = {"goal": "sale", "landmark": "1", "follow": "7", "past": "90"}
    path = take(lead, "evidence", params)
    assert tables(client, path, 1) == [csv_rows(client.get(f"{BASE}/evidence.csv", params).content)]
    assert "associated" in client.get(path).content.decode()


def test_the_report_offers_to_freeze_it(client: Client, sale: Goal, lead: Membership) -> None:
    client.force_login(lead.user)
    page = client.get(f"{BASE}/goals/sale/", QUESTION).content.decode()
    assert f"{BASE}/snapshots/new/?report=goal&amp;goal=sale" in page


def later(shop: Workspace) -> None:
    """Have a late sale come, and the goal be called and defined otherwise."""
    more = [hit("late", days=3, channel="email"), hit("late", days=3, minutes=2, name="purchase", value=70)]
    store(shop, [*more, hit("other", days=2), hit("other", days=2, minutes=4, name="purchase", value=5)])
    with scope.in_workspace(shop.pk):
        Goal.objects.filter(slug="sale").update(name="Order", changed_at=NOW + timedelta(hours=1))
    filling.fill(shop.pk, now=NOW)
    blocks.kept.forget()


@pytest.mark.parametrize("report", FILES)
def test_a_snapshot_stays_byte_for_byte_whatever_comes(
    client: Client, shop: Workspace, sale: Goal, lead: Membership, viewer: Membership, report: str
) -> None:
    client.force_login(viewer.user)
    path = take(lead, report)
    before, files = shown(client, path), tables(client, path, len(FILES[report]))
    assert "Today's figures are the same." in client.get(f"{path}?today=1").content.decode()
    later(shop)
    assert shown(client, path) == before
    assert tables(client, path, len(FILES[report])) == files
    assert "today's figure" in client.get(f"{path}?today=1").content.decode()


def shown(browser: Client, path: str) -> str:
    """Give the page without what is of one request: the token of its form."""
    page = browser.get(path).content.decode()
    return page[page.index('<div class="stack report">') : page.index('aria-labelledby="signed"')]


def test_today_s_figure_stands_below_the_kept_one(
    client: Client, shop: Workspace, sale: Goal, lead: Membership
) -> None:
    client.force_login(lead.user)
    path = take(lead)
    later(shop)
    page = client.get(f"{path}?today=1").content.decode()
    *_others, total = tables(client, path, 2)[1]
    (now,) = [row for row in csv_rows(client.get(FILES["goal"][1], QUESTION).content) if row[0] == total[0]]
    assert (total[1], now[1]) == ("20", "2")
    assert '<td class="num">20<small><span class="visually-hidden">today</span> →&nbsp;2</small></td>' in page
    assert "not there today" in page
    with scope.in_workspace(shop.pk):
        Goal.objects.filter(slug="sale").update(slug="order")
    gone = client.get(f"{path}?today=1")
    assert gone.status_code == 200
    assert "no longer there" in gone.content.decode()


def test_the_database_lets_nobody_change_a_snapshot(shop: Workspace, sale: Goal, lead: Membership) -> None:
    take(lead)
    with scope.in_workspace(shop.pk), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Snapshot.objects.update(name="Another")


def test_whoever_reads_signs_once_and_then_it_stays(
    client: Client, shop: Workspace, sale: Goal, lead: Membership, viewer: Membership
) -> None:
    path = take(lead)
    client.force_login(viewer.user)
    assert "by nobody yet" in client.get(f"{BASE}/snapshots/").content.decode()
    assert client.post(f"{path}sign/", {"comment": "<b>Agreed</b>: more e-mail"}).status_code == 302
    page = client.get(path).content.decode()
    assert "&lt;b&gt;Agreed&lt;/b&gt;: more e-mail" in page
    assert ">Sign</button>" not in page
    again = client.post(f"{path}sign/", {"comment": "Once more"})
    assert again.status_code == 422
    client.force_login(lead.user)
    assert "by 1 person" in client.get(f"{BASE}/snapshots/").content.decode()
    assert f"{path}remove/" not in client.get(path).content.decode()
    refused = client.post(f"{path}remove/")
    assert refused.status_code == 422
    assert "it stays" in refused.content.decode()
    with scope.in_workspace(shop.pk):
        assert list(AuditEntry.objects.filter(subject_type="snapshot").values_list("act", flat=True)) == [
            "signed",
            "created",
        ]


def test_a_name_stays_when_its_member_leaves(
    client: Client, shop: Workspace, sale: Goal, lead: Membership, viewer: Membership
) -> None:
    path = take(lead)
    client.force_login(viewer.user)
    client.post(f"{path}sign/", {"comment": ""})
    with scope.in_workspace(shop.pk):
        name = str(viewer.user)
        viewer.delete()
    client.force_login(lead.user)
    assert name in client.get(path).content.decode()


def test_one_that_nobody_signed_may_go(client: Client, shop: Workspace, sale: Goal, lead: Membership) -> None:
    path = take(lead)
    client.force_login(lead.user)
    assert client.post(f"{path}remove/").status_code == 302
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("report", "table"), [("goal", 2), ("attribution", 1), ("insights", 5), ("paths", 1), ("explore", 1)]
)
def test_what_events_brought_stays_text(client: Client, sale: Goal, lead: Membership, report: str, table: int) -> None:
    client.force_login(lead.user)
    path = take(lead, report)
    page, file = client.get(path).content.decode(), client.get(f"{path}table-{table}.csv").content.decode("utf-8-sig")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert ("/=1+1" if report == "paths" else "'=1+1") in file


@pytest.mark.parametrize("report", ["overview", "goal"])
def test_its_sentences_are_text(client: Client, sale: Goal, lead: Membership, report: str) -> None:
    client.force_login(lead.user)
    page = client.get(take(lead, report)).content.decode()
    lede = page[page.index('<p class="lede"') : page.index("</p>", page.index('<p class="lede"'))]
    assert "Sales &lt;b&gt;per&lt;/b&gt; quarter" in lede
    assert "strong" not in lede


def test_its_words_stay_in_its_language(client: Client, sale: Goal, lead: Membership) -> None:
    client.force_login(lead.user)
    page = client.get(take(lead, language="nb")).content.decode()
    assert '<h2 id="table-2" lang="nb">Fordeling</h2>' in page
    assert "Nobody has signed it yet." in page


def test_without_figures_nothing_is_kept(client: Client, shop: Workspace, lead: Membership) -> None:
    make_goal(shop)
    client.force_login(lead.user)
    answer = client.post(f"{BASE}/snapshots/new/?report=goal&goal=sale", {"name": "Early", "language": "en"})
    assert answer.status_code == 422
    assert "There are no figures to keep" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("new/?report=nothing", 404),
        ("new/?report=goal&goal=nothing", 404),
        ("99999999999999999999/", 404),
        ("{pk}/table-9.csv", 404),
        ("{pk}/table-0.xlsx", 404),
    ],
)
def test_what_is_not_there_answers_404(client: Client, sale: Goal, lead: Membership, path: str, status: int) -> None:
    client.force_login(lead.user)
    pk = take(lead).rstrip("/").rsplit("/", 1)[1]
    assert client.get(f"{BASE}/snapshots/{path.format(pk=pk)}").status_code == status


def test_a_viewer_takes_none(client: Client, sale: Goal, viewer: Membership) -> None:
    client.force_login(viewer.user)
    assert client.post(f"{BASE}/snapshots/new/?report=overview", {"name": "Mine", "language": "en"}).status_code == 403
    assert "/snapshots/new/" not in client.get(f"{BASE}/").content.decode()

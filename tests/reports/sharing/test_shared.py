"""What a link shows: the report's own figures, in the reader's language, and no way anywhere else."""

import re
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.test import Client
from django.utils import timezone

from goals.models import Goal
from reports.evidence.design import Design
from reports.models import CohortTable, Exploration, Flow, SharedLink
from reports.sharing.registry import REPORTS
from tests.reports.asks import cells
from tests.reports.evidence.asks import make_goals, weighed
from tests.reports.evidence.test_page import hits
from tests.reports.lake import NOW
from tests.reports.sharing.asks import RANGE, leads, make_link, open_shop, read
from workspaces import scope
from workspaces.models import Membership, Workspace

TABLES = {
    "overview": ("/w/fjellsport/", "board-table"),
    "goal": ("/w/fjellsport/goals/sale/", "breakdown-table"),
    "attribution": ("/w/fjellsport/attribution/", "models-table"),
    "insights": ("/w/fjellsport/insights/", "content-table"),
    "funnel": ("/w/fjellsport/funnels/", "funnel-table"),
    "paths": ("/w/fjellsport/paths/", "paths-table"),
    "cohorts": ("/w/fjellsport/cohorts/", "cohorts-table"),
    "explore": ("/w/fjellsport/explore/", "explore-table"),
}
LEADS_ON = re.compile(" What they did next$| Only these$")  # what leads on from a row of the members' page
NAMING_CAMPAIGNS = ("goal", "attribution", "insights", "paths", "explore")  # or what is named as these are
WAYS = "Go on from here"  # a column of such ways


@pytest.fixture
def sale(shop: Workspace) -> Goal:
    return open_shop(shop)


@pytest.mark.parametrize("report", TABLES)
@pytest.mark.parametrize("by", ["channel", "campaign"])
def test_the_link_shows_the_page_s_own_table(
    client: Client, sale: Goal, lead: Membership, monkeypatch: pytest.MonkeyPatch, report: str, by: str
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)  # what is expected to date grows between two requests
    address, table = TABLES[report]
    client.force_login(lead.user)
    params = {"goal": "sale", "by": by, **RANGE}
    shown = cells(client.get(address, params).content.decode(), table)
    expected = without_ways(shown)
    assert len(expected) >= 3, "needs rows"
    assert cells(read(make_link(lead, report, params)), table) == expected


def without_ways(shown: list[list[str]]) -> list[list[str]]:
    """Give a table of the members' page without what leads on from its rows."""
    kept = [row[:-1] if len(row) > 1 else row for row in shown] if WAYS in shown[0] else shown
    return [[LEADS_ON.sub("", cell) for cell in row] for row in kept]


def test_the_link_shows_the_evidence_of_the_page(client: Client, shop: Workspace, lead: Membership) -> None:
    weighed(shop, make_goals(shop, "guide", "filter"), hits(), Design(1, 7, 90))
    client.force_login(lead.user)
    params = {"goal": "sale", "landmark": "1", "follow": "7", "past": "90"}
    page = client.get("/w/fjellsport/evidence/", params).content.decode()
    shared = read(make_link(lead, "evidence", params))
    assert len(cells(page, "evidence-table")) == 3, "needs rows"
    assert cells(shared, "evidence-table") == cells(page, "evidence-table")
    assert "wishlist" in page
    assert "wishlist" not in shared, "what no goal counts names pages and events"
    assert [address for address in leads(shared) if not address.startswith("#")] == []


def test_changing_the_address_changes_nothing(sale: Goal, lead: Membership) -> None:
    changed = "?goal=secret-plan&by=channel&period=30d&from=2026-01-01&click=off&model=first&metric=value&report=goal"
    for report in REPORTS:
        path = make_link(lead, report, {"by": "campaign"})
        assert read(path + changed) == read(path), report


def test_no_way_leads_into_the_workspace(sale: Goal, lead: Membership) -> None:
    for report in REPORTS:
        page = read(make_link(lead, report))
        assert [address for address in leads(page) if not address.startswith("#")] == [], report
        for word in ("/w/", "htmx", "csrf", lead.user.email, str(lead.user)):
            assert word not in page, f"{word} in {report}"
        if report != "overview":
            assert "Secret plan" not in page, report


@pytest.mark.parametrize("report", REPORTS)
def test_text_from_events_and_plans_stays_text(sale: Goal, lead: Membership, report: str) -> None:
    page = read(make_link(lead, report, {"by": "campaign"}, name="<img src=x onerror=alert(1)>"))
    if report in NAMING_CAMPAIGNS:
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>per</b>" not in page


@pytest.mark.parametrize(
    ("report", "params"),
    [
        ("funnel", {"step2": "goal gone"}),
        ("insights", {"checkout": "gone"}),
        ("insights", {"cart": "gone"}),
        ("paths", {"point": "goal gone"}),
        ("paths", {"only": "gone"}),
        ("cohorts", {"first": "goal:gone"}),
        ("cohorts", {"did": "goal:gone"}),
        ("cohorts", {"only": "gone"}),
        ("explore", {"metrics": "conversions:gone"}),
        ("explore", {"metrics": "metric:gone"}),
        ("explore", {"where": "goal is gone"}),
        ("explore", {"segment1": "segment is gone"}),
    ],
)
def test_a_link_whose_question_names_what_is_gone_is_closed(
    shop: Workspace, sale: Goal, lead: Membership, report: str, params: dict[str, str]
) -> None:
    path = make_link(lead, report)
    read(path)
    with scope.in_workspace(shop.pk):
        link = SharedLink.objects.get()
        SharedLink.objects.update(params=link.params | params)
    assert Client().get(path).status_code == 410


@pytest.mark.parametrize(
    ("report", "kind", "params"),
    [
        ("explore", Exploration, {"by": "device", "metrics": "sessions"}),
        ("cohorts", CohortTable, {"every": "month", "did": "goal:sale"}),
        ("paths", Flow, {"direction": "before", "steps": "2"}),
    ],
)
def test_a_saved_question_that_changes_or_goes_changes_no_link(
    shop: Workspace, sale: Goal, lead: Membership, report: str, kind: Any, params: dict[str, str]
) -> None:
    with scope.in_workspace(shop.pk):
        saved = kind.objects.create(workspace=shop, slug="mine", name="Mine", params=params)
    path, plain = make_link(lead, report, {"saved": "mine"}), make_link(lead, report)
    before = read(path)
    assert before != read(plain), "needs a question that says something"
    with scope.in_workspace(shop.pk):
        saved.delete()
    assert read(path) == before


def test_it_speaks_the_language_of_the_link(sale: Goal, lead: Membership) -> None:
    for report in REPORTS:
        page = Client().get(make_link(lead, report, language="nb"), headers={"Accept-Language": "sv"})
        assert page["Content-Language"] == "nb", report
        assert '<html lang="nb">' in page.content.decode(), report


def test_the_answer_is_kept_out_of_caches_search_engines_and_frames(sale: Goal, lead: Membership) -> None:
    answer = Client().get(make_link(lead))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert not answer.cookies


def test_a_named_site_may_show_it_inside_its_pages(sale: Goal, lead: Membership) -> None:
    answer = Client().get(make_link(lead, frame_origin="https://intranet.example.com"))
    assert "frame-ancestors https://intranet.example.com;" in answer["Content-Security-Policy"] + ";"
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer


def test_a_closed_answer_is_kept_out_as_well(shop: Workspace) -> None:
    answer = Client().get("/shared/unknown/")
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")


def test_a_goal_that_is_gone_closes_its_link(shop: Workspace, sale: Goal, lead: Membership) -> None:
    path = make_link(lead)
    with scope.in_workspace(shop.pk):
        SharedLink.objects.update(params={"goal": "gone"})
    assert Client().get(path).status_code == 410


def test_reading_refuses_whatever_would_write(lead: Membership) -> None:
    with (
        pytest.raises(InternalError, match="read-only transaction"),
        transaction.atomic(),
        scope.reading(lead.workspace_id),
    ):
        Membership.objects.update(department="changed")
    with scope.in_workspace(lead.workspace_id), connection.cursor() as cursor:
        cursor.execute("show transaction_read_only")
        assert Membership.objects.update(department="changed") == 1


def test_a_link_finds_its_own_row_and_no_other(lead: Membership, outsider: Membership, sale: Goal) -> None:
    make_link(lead)
    assert SharedLink.objects.count() == 0
    with scope.in_workspace(outsider.workspace_id):
        assert SharedLink.objects.count() == 0

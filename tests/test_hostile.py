"""What visitors send and members write stays text: on every page, in every file, mail, link and snapshot.

The addresses are walked (tests/addresses.py), so that a page of tomorrow is read as well.
"""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from reports.dimensions import DIMENSIONS
from reports.evidence import keeping
from reports.explore.dimensions import EXPLORED, property_key
from reports.insights.splits import SPLITS
from reports.sharing.registry import REPORTS
from tests import hostile
from tests.addresses import addresses
from tests.hostile import ELEMENT, planted
from tests.reports.lake import NOW
from tests.reports.mailed.asks import html_of, make_schedule, try_out
from tests.reports.sharing.asks import make_link, read
from tests.reports.snapshots.test_pages import take
from tracking.models import Source
from workspaces import mails, scope
from workspaces.models import Membership, Notification, Workspace

BASE = "/w/fjellsport/"
WALKED = [
    each
    for each in addresses()
    if not each.is_api and (hasattr(each.view, "action") or hasattr(each.view, "signed_in"))
]
READERS = {
    "text/html": lambda body: hostile.wrong_in_page(body.decode()),
    "text/csv": hostile.wrong_in_csv,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": hostile.wrong_in_workbook,
}


def wrong(answer: Any) -> list[str]:  # an HttpResponse, as the test client has it
    """Give what acts in an answer, by its kind."""
    assert answer.status_code < 500
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    return READERS[kind](answer.getvalue()) if kind in READERS else []


@pytest.fixture
def source(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return hostile.open_shop(shop)


@pytest.fixture
def browser(owner: Membership) -> Client:
    client = Client()
    client.force_login(owner.user)
    return client


SPAN = {"period": "custom", "from": "2026-11-10", "to": "2026-11-20"}
EXPLORED_BY = [each for each in EXPLORED if not EXPLORED[each].is_time] + [property_key(planted("key"))]
AN_EVENT = "event " + json.dumps(planted("name"))  # quoted, as people who write a step quote it
POINTS = {"show": "both", "point": AN_EVENT}
STEPS = {"step1": "event page_view", "step2": AN_EVENT, "step3": "goal sale"}
# Each report, every way that it can be asked to name what came with events; and the fields that it then names.
QUESTIONS: dict[str, tuple[str, list[dict[str, str]], set[str]]] = {
    "goal": (
        "goals/sale/", [{"by": each, "model": "first"} for each in DIMENSIONS],
        {"source", "medium", "campaign", "content", "term", "path"},
    ),
    "attribution": (
        "attribution/", [{"goal": "sale", "by": each} for each in DIMENSIONS],
        {"source", "medium", "campaign", "content", "term", "path"},
    ),
    "a row's journeys": (
        "attribution/", [{"goal": "sale", "by": "campaign", "open": planted("campaign")}], {"campaign"},
    ),
    "insights": (
        "insights/", [{"split": each, "view": "30"} for each in SPLITS],
        {"content", "account", "format", "device", "source"},
    ),
    "funnel": ("funnels/", [STEPS, STEPS | {"by": "device"}], {"name", "device"}),
    "paths": ("paths/", [POINTS | {"direction": each} for each in ("after", "before")], {"name", "path"}),
    "explore": (
        "explore/", [{"by": each, "metrics": "visitors,events,conversions:sale"} for each in EXPLORED_BY],
        {"source", "medium", "campaign", "content", "term", "path", "name", "device", "language", "property"},
    ),
    "an exploration's conditions": (
        "explore/",
        [{"by": "campaign", "where": f"page contains {ELEMENT}", "segment1": AN_EVENT.replace("event", "event is")}],
        {"campaign", "name"},
    ),
    "cohorts": ("cohorts/", [{"first": "seen", "did": "goal:looked"}], set()),
    "evidence": ("evidence/", [{"goal": "sale"}], set()),
    "catalogue": ("catalogue/", [{}], {"name"}),
    "an event": ("catalogue/event/", [{"name": planted("name")}], {"name"}),
    "what is live": ("sources/till/live/", [{}], {"name", "path"}),
    "what was refused": ("sources/till/rejected/", [{}], {"late"}),
    "picks": ("proposals/picks/", [{"kind": each, "q": "x"} for each in ("page", "event", "folder")], set()),
}  # fmt: skip


@pytest.mark.parametrize("report", QUESTIONS)
def test_what_visitors_send_is_text_wherever_a_report_names_it(source: Source, browser: Client, report: str) -> None:
    path, questions, fields = QUESTIONS[report]
    shown = ""
    for question in questions:
        answer = browser.get(BASE + path, SPAN | question)
        assert answer.status_code == 200, f"{path} {question}: {answer.content.decode()[:3000]}"
        assert wrong(answer) == [], question
        shown += answer.content.decode()
    assert {field for field in fields if f"&lt;{ELEMENT} id={field}&gt;" in shown} == fields, "needs what was sent"


FILES = {
    "breakdown": ("goals/sale/breakdown", "goal", 5), "trend": ("goals/sale/trend", "goal", 0),
    "attribution": ("attribution", "attribution", 5), "explore": ("explore", "explore", 6),
    "insights-trend": ("insights/trend", "insights", 3), "insights-content": ("insights/content", "insights", 1),
    "funnels": ("funnels", "funnel", 1), "next": ("funnels/next", "funnel", 0), "paths": ("paths", "paths", 1),
    "moves": ("paths/moves", "paths", 1), "cohorts": ("cohorts", "cohorts", 0),
    "segments": ("goals/sale/segments", "goal", 0),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_no_cell_of_any_file_is_a_formula(source: Source, browser: Client, name: str) -> None:
    file, report, at_least = FILES[name]
    named = set()
    for question in QUESTIONS[report][1]:
        for ending in ("csv", "xlsx"):
            answer = browser.get(f"{BASE}{file}.{ending}", SPAN | question)
            assert answer.status_code == 200, (file, question)
            assert wrong(answer) == [], (file, question)
            if ending == "csv":
                named |= set(re.findall(rf"<{ELEMENT} id=([\w-]+)>", answer.content.decode()))
    assert len(named) >= at_least, f"needs what was sent: {named}"


# These stand on no page.
UNSEEN = {
    "goals.target.approved_by", "reports.delivery.detail", "tracking.erasure.name", "workspaces.invitation.department",
}  # fmt: skip


def test_what_members_write_is_text_on_every_page(
    shop: Workspace, source: Source, owner: Membership, browser: Client
) -> None:
    take(owner, "goal", {"goal": "sale", **SPAN}, name=planted("snapshot"))
    paths = {str(each): each.path(owner) for each in WALKED}
    hostile.bring_on(owner)
    hostile.write_everywhere(shop)
    found, named = [], set()
    for route, path in paths.items():
        answer = browser.get(path, SPAN if route.startswith("w/") else {})
        found += [f"{route}: {each}" for each in wrong(answer)]
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            named |= set(re.findall(rf"&lt;{ELEMENT} id=([\w.]+)", answer.content.decode()))
    assert found == []
    fields = {f"{label}.{name}".lower() for label, names in hostile.WRITTEN.items() for name in names}
    unseen = {field for field in fields if not any(each.startswith(f"{field}.") for each in named)}
    assert unseen == UNSEEN, f"needs what was written: {sorted(unseen)}"
    assert "snapshot" in named, "needs a snapshot and its trail"
    mail.outbox.clear()
    with scope.in_workspace(shop.pk):
        for notice in Notification.objects.all():
            mails.send_notice(notice)
    letters = [str(sent.alternatives[0][0]) for sent in mail.outbox]
    assert [each for letter in letters for each in hostile.wrong_in_page(letter)] == []
    assert any(f"&lt;{ELEMENT} id=workspaces.notification.title" in letter for letter in letters)


REFLECTED = (
    "period", "from", "to", "by", "model", "models", "metric", "metrics", "goal", "name", "q", "page", "cursor", "sort",
    "order", "where", "segment1", "step1", "step2", "point", "show", "direction", "first", "did", "every", "split",
    "content", "account", "checkout", "open", "only", "top", "next", "back", "kind", "state", "report", "date", "text",
    "formula", "event", "goals", "landmark", "click", "window", "department", "a", "b",
)  # fmt: skip


def test_what_an_address_says_is_text_on_every_page(source: Source, owner: Membership, browser: Client) -> None:
    asked = {name: planted(name) for name in REFLECTED}
    found, named = [], set()
    for each in WALKED:
        answer = browser.get(each.path(owner), asked)
        found += [f"{each}: {what}" for what in wrong(answer)]
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            named |= set(re.findall(rf"&lt;{ELEMENT} id=([\w.]+)", answer.content.decode()))
    assert found == []
    assert len(named) > 15, f"needs what was asked: {sorted(named)}"


ASKED = {name: question for name, (_path, (question, *_), _fields) in QUESTIONS.items() if name in REPORTS}
ASKED["goal"] = ASKED["attribution"] = {"by": "campaign"}
ASKED["explore"] = {"by": "campaign,event", "open": "*", "metrics": "visitors,conversions:sale"}
ASKED["insights"] = {"split": "content", "view": "30"}
SAYING = {"goal", "attribution", "insights", "funnel", "paths", "explore"}  # what visitors sent


@pytest.mark.parametrize("report", REPORTS)
def test_links_snapshots_and_mails_say_it_as_text(
    shop: Workspace, source: Source, owner: Membership, browser: Client, report: str
) -> None:
    hostile.write_everywhere(shop)
    asked = {"goal": "sale", **SPAN} | ASKED.get(report, {})
    if report == "evidence":  # is computed when somebody looks
        browser.get(f"{BASE}evidence/", asked)
        keeping.compute_all(shop.pk, now=NOW)
    link = read(make_link(owner, report, asked, name=planted("link")))
    kept = take(owner, report, {name: quote(value) for name, value in asked.items()}, name=planted("snapshot"))
    frozen = browser.get(kept)
    assert hostile.wrong_in_page(link) + wrong(frozen) == []
    for number in range(1, 6):
        for ending in ("csv", "xlsx"):
            answer = browser.get(f"{kept}table-{number}.{ending}")
            assert answer.status_code in {200, 404}
            assert wrong(answer) == [], number
    schedule = make_schedule(owner, report, asked, title=planted("title")[:100], with_xlsx=True, with_pdf=True)
    letter = try_out(schedule, owner)
    mail.outbox.clear()
    assert hostile.wrong_in_page(html_of(letter)) == []
    books = [part.get_content() for part in letter.iter_attachments() if str(part.get_filename()).endswith(".xlsx")]
    assert books
    assert [each for book in books for each in hostile.wrong_in_workbook(book)] == []
    for said in (link, frozen.content.decode(), html_of(letter)):
        assert report not in SAYING or f"&lt;{ELEMENT} id=" in said, "needs what was sent"

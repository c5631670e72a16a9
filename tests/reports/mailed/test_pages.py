"""Scheduled reports on pages: made from the report, listed with what became of them, left by their readers."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from goals.models import Goal
from reports.mailed import leaving, schedules, sending
from reports.models import Cadence, Delivery, DeliveryState, PauseReason, Problem, Recipient, Schedule
from reports.sharing.registry import REPORTS
from tests.reports.lake import NOW
from tests.reports.mailed.asks import ADDRESS, deliveries, make_schedule, run, state_of
from tests.reports.sharing.asks import RANGE, open_shop
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace

BASE = "/w/fjellsport"
LIST = f"{BASE}/scheduled/"
QUESTION = {"goal": "sale", "by": "campaign", **RANGE}
FIELDS: dict[str, Any] = {"title": "The board", "day": "weekly-0", "hour": "7", "language": "nb", "addresses": ADDRESS}


@pytest.fixture
def sale(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> Goal:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return open_shop(shop)


def post(by: Membership, report: str = "goal", **fields: Any) -> Any:
    """Send the form of a report's page."""
    browser = Client()
    browser.force_login(by.user)
    asked = "&".join(f"{name}={value}" for name, value in {"report": report, **QUESTION}.items())
    return browser.post(f"{LIST}new/?{asked}", {**FIELDS, "members": [str(by.pk)]} | fields)


def words_of(answer: Any) -> str:
    """Give the words of a page, its blanks all alike."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", answer.content.decode())).split())


def only(shop: Workspace) -> Schedule:
    with scope.in_workspace(shop.pk):
        return Schedule.objects.prefetch_related("recipients__member__user").get()


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_that_can_be_shared_can_be_mailed(
    client: Client, sale: Goal, shop: Workspace, lead: Membership, report: str
) -> None:
    assert post(lead, report).status_code == 302
    row = only(shop)
    assert (row.report, row.title, row.language, row.made_by) == (report, "The board", "nb", lead.user)
    assert (row.cadence, row.weekday, row.hour, row.due_on) == (Cadence.WEEKLY, 0, 7, date(2026, 11, 23))
    with scope.in_workspace(shop.pk):
        assert row.params == REPORTS[report].ask(shop, QUESTION, NOW).kept
        assert {str(each) for each in row.recipients.all()} == {str(lead), ADDRESS}
        entry = AuditEntry.objects.get(subject_type="schedule")
    assert (entry.act, entry.actor, entry.after["recipients"]) == ("created", lead.user, sorted([str(lead), ADDRESS]))
    client.force_login(lead.user)
    page = words_of(client.get(LIST))
    for words in ("The board", "every week: Monday at 07:00", "1 member, 1 other address", "next 23 Nov"):
        assert words in page


def test_the_report_offers_it_to_who_may_share(
    client: Client, sale: Goal, lead: Membership, viewer: Membership
) -> None:
    for member, is_offered in ((lead, True), (viewer, False)):
        client.force_login(member.user)
        page = client.get(f"{BASE}/goals/sale/", QUESTION).content.decode()
        assert ("/scheduled/new/?report=goal&amp;goal=sale" in page) == is_offered
    assert client.get(LIST).status_code == 403
    assert post(viewer).status_code == 403


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"addresses": "", "members": []}, "Choose somebody to send it to"),
        ({"addresses": "board@example.org, nobody"}, "“nobody” is not an e-mail address"),
        ({"addresses": "a@example.org\r\nBcc:b@example.org"}, "is not an e-mail address"),
        ({"addresses": " ".join(f"p{n}@example.org" for n in range(21))}, "These are 21 addresses; at most 20"),
        ({"day": "weekly-7"}, "weekly-7"),
        ({"day": "monthly-0"}, "monthly-0"),
        ({"hour": "24"}, "24"),
        ({"hour": "x"}, "x"),
        ({"members": ["999999999999"]}, "999999999999"),
        ({"language": "xx"}, "xx"),
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 121}, "120"),
        ({"title": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_what_the_form_can_not_mean_is_named(
    sale: Goal, shop: Workspace, lead: Membership, fields: Any, said: str
) -> None:
    answer = post(lead, **fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with scope.in_workspace(shop.pk):
        assert not Schedule.objects.exists()


def test_members_of_others_are_no_readers(sale: Goal, lead: Membership, outsider: Membership) -> None:
    assert post(lead, members=[str(outsider.pk)]).status_code == 422


def test_an_address_is_kept_once_however_it_is_written(sale: Goal, shop: Workspace, lead: Membership) -> None:
    post(lead, addresses="Board@example.org\nboard@EXAMPLE.org; b@example.org", members=[])
    with scope.in_workspace(shop.pk):
        assert sorted(Recipient.objects.values_list("email", flat=True)) == ["b@example.org", "board@EXAMPLE.org"]


def test_a_workspace_has_so_many_and_no_more(
    sale: Goal, shop: Workspace, lead: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedules, "MOST_SCHEDULES", 1)
    assert [post(lead).status_code, post(lead).status_code] == [302, 422]


@pytest.mark.parametrize("path", ["new/?report=nothing", "new/?report=goal&goal=nothing", "99999999999/remove/"])
def test_what_is_not_there_answers_404(client: Client, sale: Goal, lead: Membership, path: str) -> None:
    client.force_login(lead.user)
    assert client.get(f"{LIST}{path}").status_code == 404


def test_a_test_goes_to_who_asks_and_to_nobody_else(
    client: Client, sale: Goal, shop: Workspace, lead: Membership
) -> None:
    row = make_schedule(lead, members=[], addresses=[ADDRESS])
    client.force_login(lead.user)
    for _press in range(2):
        assert client.post(f"{LIST}{row.pk}/test/").status_code == 302
    assert sending.send_due(shop.pk, now=NOW) == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([lead.user.email], "Test: The board, 21 November 2026")
    assert "List-Unsubscribe" not in sent.extra_headers
    page = words_of(client.get(LIST))
    assert "your test of 21 Nov 2026 13:00 Oslo: sent" in page
    assert "never" in page, "a test is no mail of the schedule"


def test_it_is_paused_resumed_and_removed(client: Client, sale: Goal, shop: Workspace, lead: Membership) -> None:
    row = make_schedule(lead)
    client.force_login(lead.user)
    client.post(f"{LIST}{row.pk}/pause/")
    assert state_of(row).pause_reason == PauseReason.BY_HAND
    assert ">Resume<" in client.get(LIST).content.decode()
    client.post(f"{LIST}{row.pk}/resume/")
    assert state_of(row).paused_at is None
    assert "Nobody gets it any more" in client.get(f"{LIST}{row.pk}/remove/").content.decode()
    assert client.post(f"{LIST}{row.pk}/remove/").status_code == 302
    with scope.in_workspace(shop.pk):
        assert not Schedule.objects.exists()
        acts = AuditEntry.objects.filter(subject_type="schedule").order_by("pk").values_list("act", flat=True)
        assert list(acts) == ["created", "paused", "resumed", "deleted"]


def test_the_list_says_what_did_not_go_and_why(client: Client, sale: Goal, shop: Workspace, lead: Membership) -> None:
    row = make_schedule(lead, title="<b>Board</b>")
    with scope.in_workspace(shop.pk):
        Schedule.objects.update(due_on=NOW.date())
    assert run(row, NOW) == 2
    with scope.in_workspace(shop.pk):
        refused = {"state": DeliveryState.WAITING, "next_try_at": NOW + timedelta(hours=1)}
        said = {"problem": Problem.REFUSED, "detail": "550 <script>no such mailbox"}
        Delivery.objects.filter(recipient__email=ADDRESS).update(**refused, **said)
    client.force_login(lead.user)
    page = client.get(LIST).content.decode()
    assert "the mail server refused the address (board@example.org)" in page
    assert "<q>550 &lt;script&gt;no such mailbox</q>" in page
    assert "tried again 21 Nov 2026 14:00 Oslo" in words_of(client.get(LIST))
    assert "&lt;b&gt;Board&lt;/b&gt;" in page


def test_the_list_asks_as_often_for_one_as_for_ten(
    client: Client, sale: Goal, lead: Membership, django_assert_max_num_queries: Any
) -> None:
    for n in range(10):
        make_schedule(lead, title=f"Report {n}")
    client.force_login(lead.user)
    # Transaction, session, user, member, settings of row level security; schedules, readers, problems, tests; the bell.
    with django_assert_max_num_queries(20):
        assert client.get(LIST).content.decode().count(">Pause<") == 10


def link_of(row: Schedule, address: str = ADDRESS) -> str:
    with scope.in_workspace(row.workspace_id):
        return leaving.address_for(Recipient.objects.get(schedule=row, email=address)).removeprefix(
            "http://127.0.0.1:8000"
        )


def test_looking_at_the_way_out_changes_nothing_and_one_click_leaves(
    sale: Goal, shop: Workspace, lead: Membership
) -> None:
    row = make_schedule(lead)
    with scope.in_workspace(shop.pk):
        Schedule.objects.update(due_on=NOW.date())
    path, browser = link_of(row), Client(enforce_csrf_checks=True)
    page = browser.get(path).content.decode()
    assert "No more mails of this report?" in page
    assert lead.user.email not in page
    with scope.in_workspace(shop.pk):
        assert not Recipient.objects.exclude(left_at=None).exists()
    # As the program of a mail provider sends it: no cookie, no token of a form (RFC 8058).
    for _again in range(2):
        answer = browser.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "You get no more of these mails" in answer.content.decode()
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert run(row, NOW) == 1
    assert [sent.to for sent in mail.outbox] == [[lead.user.email]]
    with scope.in_workspace(shop.pk):
        entry = AuditEntry.objects.get(act="unsubscribed")
    assert (entry.actor, entry.actor_name, entry.after) == (None, ADDRESS, {"recipient": ADDRESS})


def test_the_way_out_speaks_the_reader_s_language(sale: Goal, lead: Membership) -> None:
    row = make_schedule(lead, language="nb")
    page = Client().get(link_of(row), headers={"Accept-Language": "sv"}).content.decode()
    assert '<html lang="nb">' in page
    assert "Ikke flere e-poster med denne rapporten?" in page


def test_a_mail_that_waits_is_not_sent_to_who_has_left(sale: Goal, shop: Workspace, lead: Membership) -> None:
    row = make_schedule(lead, members=[])
    with scope.in_workspace(shop.pk):
        Schedule.objects.update(due_on=NOW.date())
        Delivery.objects.create(
            workspace=shop, schedule=row, due_at=NOW, next_try_at=NOW, recipient=Recipient.objects.get()
        )
        Schedule.objects.update(due_on=NOW.date() + timedelta(days=1))
    Client().post(link_of(row))
    assert run(row, NOW) == 0
    assert [(each.state, each.problem) for each in deliveries(row)] == [(DeliveryState.SKIPPED, Problem.LEFT)]


@pytest.mark.parametrize("token", ["x", "WzEsMV0:abc", "a:b:c", "🙂"])
def test_a_token_that_nobody_signed_opens_nothing(db: None, token: str) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(f"/no-more-mail/{token}/")
        assert answer.status_code == 404
        assert "This address leads nowhere" in answer.content.decode()


def test_a_signature_made_for_something_else_opens_nothing(sale: Goal, lead: Membership) -> None:
    row = make_schedule(lead)
    path = link_of(row)
    head, signature = path.strip("/").removeprefix("no-more-mail/").split(":")
    assert Client().get(f"/no-more-mail/{head[:-1]}x:{signature}/").status_code == 404
    assert Client().get(f"/no-more-mail/{head}:{signature[:-1]}/").status_code == 404
    with scope.in_workspace(row.workspace_id):
        schedules.remove(state_of(row), by=lead, now=NOW)
    assert Client().get(path).status_code == 404

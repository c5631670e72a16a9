"""The bell, the list of notices and the settings, as a browser without JavaScript uses them."""

import re
import uuid
from datetime import datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.builders import make_notice
from workspaces import notices, scope
from workspaces.models import Membership, Notification, User
from workspaces.notices import KINDS, Choice, Mail, notify

LIST = "/w/fjellsport/notifications/"
SETTINGS = f"{LIST}settings/"


def browser(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def shown(member: Membership, path: str = LIST) -> str:
    return browser(member).get(path).content.decode()


def unread(member: Membership) -> int:
    with scope.in_workspace(member.workspace_id):
        return notices.unread_count(member)


def bell(page: str) -> set[str]:
    return set(re.findall(r'class="bell" href="/w/fjellsport/notifications/" aria-label="([^"]+)"', page))


@pytest.mark.parametrize(
    ("count", "label"),
    [(0, "Notifications"), (3, "Notifications, 3 unread"), (100, "Notifications, 99+ unread")],
    ids=["none", "three", "a hundred"],
)
def test_the_bell_says_how_many_are_unread(viewer: Membership, now: datetime, count: int, label: str) -> None:
    with scope.in_workspace(viewer.workspace_id):
        for number in range(count):
            notify([viewer], kind="mention", title=str(number), text="", path="/", now=now)
    assert bell(shown(viewer, "/w/fjellsport/members/")) == {label}


def test_who_is_in_no_workspace_has_no_bell_and_pays_nothing(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("new@example.com"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/workspaces/new/").content.decode()
    assert 'class="bell"' not in page
    assert [query["sql"] for query in queries if "workspaces_notification" in query["sql"]] == []


def test_the_list_is_ones_own_and_newest_first(lead: Membership, viewer: Membership, now: datetime) -> None:
    with scope.in_workspace(lead.workspace_id):
        for number, title in enumerate(["Older", "Newer"]):
            notify([lead], kind="mention", title=title, text="", path="/", now=now + timedelta(minutes=number))
        notify([viewer], kind="mention", title="For another", text="", path="/", now=now)
        notices.choose(lead, {"comment": Choice(in_product=False, mail=Mail.AT_ONCE)})
        notify([lead], kind="comment", title="By mail alone", text="", path="/", now=now)
    page = shown(lead)
    assert page.index("Newer") < page.index("Older")
    assert "For another" not in page
    assert "By mail alone" not in page
    assert page.count('class="unread"') == 2


def test_the_list_asks_as_often_for_one_as_for_fifty(lead: Membership) -> None:
    asked = []
    for many in (1, 60):
        for number in range(many):
            make_notice(lead, f"{number}")
        client = browser(lead)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        asked.append([query["sql"] for query in queries])
    about = [[sql for sql in each if '"workspaces_notification"' in sql] for each in asked]
    assert [len(each) for each in about] == [3, 3], "the bell, how many there are, the first page"
    assert len(asked[0]) == len(asked[1])


def test_the_second_page_is_reached(lead: Membership) -> None:
    for number in range(51):
        make_notice(lead, f"Notice {number}")
    assert 'href="?page=2"' in shown(lead)
    assert len(re.findall(r"Notice \d", shown(lead, f"{LIST}?page=2"))) == 1


def test_hostile_words_are_shown_as_words(lead: Membership) -> None:
    make_notice(lead, "<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)" in shown(lead)
    assert "<script>alert" not in shown(lead)


def test_opening_a_notice_marks_it_read_and_leads_to_its_page(lead: Membership) -> None:
    notice = make_notice(lead)
    make_notice(lead, "Another")
    answers = [browser(lead).get(f"{LIST}{notice.pk}/") for _ in range(2)]
    assert [answer["Location"] for answer in answers] == ["/w/fjellsport/members/"] * 2
    assert unread(lead) == 1
    with scope.in_workspace(lead.workspace_id):
        assert [one.title for one in lead.notifications.unread()] == ["Another"]


def test_a_notice_that_is_anothers_or_gone_leads_to_ones_own_list(lead: Membership, viewer: Membership) -> None:
    notice = make_notice(lead)
    for found in (notice.pk, uuid.uuid4()):
        answer = browser(viewer).get(f"{LIST}{found}/")
        assert answer["Location"] == LIST
        assert [str(message) for message in get_messages(answer.wsgi_request)] == [
            "That notification is not yours, or was removed after its time."
        ]
    assert unread(lead) == 1


def test_all_are_marked_read_that_the_page_showed(lead: Membership, viewer: Membership) -> None:
    make_notice(lead)
    make_notice(viewer)
    client = browser(lead)
    until = re.search(r'name="until" value="([^"]+)"', client.get(LIST).content.decode())
    assert until
    with scope.in_workspace(lead.workspace_id):
        later = datetime.fromisoformat(until[1]) + timedelta(microseconds=1)
        notify([lead], kind="mention", title="Came later", text="", path="/", now=later)
    assert client.post(f"{LIST}read/", {"until": until[1]})["Location"] == LIST
    assert [unread(lead), unread(viewer)] == [1, 1]


@pytest.mark.parametrize("until", ["", "yesterday", "\u0000", "9" * 400])
def test_without_a_moment_that_can_be_read_all_are_marked(lead: Membership, until: str) -> None:
    make_notice(lead)
    assert browser(lead).post(f"{LIST}read/", {"until": until}).status_code == 302
    assert unread(lead) == 0


def chosen(**changes: str) -> dict[str, str]:
    """Give the form as it is sent: everything by mail once a day and nothing in the product, but for the changes."""
    return {f"{key}-mail": "daily" for key in KINDS} | changes


def test_the_settings_show_and_save_each_kind(lead: Membership) -> None:
    page = shown(lead, SETTINGS)
    assert all(str(kind.explanation) in page for kind in KINDS.values())
    sent = chosen(**{"mention-in_product": "on", "mention-mail": "off"})
    answer = browser(lead).post(SETTINGS, sent)
    assert (answer.status_code, answer["Location"]) == (302, SETTINGS)
    with scope.in_workspace(lead.workspace_id):
        saved = notices.choices_of(lead)
    assert saved["mention"] == Choice(in_product=True, mail=Mail.OFF)
    assert saved["comment"] == Choice(in_product=False, mail=Mail.DAILY)


def test_a_way_that_does_not_exist_is_refused_beside_its_field(lead: Membership) -> None:
    answer = browser(lead).post(SETTINGS, chosen(**{"mention-mail": "by pigeon"}))
    assert answer.status_code == 422
    assert 'href="#id_mention-mail"' in answer.content.decode()
    with scope.in_workspace(lead.workspace_id):
        assert lead.notification_settings.count() == 0


def test_notices_end_with_the_membership(owner: Membership, viewer: Membership) -> None:
    make_notice(viewer)
    assert browser(owner).post(f"/w/fjellsport/members/{viewer.pk}/remove/").status_code == 302
    with scope.in_workspace(owner.workspace_id):
        assert Notification.objects.count() == 0

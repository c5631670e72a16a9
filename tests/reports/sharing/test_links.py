"""Who makes and closes links, how long they open, what their password keeps out."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from reports.models import SharedLink
from reports.sharing import links
from tests.reports.sharing.asks import make_link, open_shop, read
from workspaces import members, scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Role

SECRET = re.compile(r"/shared/([\w-]{43})/")
NEW = "/w/fjellsport/shared/new/?report=goal&goal=sale&period=custom&from=2026-11-02&to=2026-11-20&by=campaign"


@pytest.fixture
def filled(shop: Workspace, owner: Membership) -> None:
    open_shop(shop)


@pytest.fixture
def browser(client: Client, lead: Membership, filled: None) -> Client:
    client.force_login(lead.user)
    return client


def row(shop: Workspace) -> SharedLink:
    with scope.in_workspace(shop.pk):
        return SharedLink.objects.get()


def made(browser: Client, **fields: str) -> Any:  # Django's response
    form = {"name": "The board", "language": "en", "days": "30"}
    return browser.post(NEW, form | fields)


def test_a_link_is_made_from_the_report_and_its_secret_shown_once(browser: Client, shop: Workspace) -> None:
    page = browser.get("/w/fjellsport/goals/sale/?by=campaign").content.decode()
    assert "/w/fjellsport/shared/new/?report=goal&amp;goal=sale" in page
    answer = made(browser)
    (secret,) = set(SECRET.findall(answer.content.decode()))
    link = row(shop)
    assert secret not in (link.secret_hash, link.name)
    assert (link.report, link.params["goal"], link.params["by"], link.openings) == ("goal", "sale", "campaign", 0)
    assert link.expires_at is not None
    assert link.expires_at - link.created_at == timedelta(days=30)
    assert secret not in browser.get("/w/fjellsport/shared/").content.decode()
    with scope.in_workspace(shop.pk):
        entry = AuditEntry.objects.get(act="created", subject_type="sharedlink")
    assert entry.subject_name == "The board"
    assert secret not in str(entry.after)
    assert "Sale" in read(f"/shared/{secret}/")


def test_an_opening_is_counted_and_listed(browser: Client, shop: Workspace, lead: Membership) -> None:
    path = make_link(lead)
    read(path)
    read(path)
    assert Client().head(path).status_code == 200
    assert row(shop).openings == 2
    page = browser.get("/w/fjellsport/shared/").content.decode()
    assert "2 times" in page
    assert "works until" in page


def test_a_closed_link_opens_no_more_and_says_nothing_of_the_workspace(
    browser: Client, shop: Workspace, lead: Membership
) -> None:
    path = make_link(lead)
    close = f"/w/fjellsport/shared/{row(shop).pk}/close/"
    assert "Close the link" in browser.get(close).content.decode()
    assert browser.post(close).status_code == 302
    answer = Client().get(path)
    assert answer.status_code == 410
    assert "Its time is over" in answer.content.decode()
    assert not re.search("fjellsport|sale|board", answer.content.decode(), re.IGNORECASE)
    assert browser.get(close).status_code == 404, "closed for good"
    with scope.in_workspace(shop.pk):
        assert AuditEntry.objects.filter(act="revoked").count() == 1


def test_a_link_ends_at_its_moment(lead: Membership, filled: None) -> None:
    path, without_end = make_link(lead, days=7), make_link(lead, days=None)
    secret = path.split("/")[2]
    made_at = timezone.now()
    for days, state in ((6.99, "works"), (7.01, "expired")):
        found = links.find(secret, now=made_at + timedelta(days=days))
        assert found is not None
        assert found[1] == state
    found = links.find(without_end.split("/")[2], now=datetime(2999, 1, 1, tzinfo=UTC))
    assert found is not None
    assert found[1] == "works"
    with scope.in_workspace(lead.workspace_id):
        SharedLink.objects.filter(expires_at__isnull=False).update(expires_at=made_at)
    assert Client().get(path).status_code == 410


def test_a_link_may_open_until_it_is_closed(browser: Client, shop: Workspace) -> None:
    assert made(browser, days="0").status_code == 200
    assert row(shop).expires_at is None
    assert "works" in browser.get("/w/fjellsport/shared/").content.decode()


def test_a_secret_that_no_link_has_is_404(shop: Workspace) -> None:
    answer = Client().get("/shared/" + "A" * 43 + "/")
    assert answer.status_code == 404
    assert "Part of the address may be missing" in answer.content.decode()
    assert Client().post("/shared/x/").status_code == 404


def test_a_link_ends_with_the_right_of_who_made_it(
    browser: Client, owner: Membership, lead: Membership, shop: Workspace
) -> None:
    path = make_link(lead)
    with scope.in_workspace(shop.pk):
        members.change(lead, role=Role.VIEWER, department="", by=owner, now=timezone.now())
    assert Client().get(path).status_code == 410
    browser.force_login(owner.user)
    assert "who made it may not share now" in browser.get("/w/fjellsport/shared/").content.decode()
    with scope.in_workspace(shop.pk):
        members.remove(lead, by=owner, now=timezone.now())
    assert Client().get(path).status_code == 410


def test_a_password_is_asked_for_and_remembered_for_that_link_alone(lead: Membership, filled: None) -> None:
    path, other = make_link(lead, password="north face"), make_link(lead, password="north face")
    reader = Client()
    asked = reader.get(path).content.decode()
    assert "A report was shared with you" in asked
    assert not re.search("fjellsport|sale|board", asked, re.IGNORECASE)
    assert reader.get(path)["Referrer-Policy"] == "same-origin", "without it the form would come from nowhere"
    wrong = reader.post(path, {"password": "south face"})
    assert wrong.status_code == 422
    assert "This is not the password." in wrong.content.decode()
    right = reader.post(path, {"password": "north face"})
    assert (right.status_code, right["Location"]) == (302, path)
    cookie = right.cookies["measureplan-shared"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (path, True, "Lax")
    assert "Fjellsport" in reader.get(path).content.decode()
    forged = Client()
    forged.cookies["measureplan-shared"] = cookie.value
    assert "A report was shared with you" in forged.get(other).content.decode()


def test_tries_of_a_password_are_counted_by_link(lead: Membership, filled: None) -> None:
    path, other = make_link(lead, password="north face"), make_link(lead, password="north face")
    for _ in range(5):
        assert Client().post(path, {"password": "wrong one"}).status_code == 422
    assert Client().post(path, {"password": "north face"}).status_code == 429
    assert Client().post(other, {"password": "north face"}).status_code == 302


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"language": "xx"}, "Select a valid choice."),
        ({"days": "12"}, "Select a valid choice."),
        ({"password": "short"}, "at least 8 characters"),
        ({"frame_origin": "https://x.example; script-src *"}, "Give the site as https://"),
        ({"frame_origin": "http://x.example"}, "Give the site as https://"),
        ({"frame_origin": "https://x.example/path"}, "Give the site as https://"),
        ({"frame_origin": "https://x.example", "password": "north face"}, "cannot be embedded"),
    ],
    ids=["no name", "language", "days", "short password", "injection", "http", "path", "framed password"],
)
def test_a_link_that_could_not_work_is_refused(browser: Client, fields: dict[str, str], words: str) -> None:
    answer = made(browser, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_report_that_is_not_there_cannot_be_shared(browser: Client) -> None:
    for query in ("report=nothing", "report=goal&goal=none", "report=goal"):
        assert browser.get(f"/w/fjellsport/shared/new/?{query}").status_code == 404, query


def test_who_may_not_share_is_not_offered_it(client: Client, viewer: Membership, filled: None) -> None:
    client.force_login(viewer.user)
    page = client.get("/w/fjellsport/goals/sale/").content.decode()
    assert "shared/" not in page
    assert client.get("/w/fjellsport/shared/").status_code == 403


def test_a_link_of_another_workspace_cannot_be_closed(browser: Client, outsider: Membership) -> None:
    with scope.in_workspace(outsider.workspace_id):
        theirs, _ = links.share(links.Wish("overview", {}, "Them", "en"), by=outsider, now=timezone.now())
    assert browser.post(f"/w/fjellsport/shared/{theirs.pk}/close/").status_code == 404
    assert "Them" not in browser.get("/w/fjellsport/shared/").content.decode()

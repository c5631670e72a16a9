"""The tracking pages: everything accounted for, what was rejected, what arrives, what is planned."""

from collections import Counter
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from tests.tracking.makers import Lake, make_event, make_source, origin_of, us
from tests.tracking.test_collect import send
from tracking import inbox
from tracking.agreeing import Wanted, agree
from tracking.lake.writer import drain
from tracking.models import PlannedEvent, Quarantined, Source
from tracking.planned import Property
from tracking.quarantine import Example
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace

SITE = "/w/fjellsport/sources/site/"
CATALOGUE = "/w/fjellsport/catalogue/"


def browser(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def page(member: Membership, path: str) -> str:
    answer = browser(member).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def strict_source(shop: Workspace) -> Source:
    with scope.in_workspace(shop.pk):
        agree(shop.pk, [Wanted("signup", (Property("tier"),), (("sign-up", "Sign-up"),))], now=timezone.now())
    return make_source(shop, slug="site", is_strict=True)


def test_the_balance_of_each_source_is_shown(viewer: Membership, shop: Workspace) -> None:
    source = make_source(shop, slug="site")
    with scope.in_workspace(shop.pk):
        inbox.append(origin_of(source), [make_event()], counts=Counter({"filtered:bot": 41}), now=timezone.now())
    assert "42" in page(viewer, "/w/fjellsport/tracking/")
    shown = page(viewer, f"{SITE}health/")
    assert "A crawler or another program" in shown
    assert "Nothing: this is as it should be." in shown
    assert "<rect" in shown


def test_without_sources_the_page_says_what_to_do(lead: Membership) -> None:
    assert "/w/fjellsport/sources/new/" in page(lead, "/w/fjellsport/tracking/")


def test_what_was_refused_is_shown_masked_and_runs_nothing(lead: Membership, shop: Workspace) -> None:
    source = make_source(shop, slug="site")
    hostile = '<script>alert("x")</script>'
    examples = [
        Example("name_required", "/3", hostile, hostile.encode() + b"\xff\x00"),
        Example("amount_format", "/4", "bad", b'{"visitor_id":"visitor-17","to":"anna@mail.example"}'),
        Example("origin_not_allowed", "", "https://evil.example", b""),
    ]
    with scope.in_workspace(shop.pk):
        inbox.append(origin_of(source), [], counts=Counter({"rejected:x": 3}), examples=examples, now=timezone.now())
    shown = page(lead, f"{SITE}rejected/")
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown
    assert "The value is no plain number" in shown
    assert "anna@mail.example" not in shown
    assert "visitor-17" not in shown
    assert "name_required" not in page(lead, f"{SITE}rejected/?code=amount_format").split('id="items"')[1]
    assert "https://evil.example" in page(lead, f"{SITE}health/")


def test_the_lead_takes_in_what_was_held_back(lead: Membership, viewer: Membership, shop: Workspace) -> None:
    source = strict_source(shop)
    send(source, {"events": [{"event_id": "a", "name": "wishlist"}, {"event_id": "b", "name": "wishlist"}]})
    assert "Take 2 in" in page(lead, f"{SITE}rejected/")
    assert "Take 2 in" not in page(viewer, f"{SITE}rejected/")
    planned = browser(lead).post(f"{CATALOGUE}plan/", {"name": "wishlist"})
    assert planned["Location"] == f"{CATALOGUE}event/?name=wishlist"
    with scope.in_workspace(shop.pk):
        one = Quarantined.objects.latest("pk").pk
    answer = browser(lead).post(f"{SITE}rejected/take-in/", {"row": one}, follow=True).content.decode()
    assert "1 event was taken in." in answer
    answer = browser(lead).post(f"{SITE}rejected/take-in/", {"code": "unplanned", "name": "wishlist"}, follow=True)
    assert "1 event was taken in." in answer.content.decode()
    assert "Nothing of this source was rejected" in answer.content.decode()


def test_a_row_that_is_none_takes_nothing_in(lead: Membership, shop: Workspace) -> None:
    send(strict_source(shop), {"events": [{"event_id": "a", "name": "wishlist"}]})
    for number in ("x", "-1", "９", "99999999"):
        browser(lead).post(f"{SITE}rejected/take-in/", {"row": number})
    with scope.in_workspace(shop.pk):
        assert Quarantined.objects.filter(asked_at=None).count() == 1


def test_strict_mode_is_turned_on_and_off_with_a_trace(lead: Membership, shop: Workspace) -> None:
    make_source(shop, slug="site")
    for said, is_strict in (("on", True), ("on", True), ("off", False)):
        browser(lead).post(f"{SITE}strict/", {"strict": said})
        with scope.in_workspace(shop.pk):
            assert Source.objects.get().is_strict is is_strict
    with scope.in_workspace(shop.pk):
        assert [entry.after for entry in AuditEntry.objects.order_by("pk")] == [
            {"is_strict": True},
            {"is_strict": False},
        ]


def test_the_live_view_shows_what_arrives_and_what_is_rejected(viewer: Membership, shop: Workspace) -> None:
    source = strict_source(shop)
    assert "Nothing has arrived within the hour." in page(viewer, f"{SITE}live/")
    send(source, {"events": [{"event_id": "a", "name": "signup", "value": "12.50", "currency": "NOK"}]})
    send(source, {"events": [{"event_id": "b", "name": "wishlist"}]})
    drain(shop.pk, timezone.now())
    shown = page(viewer, f"{SITE}live/")
    assert "12.50 NOK" in shown
    assert "wishlist" in shown
    assert "No plan knows the name" in shown
    part = browser(viewer).get(f"{SITE}live/", headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith("<section")
    assert "<html" not in part


def test_an_hour_later_the_live_view_has_forgotten(viewer: Membership, shop: Workspace) -> None:
    lake = Lake(make_source(shop, slug="site"))
    long_since = timezone.now() - timedelta(hours=2)
    lake.store(make_event("a", name="signup", received_us=us(long_since)))
    assert "signup" not in page(viewer, f"{SITE}live/")


def test_the_catalogue_compares_what_is_planned_with_what_arrives(lead: Membership, shop: Workspace) -> None:
    source = make_source(shop, slug="site")
    agreed = (Property("tier", frozenset({"text"}), is_required=True),)
    with scope.in_workspace(shop.pk):
        agree(shop.pk, [Wanted("signup", agreed, (("sign-up", "Sign-up"),)), Wanted("quiz")], now=timezone.now())
    now = timezone.now()
    events = [make_event(f"s{n}", name="signup", at=now, received_us=us(now)) for n in range(3)]
    Lake(source).store(*events, make_event("w", name="wishlist", at=now, received_us=us(now)))
    shown = page(lead, CATALOGUE)
    for words in ("1 not as agreed", "1 unplanned", "1 waiting for the first", "2 consent unknown", "Sign-up"):
        assert words in shown, words
    assert "quiz" not in page(lead, f"{CATALOGUE}?state=unplanned").split("<tbody>")[1]
    assert "wishlist" not in page(lead, f"{CATALOGUE}?q=SIGN").split("<tbody>")[1]
    detail = page(lead, f"{CATALOGUE}event/?name=signup")
    assert "<code>tier</code>" in detail
    assert "missing" in detail
    assert "event=wishlist" in page(lead, f"{CATALOGUE}event/?name=wishlist")
    assert browser(lead).get(f"{CATALOGUE}event/?name=nobody").status_code == 404
    assert browser(lead).get(f"{CATALOGUE}event/").status_code == 302


def test_a_planned_event_is_taken_back(lead: Membership, shop: Workspace) -> None:
    browser(lead).post(f"{CATALOGUE}plan/", {"name": "wishlist"})
    browser(lead).post(f"{CATALOGUE}plan/", {"name": "x" * 200})
    with scope.in_workspace(shop.pk):
        (row,) = PlannedEvent.objects.all()
    browser(lead).post(f"{CATALOGUE}plan/{row.pk}/remove/")
    with scope.in_workspace(shop.pk):
        assert not PlannedEvent.objects.exists()

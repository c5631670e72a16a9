"""Pages of sources, as a browser without JavaScript uses them."""

from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.tracking.makers import NOON, Lake, make_event, make_source, origin_of
from tests.tracking.protocols.senders import answering_to
from tracking import inbox
from tracking.derive import derive
from tracking.models import Kind, Source
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace

SOURCES = "/w/fjellsport/sources/"


def browser(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def rows(workspace: Workspace, model: type) -> list[object]:
    with scope.in_workspace(workspace.pk):
        return list(model.objects.order_by("pk"))


def test_a_source_is_opened_and_its_page_tells_how_to_send(lead: Membership, shop: Workspace) -> None:
    sent = {
        "name": "Our shop",
        "kind": "browser",
        "hosts": "https://Shop.example/start\nshop.example, blåbær.example",
        "origins": "shop.example",
        "currency": "NOK",
    }
    answer = browser(lead).post(f"{SOURCES}new/", sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{SOURCES}our-shop/")
    (source,) = rows(shop, Source)
    assert (source.hosts, source.origins) == (["shop.example", "xn--blbr-roah.example"], ["https://shop.example"])
    page = browser(lead).get(answer["Location"]).content.decode()
    assert source.write_key in page
    assert "?with=call" in page
    assert "/mp.js" in page
    assert [entry.act for entry in rows(shop, AuditEntry)] == ["created"]


def test_a_servers_secret_key_is_not_offered_for_pages(lead: Membership, shop: Workspace) -> None:
    source = make_source(shop, kind=Kind.SERVER)
    page = browser(lead).get(f"{SOURCES}{source.slug}/").content.decode()
    assert source.write_key in page
    assert "mp.js" not in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("kind", "fax"),
        ("hosts", "not a host"),
        ("hosts", "\n".join(f"h{n}.example" for n in range(101))),
        ("origins", "ftp://shop.example"),
        ("origins", "https://shop.example/path"),
        ("origins", "https://shop.example:port"),
        ("currency", "XXX"),
    ],
)
def test_what_cannot_be_saved_is_shown_again_with_its_fault(
    lead: Membership, shop: Workspace, field: str, value: str
) -> None:
    sent = {"name": "Shop", "kind": "browser", "hosts": "", "origins": "", "currency": ""} | {field: value}
    answer = browser(lead).post(f"{SOURCES}new/", sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert rows(shop, Source) == []


def test_two_sources_of_one_name_have_two_addresses(lead: Membership, shop: Workspace) -> None:
    for _ in range(2):
        browser(lead).post(f"{SOURCES}new/", {"name": "New", "kind": "server"})
    assert [source.slug for source in rows(shop, Source)] == ["new-2", "new-3"]
    assert browser(lead).get(f"{SOURCES}new-2/").status_code == 200


def test_changed_hosts_redo_what_was_derived(lead: Membership, shop: Workspace) -> None:
    lake = Lake(make_source(shop, slug="site"))
    lake.take(make_event("a", referrer="https://partner.example/"))
    assert lake.touches()[0]["channel"] == "referral"
    sent = {"name": "Site", "hosts": "partner.example", "origins": "", "currency": "", "revision": 1}
    answer = browser(lead).post(f"{SOURCES}site/edit/", sent)
    assert answer.status_code == 302
    assert derive(shop.pk, NOON) == date(2026, 11, 19)
    assert lake.touches()[0]["channel"] == "direct"
    entry = rows(shop, AuditEntry)[-1]
    assert (entry.before, entry.after) == ({"hosts": []}, {"hosts": ["partner.example"]})


def test_somebody_elses_change_is_not_overwritten(lead: Membership, shop: Workspace) -> None:
    make_source(shop, slug="site", revision=2)
    sent = {"name": "Mine", "hosts": "", "origins": "", "currency": "", "revision": 1}
    assert browser(lead).post(f"{SOURCES}site/edit/", sent).status_code == 409
    assert [source.name for source in rows(shop, Source)] == ["Site"]


def test_a_closed_source_stays_listed_and_closed(lead: Membership, shop: Workspace) -> None:
    make_source(shop, slug="site")
    assert "cannot be opened again" in browser(lead).get(f"{SOURCES}site/close/").content.decode()
    assert browser(lead).post(f"{SOURCES}site/close/", {"sent": "yes"})["Location"] == SOURCES
    assert "closed" in browser(lead).get(SOURCES).content.decode()
    for page in ("edit", "close"):
        assert browser(lead).get(f"{SOURCES}site/{page}/").status_code == 404
    assert [entry.act for entry in rows(shop, AuditEntry)] == ["closed"]


def test_the_code_of_the_asked_set_up_is_shown(lead: Membership, shop: Workspace) -> None:
    source = make_source(shop, slug="site")
    page = browser(lead).get(f"{SOURCES}site/?with=segment").content.decode()
    assert f"writeKey: &quot;{source.write_key}&quot;" in page
    assert 'href="?with=segment" aria-current="true"' in page
    assert "mp.js" not in page
    assert "mp.js" in browser(lead).get(f"{SOURCES}site/?with=nonsense").content.decode()


def test_where_a_tools_key_is_unknown_the_page_says_what_stands_in_its_place(lead: Membership, shop: Workspace) -> None:
    answering_to(shop, "plausible", "shop.example", slug="site")
    said = {
        name: browser(lead).get(f"{SOURCES}site/?with={name}").content.decode()
        for name in ("segment", "ga4", "plausible")
    }
    assert "The write key stands in the code" in said["segment"]
    assert "keeps its own key" in said["ga4"]
    assert "data-domain=&quot;shop.example&quot;" in said["plausible"]
    assert "The write key stands in the code" not in said["plausible"]


def test_the_page_waits_for_the_first_event_until_it_came(lead: Membership, shop: Workspace) -> None:
    source = make_source(shop, slug="site")
    first = f"{SOURCES}site/first-event/"
    for address in (f"{SOURCES}site/", first):
        waiting = browser(lead).get(address).content.decode()
        assert f'hx-get="{first}"' in waiting, address
    with scope.in_workspace(shop.pk):
        event = make_event(name="<b>sale</b>", url="https://shop.example/tea")
        inbox.append(origin_of(source), [event], counts=Counter(), now=timezone.now())
    for address in (f"{SOURCES}site/", first):
        arrived = browser(lead).get(address).content.decode()
        assert 'hx-get="/w' not in arrived, address
        assert "&lt;b&gt;sale" in arrived, address
        assert "https://shop.example/tea" in arrived, address


@pytest.mark.parametrize("kind", [Kind.IMPORT, Kind.BROWSER], ids=["of files", "closed"])
def test_a_source_to_which_nothing_is_sent_waits_for_nothing(lead: Membership, shop: Workspace, kind: Kind) -> None:
    make_source(shop, slug="site", kind=kind, closed_at=NOON if kind == Kind.BROWSER else None)
    assert "first-event" not in browser(lead).get(f"{SOURCES}site/").content.decode()


def test_who_may_only_look_sees_no_way_to_edit(viewer: Membership, shop: Workspace) -> None:
    make_source(shop, slug="site")
    page = browser(viewer).get(f"{SOURCES}site/").content.decode()
    assert "/edit/" not in page
    assert "/close/" not in page
    for address in ("new/", "site/edit/", "site/close/"):
        assert browser(viewer).get(SOURCES + address).status_code == 403, address


def test_an_outsider_finds_nothing(outsider: Membership, shop: Workspace) -> None:
    make_source(shop, slug="site")
    for address in ("", "new/", "site/", "site/first-event/", "site/edit/", "site/close/"):
        assert browser(outsider).get(SOURCES + address).status_code == 404, address
    assert browser(outsider).get("/w/elsewhere/sources/site/").status_code == 404


def test_the_list_asks_the_database_as_often_for_many_sources_as_for_one(lead: Membership, shop: Workspace) -> None:
    client = browser(lead)
    asked = []
    for numbers in (range(1), range(1, 12)):
        for number in numbers:
            make_source(shop, slug=f"site-{number}", kind=Kind.SERVER)
        client.get(SOURCES)
        with CaptureQueriesContext(connection) as queries:
            client.get(SOURCES)
        asked.append(len(queries))
    assert asked[0] == asked[1]

"""Hits of Google's tag in the shapes that it is seen to send: no registry has the tag itself."""

import json
from urllib.parse import quote, urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.tracking.protocols.journey import (
    CURRENCY,
    LANDING,
    LINES,
    REFERRER,
    SECOND,
    TOTAL,
    USER,
    VISITOR,
    Told,
    check,
)
from tests.tracking.protocols.journey import ORDER as ORDER_ID
from tests.tracking.protocols.senders import BROWSER, answering_to, arrived, post
from tracking import collect
from tracking.consent import consent_of
from tracking.event import Event
from tracking.models import Kind, Quarantined, Source
from tracking.protocols.ga4.door import PROTOCOL
from tracking.protocols.seam import Incoming
from workspaces import scope
from workspaces.models import Workspace

STREAM = "G-TEST123"
[ROUTE] = [route for route in PROTOCOL.routes if route.path == "g/collect"]
PAGE = {"dl": "https://shop.example/tea?utm_source=avisa", "dr": "https://www.google.com/", "dt": "Te og kopper"}
SHARED = PAGE | {
    "v": "2", "tid": STREAM, "gtm": "45je5b61v9", "_p": "1795297679123", "cid": "1034.1795297000", "ul": "nb-no",
    "sr": "1280x720", "sid": "1795297600", "sct": "1", "seg": "0", "_s": "1", "gcs": "G111", "gcd": "13r3r3r3r5",
    "npa": "0", "dma": "1", "tfd": "812",
}  # fmt: skip
ORDER = {
    "en": "purchase", "cu": "EUR", "ep.transaction_id": "O1", "epn.value": "99.5", "epn.tax": "19.9",
    "pr1": "idSKU-1~nmBlue mug~brMugs~pr24.75~qt2~lp0",
    "pr2": "idSKU-2~nmTea ~~ cups~caDrinks~c2Hot~pr50~qt1",
}  # fmt: skip
DENIED = {"gcs": "G100", "gcd": "13p3p3p3p5"}
CORS = {"Origin": "https://shop.example"}


@pytest.fixture
def site(shop: Workspace) -> Source:
    return answering_to(shop, "ga4", STREAM)


def address(**fields: str) -> str:
    return "/g/collect?" + urlencode(SHARED | fields, quote_via=quote)


def get(**fields: str) -> HttpResponse:
    return Client().get(address(**fields), headers=CORS | {"User-Agent": BROWSER})


def lines(*events: dict[str, str]) -> bytes:
    return "\r\n".join(urlencode(event, quote_via=quote) for event in events).encode()


def only(source: Source) -> Event:
    [found] = arrived(source)
    return found


def test_a_page_view_arrives_by_get(site: Source) -> None:
    response = get(en="page_view", _ss="1", _fv="1", _et="1500")
    assert (response.status_code, response.content, response["Cache-Control"]) == (204, b"", "no-store")
    found = only(site)
    assert (found.name, found.protocol, found.visitor_id) == ("page_view", "ga4", "1034.1795297000")
    assert (found.path, found.utm_source, found.referrer) == ("/tea", "avisa", "https://www.google.com/")
    assert (found.title, found.language, found.session_id) == ("Te og kopper", "nb-no", "1795297600")
    assert (found.browser, found.device, json.loads(found.properties or "")) == (
        "Firefox", "desktop", {"engaged_seconds": 1.5},
    )  # fmt: skip


def test_its_answer_may_be_read_by_a_page_that_sends_cookies(site: Source) -> None:
    response = get(en="page_view")
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"
    assert response["Access-Control-Allow-Credentials"] == "true"
    asked = Client().options("/g/collect", headers=CORS)
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, POST, OPTIONS")


def test_a_body_has_an_event_on_each_line(site: Source) -> None:
    sent = lines({"en": "view_item", "_ee": "1", "epn.score": "12"}, {"en": "scroll", "epn.percent_scrolled": "90"})
    assert post(address(), sent).status_code == 204
    first, second = arrived(site)
    assert (first.name, second.name, first.url) == ("view_item", "scroll", second.url)
    assert [json.loads(each.properties or "") for each in (first, second)] == [{"score": 12}, {"percent_scrolled": 90}]
    assert (first.sequence, second.sequence) == (0, 1)


def test_a_body_may_hold_everything(site: Source) -> None:
    assert post("/g/collect", lines(SHARED | {"en": "page_view"})).status_code == 204
    assert (only(site).name, only(site).path) == ("page_view", "/tea")


def test_an_order_arrives_as_a_purchase(site: Source) -> None:
    post(address(), lines(ORDER | {"uid": "u1", "up.plan": "gold", "em": "tv.1~em.5f8c"}))
    found = only(site)
    assert (found.name, found.user_id, found.transaction_id) == ("purchase", "u1", "O1")
    assert (found.value_micros, found.currency, found.protocol) == (99_500_000, "EUR", "ga4")
    assert json.loads(found.properties or "") == {"tax": 19.9}
    assert json.loads(found.items or "") == [
        {"item_id": "SKU-1", "item_name": "Blue mug", "item_brand": "Mugs", "price": 24.75, "quantity": 2},
        {
            "item_id": "SKU-2", "item_name": "Tea ~ cups", "item_category": "Drinks", "item_category2": "Hot",
            "price": 50, "quantity": 1,
        },
    ]  # fmt: skip


def test_the_journey_arrives_as_from_every_tool(site: Source) -> None:
    views = [{"dl": LANDING, "dr": REFERRER}, {"dl": SECOND, "dr": LANDING}]
    here = {"dl": SECOND, "dr": LANDING}
    for hit, view in enumerate(views, start=1):
        get(en="page_view", _s=str(hit), cid=VISITOR, **view)
    get(en="sign_up", _s="3", cid=VISITOR, **here)
    items = {f"pr{n}": f"id{x.sku}~nm{x.name}~pr{x.price}~qt{x.quantity}" for n, x in enumerate(LINES, start=1)}
    order = {
        "en": "purchase",
        "cu": CURRENCY,
        "ep.transaction_id": ORDER_ID,
        "epn.value": str(TOTAL),
        "uid": USER,
    } | items
    for _ in range(2):  # the browser sends it again where the answer was lost
        post(address(_s="4", cid=VISITOR, **here), lines(order | items))
    check(arrived(site), Told(micro="sign_up", identifies=False))


def test_a_campaign_that_the_page_sets_wins_over_its_address(site: Source) -> None:
    get(en="page_view", cs="post", cm="email", cn="host", ck="kopp", cc="topp", ci="c1")
    found = only(site)
    assert (found.utm_source, found.utm_medium, found.utm_campaign) == ("post", "email", "host")
    assert (found.utm_term, found.utm_content, found.utm_id) == ("kopp", "topp", "c1")


def test_a_retry_counts_once_though_it_says_later(site: Source) -> None:
    for tfd in ("812", "9120"):
        post(address(tfd=tfd), lines({"en": "add_to_cart"}, {"en": "add_to_cart"}))
    assert len(arrived(site)) == 2  # two of one body are two


def test_the_next_hit_of_the_page_and_the_next_page_are_others(site: Source) -> None:
    for page, hit in (("1", "1"), ("1", "2"), ("2", "1")):
        get(en="add_to_cart", _p=page, _s=hit)
    assert len({event.event_id for event in arrived(site)}) == 3


def test_an_order_shown_again_is_the_same_order(site: Source) -> None:
    for page in ("1", "2"):
        post(address(_p=page), lines(ORDER))
    assert only(site).transaction_id == "O1"


def test_consent_is_kept_with_who_said_it(site: Source) -> None:
    get(en="page_view", gcs="G101", gcd="13p3r3p3u5")
    found = consent_of(only(site).consent)
    assert (found.analytics, found.ads, found.ad_user_data, found.ad_personalization) == (True, False, False, False)
    assert found.said["analytics"] == ("consent_mode", only(site).time_us)


@pytest.mark.parametrize("cid", ["1034.1795297000", ""], ids=["with an id", "cookieless"])
def test_without_consent_a_hit_is_counted_and_its_visitor_unknown(site: Source, cid: str) -> None:
    get(**DENIED, en="page_view", cid=cid, uid="u1", dl="https://shop.example/?gclid=g1")
    found = only(site)
    assert found.visitor_id.startswith("d.")
    assert (found.user_id, found.session_id, found.click_id_type, found.click_id) == (None, None, "gclid", None)
    assert "g1" not in (found.url or "")


def test_a_visitor_who_asks_by_gpc_is_measured_and_passed_on_to_nobody(site: Source) -> None:
    Client().get(address(en="page_view"), headers={"User-Agent": BROWSER, "Sec-GPC": "1"})
    found = consent_of(only(site).consent)
    assert (found.analytics, found.gpc, found.ad_user_data, found.permits_linking) == (True, True, False, False)


def test_a_measurement_id_makes_nobody_a_server(shop: Workspace) -> None:
    site = answering_to(shop, "ga4", STREAM, kind=Kind.SERVER)
    Client().get(address(en="page_view"), headers={"User-Agent": "Googlebot/2.1"})
    assert arrived(site) == []
    get(en="page_view")
    assert only(site).browser == "Firefox"


def test_pages_of_other_sites_may_not_send(shop: Workspace) -> None:
    site = answering_to(shop, "ga4", STREAM, origins=["https://elsewhere.example"])
    response = get(en="page_view")
    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response
    assert arrived(site) == []


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"en=a\n" * 2_001, "too_many_events"),
        (b"x" * 5_000_001, "body_too_large"),
        (b"\x1f\x8bdamaged", "invalid_json"),
    ],
    ids=["too many", "large", "damaged"],
)
def test_a_body_that_cannot_be_read_is_named_in_a_header(site: Source, sent: bytes, code: str) -> None:
    response = post(address(), sent)
    assert (response.status_code, response["X-Measureplan-Refused"]) == (204, code)
    assert arrived(site) == []


@pytest.mark.parametrize(
    ("hit", "code"),
    [
        ({}, "name_required"),
        ({"en": "x" * 129}, "name_too_long"),
        ({"en": "a", "epn.depth": "NaN"}, "number_not_finite"),
        ({"en": "a", "epn.depth": "1e400"}, "number_not_finite"),
        ({"en": "purchase", "ep.value": "1.234,50", "cu": "EUR"}, "amount_format"),
        ({"en": "purchase", "epn.value": "5"}, "currency_required"),
        ({"en": "a", "cid": "1" * 300}, "field_too_long"),
        ({"en": "a", "ep.text": "x" * 33_000}, "event_too_large"),
    ],
    ids=["no name", "long name", "no number", "huge", "decimal comma", "no currency", "long id", "large"],
)
def test_one_bad_line_keeps_no_other_out_and_is_kept_with_its_reason(
    site: Source, hit: dict[str, str], code: str
) -> None:
    assert post(address(), lines(hit | {"_ee": "1"}, {"en": "scroll"})).status_code == 204
    assert [each.name for each in arrived(site)] == ["scroll"]
    with scope.in_workspace(site.workspace_id):
        assert [row.code for row in Quarantined.objects.all()] == [code]


def test_what_is_no_text_is_replaced(site: Source) -> None:
    assert post(address(), b"en=a&ep.x=%00%ff&ep.y=\xff&&=1&ep.=2").status_code == 204
    assert json.loads(only(site).properties or "") == {"x": "\ufffd\ufffd", "y": "\ufffd"}


names = st.sampled_from(
    [*SHARED, *ORDER, "_et", "uid", "epn.x", "ep.x", "ep.items", "epn.session_id", "pr200", "cs", "cm"]
)
values = st.text(max_size=20) | st.from_regex(r"-?[0-9]{1,30}(\.[0-9]+)?(e[0-9]{1,5})?", fullmatch=True)
hits = st.dictionaries(names, values, max_size=8).map(
    lambda hit: urlencode(hit, quote_via=quote, errors="replace").encode()
)
bodies = st.binary(max_size=200) | st.lists(hits, max_size=4).map(b"\n".join)


@examples(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(method=st.sampled_from(["GET", "POST"]), query=hits.map(bytes.decode) | st.text(max_size=60), sent=bodies)
def test_no_hit_makes_the_door_fail(site: Source, method: str, query: str, sent: bytes) -> None:
    for asked in (query, f"{urlencode(SHARED)}&{query}"):
        reply = collect.answer(PROTOCOL, ROUTE, Incoming(method=method, path="/g/collect", query=asked, body=sent))
        assert (reply.status, reply.body) == (204, b"")

"""Matomo's tracking requests, as its tag, its images and its SDKs send them."""

import gzip
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.tracking.protocols.matomo.requests import HIT, bulk, by_door, get
from tests.tracking.protocols.senders import BROWSER, answering_to, arrived, json_values, only, post, properties
from tracking.models import Kind, Quarantined, Source, SourceAlias
from tracking.protocols.matomo.door import PROTOCOL, refuse
from tracking.protocols.seam import Incoming, Refusal
from workspaces import scope
from workspaces.models import Workspace

GIF = b"GIF89a"


@pytest.fixture
def site(shop: Workspace) -> Source:
    return answering_to(shop, "matomo", "7", currency="EUR")


@pytest.fixture
def server(shop: Workspace) -> Source:
    return answering_to(shop, "matomo", "7:secret", slug="server", kind=Kind.SERVER, currency="EUR")


def test_a_page_view_arrives_by_an_image(site: Source) -> None:
    response = get(action_name="Tea", urlref="https://www.google.com/", uid="u1", lang="nb-NO,nb;q=0.9")
    assert (response.status_code, response["Content-Type"], response.content[:6]) == (200, "image/gif", GIF)
    event = only(site)
    assert (event.name, event.protocol, event.path, event.title) == ("page_view", "matomo", "/tea", "Tea")
    assert (event.referrer, event.language) == ("https://www.google.com/", "nb-NO")
    assert (event.visitor_id, event.user_id) == ("0123456789abcdef", "u1")


@pytest.mark.parametrize("address", ["/matomo.php", "/piwik.php", "/js/"])
@pytest.mark.parametrize("way", ["query", "form"])
def test_every_address_takes_queries_and_forms(site: Source, address: str, way: str) -> None:
    told = HIT | {"send_image": "0"}
    if way == "form":
        response = post(address, urlencode(told).encode())
    else:
        response = Client().post(f"{address}?{urlencode(told)}", headers={"User-Agent": BROWSER})
    assert (response.status_code, response.content) == (204, b"")
    assert only(site).path == "/tea"


def test_an_address_with_our_own_key_needs_no_number(shop: Workspace) -> None:
    source = answering_to(shop, "matomo", "unused")
    assert get(f"/m/{source.write_key}/matomo.php", idsite="99").status_code == 200
    assert only(source).name == "page_view"


def test_pages_may_read_the_answer_and_send_with_cookies(site: Source) -> None:
    response = get(headers={"Origin": "https://shop.example"})
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"
    assert response["Access-Control-Allow-Credentials"] == "true"


def test_many_requests_are_counted_in_one_answer(site: Source) -> None:
    queries = [f"?{urlencode(HIT | {'url': f'https://shop.example/{n}'})}" for n in range(3)]
    response = bulk(queries[0], "https://old.example/matomo.php" + queries[1], HIT | {"rec": 1, "ping": 1}, "?rec=1")
    assert response.status_code == 200
    assert json.loads(response.content) == {"status": "success", "tracked": 3, "invalid": 1}
    assert [event.name for event in arrived(site)] == ["page_view", "page_view", "engagement"]


def test_a_batch_may_be_for_several_sites_and_asks_for_no_answer(shop: Workspace, site: Source) -> None:
    other = answering_to(shop, "matomo", "8", slug="other")
    response = bulk(HIT, HIT | {"idsite": 8}, send_image=0)
    assert (response.status_code, response.content) == (204, b"")
    assert (len(arrived(site)), len(arrived(other))) == (1, 1)


def test_the_invalid_ones_are_named_to_who_has_the_token(server: Source) -> None:
    response = bulk(HIT, HIT | {"cid": "short"}, token_auth="secret")
    assert json.loads(response.content) == {"status": "success", "tracked": 1, "invalid": 1, "invalid_indices": [1]}


def test_a_failed_request_that_the_tag_sends_again_as_an_image_counts_once(site: Source) -> None:
    told = HIT | {"rand": "123456", "send_image": "0"}
    post("/matomo.php", urlencode(told).encode())
    get(rand="123456", send_image="1")
    assert only(site).name == "page_view"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"rec": "0"}, "invalid_shape"),
        ({"cid": "xyz"}, "field_type"),
        ({"cdt": "yesterday"}, "time_format"),
        ({"cdo": "90000"}, "too_old"),
        ({"e_c": "Account"}, "name_required"),
        ({"e_c": "Account", "e_a": "x" * 129}, "name_too_long"),
        ({"idgoal": "0", "ec_id": "O1", "revenue": "1.234,50"}, "amount_format"),
        ({"idgoal": "0", "ec_id": "O1", "revenue": "-5"}, "amount_negative"),
        ({"url": ""}, "invalid_shape"),
        ({"url": "https://shop.example/" + "x" * 33_000}, "event_too_large"),
    ],
    ids=["not to record", "id", "time", "old", "action", "long", "amount", "negative", "nowhere", "large"],
)
def test_what_means_nothing_is_refused_and_kept_with_its_reason(site: Source, told: dict[str, str], code: str) -> None:
    response = get(**told)
    assert (response.status_code, response.content[:6], response["X-Measureplan-Refused"]) == (400, GIF, code)
    assert arrived(site) == []
    with scope.in_workspace(site.workspace_id):
        assert Quarantined.objects.get(source=site).code == code


def test_the_token_is_not_kept(server: Source) -> None:
    get(token_auth="secret", cid="wrong")
    with scope.in_workspace(server.workspace_id):
        kept = Quarantined.objects.get(source=server)
    assert b"secret" not in bytes(kept.raw)
    assert b"cid=wrong" in bytes(kept.raw)


def test_the_token_is_not_kept_of_what_cannot_be_read(server: Source) -> None:
    address = f"/m/{server.write_key}/matomo.php"
    post(address, b'{"requests": ["?idsite=7&token_auth=secret&x=1"], "token_auth": "secret"')
    post(address, b'{"requests": [["?idsite=7&token_auth=secret"]], "token_auth" : "secret"}')
    with scope.in_workspace(server.workspace_id):
        kept = [bytes(each.raw) for each in Quarantined.objects.filter(source=server)]
    assert len(kept) == 2
    assert all(b"idsite=7" in raw and b"secret" not in raw for raw in kept)


def test_nul_becomes_a_readable_character(site: Source) -> None:
    assert by_door(f"{urlencode(HIT)}&action_name=a%00b&dimension1=%00").status == 200
    event = only(site)
    assert event.title == "a\ufffdb"
    assert properties(event) == {"dimension1": "\ufffd"}


def test_an_unknown_site_is_refused_as_matomo_refuses_it(site: Source) -> None:
    image, silent = get(idsite="999"), get(idsite="999", send_image="0")
    assert (image.status_code, image.content[:6], silent.status_code) == (400, GIF, 204)
    assert image["X-Measureplan-Refused"] == silent["X-Measureplan-Refused"] == "invalid_write_key"
    many = bulk(HIT | {"idsite": 999})
    assert many.status_code == 400
    assert json.loads(many.content)["status"] == "error"
    assert arrived(site) == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"requests": [', 400, "invalid_json"),
        (b'{"requests": {}}', 400, "invalid_shape"),
        (b'{"requests": []}', 400, "invalid_shape"),
        (b'{"requests": [' + b"[" * 30 + b"]" * 30 + b"]}", 400, "too_deep"),
        (b'{"requests": [' + b'"?rec=1",' * 2_000 + b'"?rec=1"]}', 413, "too_many_events"),
        (json.dumps({"requests": [HIT | {"idsite": n} for n in range(51)]}).encode(), 413, "too_many_events"),
    ],
    ids=["cut off", "no list", "empty", "deep", "many", "many sites"],
)
def test_a_batch_that_cannot_be_read_is_refused_as_a_whole(site: Source, body: bytes, status: int, code: str) -> None:
    response = post("/matomo.php", body)
    assert (response.status_code, response["X-Measureplan-Refused"]) == (status, code)
    assert json.loads(response.content)["status"] == "error"


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("query", "body"), [("send_image=0", b""), ("", b"rec=1"), ("", b'{"requests":[]}')], ids=["silent", "form", "bulk"]
)
def test_what_may_be_sent_again_is_never_called_done(status: int, query: str, body: bytes) -> None:
    refusal = Refusal(status=status, code="unavailable", detail="later", wait_seconds=5)
    assert refuse(Incoming(method="POST", path="/matomo.php", query=query, body=body), refusal).status == status


def test_a_packed_batch_is_unpacked(site: Source) -> None:
    assert post("/matomo.php", gzip.compress(json.dumps({"requests": [HIT]}).encode())).status_code == 200
    assert only(site).name == "page_view"


def test_a_program_is_answered_and_not_counted(site: Source) -> None:
    assert get(headers={"User-Agent": "Googlebot/2.1"}).status_code == 200
    assert arrived(site) == []


def test_the_address_alone_says_what_it_is() -> None:
    response = Client().get("/matomo.php")
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")


def test_a_number_belongs_to_one_source_and_the_keyed_address_to_the_other(shop: Workspace, site: Source) -> None:
    second = answering_to(shop, "matomo", "other-server-7", slug="second")
    get("/m/other-server-7/matomo.php")
    assert (len(arrived(site)), len(arrived(second))) == (0, 1)
    with scope.in_workspace(shop.pk):
        assert SourceAlias.objects.filter(protocol="matomo", key="7").count() == 1


def test_the_reference_names_every_address_and_every_event_of_ours() -> None:
    text = (Path(__file__).parents[4] / "docs/reference/matomo.md").read_text(encoding="utf-8")
    assert all(f"/{route.path.replace('str:', '')}`" in text for route in PROTOCOL.routes)
    missing = {name for name in OURS if f"`{name}`" not in text}
    assert not missing


OURS = [
    "engagement",
    "purchase",
    "cart_update",
    "search",
    "file_download",
    "outbound_click",
    "content_interaction",
    "content_impression",
    "custom_action",
    "page_view",
    "matomo_goal_3",
]
NAMES = """
    idgoal ec_id ec_items revenue e_c e_a e_n e_v search download link c_n c_i ping ca cdt cdo cid _id uid url urlref
    action_name cvar _cvar _rcn _rck _refts dimension1 lang ua cip _pks send_image token_auth rec
"""
words = st.sampled_from(NAMES.split())
values = st.text(max_size=30) | st.integers().map(str) | json_values.map(json.dumps)
hits = st.dictionaries(words, values, max_size=8).map(lambda told: urlencode(HIT | told, errors="surrogatepass"))
quiet = examples(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quiet
@given(query=hits | st.text(alphabet=st.characters(max_codepoint=255), max_size=200))
def test_no_query_makes_the_door_fail(site: Source, query: str) -> None:
    reply = by_door(query.encode("latin-1", "replace").decode("latin-1"))
    assert reply.status in {200, 204} or (reply.status == 400 and reply.headers["X-Measureplan-Refused"])


@quiet
@given(body=st.binary(max_size=200) | hits.map(str.encode))
def test_no_form_makes_the_door_fail(site: Source, body: bytes) -> None:
    response = post("/piwik.php", body)
    assert response.status_code in {200, 204} or (response.status_code == 400 and response["X-Measureplan-Refused"])


@quiet
@given(requests=st.lists(hits | json_values | st.dictionaries(words, json_values, max_size=6), max_size=4))
def test_no_batch_makes_the_door_fail(site: Source, requests: list[Any]) -> None:
    told = [HIT | each if isinstance(each, dict) else each for each in requests]
    response = bulk(*told)
    assert response.status_code in {200, 204} or (response.status_code == 400 and response["X-Measureplan-Refused"])
    if response.status_code == 200:
        counts = json.loads(response.content)
        assert counts["tracked"] + counts["invalid"] == len(told)

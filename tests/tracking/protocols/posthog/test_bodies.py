"""PostHog's bodies, packed in every way that its libraries know, and in those that they do not."""

import base64
import gzip
import json
import zlib
from urllib.parse import quote, urlencode

import pyarrow as pa
import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.tracking.protocols.fast import fetch
from tests.tracking.protocols.posthog.calls import KEY, V1, event
from tests.tracking.protocols.senders import BROWSER, answering_to, arrived, json_values, post
from tracking.models import Source
from workspaces.models import Workspace


@pytest.fixture
def site(shop: Workspace) -> Source:
    return answering_to(shop, "posthog", KEY)


BODY = json.dumps({"api_key": KEY, "batch": [event()], "sent_at": None}).encode()
TWO = json.dumps([{"event": "x", "token": KEY}, {"event": "x", "token": "phc_1"}]).encode()
CODED = base64.b64encode(BODY)


@pytest.mark.parametrize(
    ("address", "body", "content_type", "headers"),
    [
        ("/batch/", BODY, "application/json", {}),
        ("/batch", gzip.compress(BODY), "application/json", {"Content-Encoding": "gzip"}),
        ("/e/?compression=gzip-js", gzip.compress(BODY), "text/plain", {}),
        ("/i/v0/e/", gzip.compress(BODY), "text/plain", {}),
        ("/capture/", zlib.compress(BODY), "application/json", {"Content-Encoding": "deflate"}),
        ("/capture", pa.compress(BODY, "zstd", asbytes=True), "application/json", {"Content-Encoding": "zstd"}),
        ("/e/?compression=base64", b"data=" + quote(CODED, safe="").encode(), "application/x-www-form-urlencoded", {}),
        ("/track/", b"data=" + CODED, "application/x-www-form-urlencoded", {}),
        ("/e/", b"data=" + quote(BODY).encode(), "application/x-www-form-urlencoded", {}),
    ],
    ids=["plain", "gzip", "gzip-js", "sniffed", "deflate", "zstd", "base64 form", "unescaped form", "JSON form"],
)
def test_a_body_is_unpacked_as_its_bytes_say(
    site: Source, address: str, body: bytes, content_type: str, headers: dict[str, str]
) -> None:
    sent = {"User-Agent": BROWSER} | headers
    response = Client().post(address, body, content_type=content_type, headers=sent)
    assert response.status_code == 200
    assert [kept.name for kept in arrived(site)] == ["page_view"]


def test_the_oldest_library_sends_by_get(site: Source) -> None:
    assert fetch("/e/", urlencode({"data": CODED.decode(), "ip": "1"})).status == 200
    assert len(arrived(site)) == 1


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "invalid_json"),
        (b"data=!!", {}, 400, "invalid_json"),
        (b"\x1f\x8bnot gzip", {}, 400, "invalid_json"),
        (b"\x28\xb5\x2f\xfd\x00\x00", {}, 400, "invalid_json"),
        (b"\x28\xb5\x2f\xfd\xe0" + b"\xff" * 9, {}, 413, "body_too_large"),
        (pa.compress(BODY, "zstd", asbytes=True)[:-8], {}, 400, "invalid_json"),
        (BODY, {"Content-Encoding": "br"}, 415, "invalid_shape"),
        (b" " * 5_000_001, {}, 413, "body_too_large"),
        (gzip.compress(b" " * 20_000_001), {}, 413, "body_too_large"),
        (b"[" * 100 + b"]" * 100, {}, 400, "too_deep"),
        (TWO, {}, 400, "invalid_shape"),
        (json.dumps({"api_key": KEY, "batch": [{}] * 2_001}).encode(), {}, 413, "too_many_events"),
        (b'{"event": "x", "api_key": "unknown"}', {}, 200, "invalid_write_key"),
        (b'{"event": "x"}', {}, 200, "invalid_write_key"),
    ],
    ids=[
        *("cut off", "no base64", "no gzip", "no size", "zstd bomb", "half a frame", "brotli", "large", "gzip bomb"),
        *("deep", "two projects", "many", "unknown key", "no key"),
    ],
)
def test_a_refusal_is_one_that_no_library_sends_again(
    site: Source, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    response = post("/e/", body, headers)
    assert (response.status_code, response["X-Measureplan-Refused"]) == (status, code)
    assert json.loads(response.content)["code"] == code
    assert arrived(site) == []


PROPERTIES = [
    "$current_url",
    "$device_id",
    "$is_identified",
    "$anon_distinct_id",
    "$cookieless_mode",
    "$ignore_sent_at",
]
PROPERTIES += ["alias", "revenue", "value", "currency", "products", "order_id", "consent", "title", "$time"]
MEMBERS = ["uuid", "distinct_id", "timestamp", "offset", "options", "session_id", "properties", "$set"]
NAMES = ["$pageview", "$identify", "$create_alias", "$pageleave", "purchase", "refund", "x"]
events = st.builds(
    lambda name, properties, more: {"event": name, "properties": properties} | more,
    st.sampled_from(NAMES),
    st.dictionaries(st.sampled_from(PROPERTIES), json_values, max_size=6),
    st.dictionaries(st.sampled_from(MEMBERS), json_values),
)
packs = st.sampled_from([bytes, gzip.compress, zlib.compress, lambda body: b"data=" + base64.b64encode(body)])
bodies = st.binary(max_size=200) | st.builds(
    lambda batch, pack, more: pack(json.dumps({"api_key": KEY, "batch": batch} | more).encode()),
    st.lists(events, max_size=3),
    packs,
    st.dictionaries(st.sampled_from(["sent_at", "token", "created_at"]), json_values),
)
addresses = st.sampled_from(["/batch/", "/capture/", "/engage", V1])


@examples(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies, address=addresses)
def test_no_body_makes_the_door_fail(site: Source, body: bytes, address: str) -> None:
    keyed = {"Authorization": f"Bearer {KEY}"}
    assert post(address, body, keyed).status_code in {200, 400, 413, 415}


@examples(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=80) | bodies.map(lambda body: "data=" + quote(body)))
def test_no_query_makes_the_door_fail(site: Source, query: str) -> None:
    assert fetch("/e/", query.encode("utf-8", "replace").decode("latin-1")).status in {200, 400}

"""received = accepted + duplicate + rejected + filtered + limited: for any mixture, before and after drains."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.tracking.makers import make_source
from tracking import gate, health, limits, replaying
from tracking.agreeing import Wanted, agree
from tracking.lake.writer import drain
from tracking.models import Source
from tracking.planned import Property
from workspaces import scope
from workspaces.models import Workspace

BATCH = "/api/v1/collect/batch"
TIER = Property("tier", frozenset({"text"}))


@dataclass(frozen=True)
class Request:
    """One request, and how many items were sent with it: one where it cannot be read."""

    body: bytes
    items: int
    headers: tuple[tuple[str, str], ...] = ()


ids = st.integers(0, 12).map(lambda number: f"e{number}")
good = st.builds(
    lambda i, name, tier: {"event_id": i, "name": name, "properties": {"tier": tier}},
    ids,
    st.sampled_from(["signup", "wishlist", "page_view"]),
    st.sampled_from(["gold", 5]),
)
bad = st.sampled_from([{}, {"name": ""}, {"name": "x" * 129}, {"name": "a", "value": "1.234,50"}, 5, None, "text"])
refused = st.sampled_from([{"name": "a", "event_id": "denied", "consent": {"analytics": False}}])
batches = st.lists(st.one_of(good, bad, refused), min_size=1, max_size=8)
agents = st.sampled_from(["Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0", "Googlebot/2.1", ""])


def request_of(items: list[object], agent: str, packed: bool) -> Request:
    body = json.dumps({"events": items}).encode()
    headers = (("User-Agent", agent), *((("Content-Encoding", "gzip"),) if packed else ()))
    return Request(gzip.compress(body) if packed else body, len(items), headers)


requests = st.one_of(
    st.builds(request_of, batches, agents, st.booleans()),
    st.sampled_from(
        [
            Request(b"{", 1),
            Request(b"[" * 30 + b"]" * 30, 1),
            Request(b'{"events": 5}', 1),
            Request(b"{}", 1, (("Origin", "https://elsewhere.example"),)),
        ]
    ),
)


def send(source: Source, request: Request) -> None:
    headers = {"X-Write-Key": source.write_key, **dict(request.headers)}
    Client().post(BATCH, request.body, content_type="application/json", headers=headers)


def received(source: Source) -> int:
    with scope.in_workspace(source.workspace_id):
        balance = health.balances(source.workspace_id, since=timezone.now().date() - timedelta(days=2))[source.pk]
    assert min(getattr(balance, name) for name in ("accepted", "duplicate", "rejected", "filtered", "limited")) >= 0
    by_reason = {(outcome, reason): n for (outcome, reason), n in balance.reasons.items()}
    assert min(by_reason.values(), default=0) >= 0
    return balance.received


@pytest.mark.django_db
@examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(requests, min_size=1, max_size=6), is_strict=st.booleans(), later=st.booleans())
def test_every_item_is_in_exactly_one_of_the_five(
    shop: Workspace, sent: Sequence[Request], is_strict: bool, later: bool
) -> None:
    source = a_source(shop, is_strict=is_strict)
    for number, request in enumerate(sent, start=1):
        send(source, request)
        assert received(source) == sum(each.items for each in sent[:number])
    drain(shop.pk, timezone.now())
    total = sum(each.items for each in sent)
    assert received(source) == total
    if later:
        with scope.in_workspace(shop.pk):
            agree(shop.pk, [Wanted("signup", (TIER,)), Wanted("wishlist")], now=timezone.now())
            replaying.ask(replaying.held_back(source), source, by="test", now=timezone.now())
        replaying.replay(shop.pk, now=timezone.now())
        assert received(source) == total
        drain(shop.pk, timezone.now())
        assert received(source) == total
    assert counted_exactly_once(source)


@pytest.mark.django_db
def test_what_is_limited_is_received_too(shop: Workspace, settings: object) -> None:
    settings.EVENTS_PER_MINUTE = 6  # type: ignore[attr-defined]
    source = a_source(shop, is_strict=False)
    for _ in range(4):
        send(source, request_of([{"event_id": "a", "name": "signup"}] * 2, "", False))
    with scope.in_workspace(shop.pk):
        balance = health.balances(shop.pk, since=timezone.now().date())[source.pk]
    assert balance.received == 8
    assert balance.limited == balance.reasons["limited", "rate"] >= 4


def a_source(shop: Workspace, *, is_strict: bool) -> Source:
    gate.forget()
    limits.forget()
    with scope.in_workspace(shop.pk):
        n = shop.sources.count()
        agree(shop.pk, [Wanted("signup", (TIER,))], now=timezone.now())
    return make_source(shop, slug=f"site-{n}", is_strict=is_strict, origins=["https://shop.example"])


def counted_exactly_once(source: Source) -> bool:
    """Say whether as many ids are held as events were accepted."""
    with scope.in_workspace(source.workspace_id), connection.cursor() as cursor:
        accepted = health.balances(source.workspace_id, since=timezone.now().date() - timedelta(days=2))[
            source.pk
        ].accepted
        cursor.execute("select count(*) from tracking_eventkey where source_id = %s", [source.pk])
        return bool(cursor.fetchone()[0] == accepted)

"""Through the door: what is not as agreed is marked, and by a strict source held back."""

import pytest
from django.http import HttpResponse
from django.utils import timezone

from tests.tracking.makers import make_source
from tests.tracking.test_collect import counted, kept, send
from tracking.agreeing import Wanted, agree
from tracking.held import unpack
from tracking.models import Quarantined, Source
from tracking.planned import Property
from workspaces import scope
from workspaces.models import Workspace

BATCH = {
    "events": [
        {"event_id": "a", "name": "signup", "properties": {"tier": "gold"}},
        {"event_id": "b", "name": "signup", "properties": {"tier": 5}},
        {"event_id": "c", "name": "wishlist"},
        {"event_id": "d", "name": "page_view"},
    ]
}


def planned(shop: Workspace, *, is_strict: bool) -> Source:
    source = make_source(shop, is_strict=is_strict)
    with scope.in_workspace(shop.pk):
        agree(shop.pk, [Wanted("signup", (Property("tier", frozenset({"text"})),))], now=timezone.now())
    return source


def said(answer: HttpResponse) -> list[tuple[str, str]]:
    return [(each["status"], each.get("code", "")) for each in answer.json()["results"]]


@pytest.mark.django_db
def test_what_is_not_as_agreed_is_accepted_and_marked(shop: Workspace) -> None:
    source = planned(shop, is_strict=False)
    answer = send(source, BATCH)
    assert said(answer) == [
        ("accepted", ""),
        ("accepted", "schema_warning"),
        ("unplanned", "unplanned"),
        ("accepted", ""),
    ]
    assert answer.json()["accepted"] == 4
    assert answer.json()["results"][1]["warnings"][0]["keys"] == ["tier"]
    assert kept(source) == ["a", "b", "c", "d"]
    assert counted(source) == {"accepted": 2, "accepted:schema_warning": 1, "accepted:unplanned": 1}


@pytest.mark.django_db
def test_a_single_unplanned_event_takes_the_short_way_and_is_counted_as_such(shop: Workspace) -> None:
    source = planned(shop, is_strict=False)
    answer = send(source, {"event_id": "c", "name": "wishlist"}, to="/api/v1/collect")
    assert said(answer) == [("unplanned", "unplanned")]
    assert counted(source) == {"accepted:unplanned": 1}


@pytest.mark.django_db
def test_a_strict_source_holds_it_back_whole(shop: Workspace) -> None:
    source = planned(shop, is_strict=True)
    answer = send(source, BATCH)
    assert said(answer) == [
        ("accepted", ""),
        ("rejected", "schema_violation"),
        ("rejected", "unplanned"),
        ("accepted", ""),
    ]
    assert kept(source) == ["a", "d"]
    assert counted(source) == {"accepted": 2, "rejected:schema_violation": 1, "rejected:unplanned": 1}
    with scope.in_workspace(shop.pk):
        rows = {row.name: row for row in Quarantined.objects.all()}
        assert {name: row.code for name, row in rows.items()} == {"signup": "schema_violation", "wishlist": "unplanned"}
        assert unpack(bytes(rows["signup"].held)).event.event_id == "b"


@pytest.mark.django_db
def test_a_strict_source_without_a_plan_lets_everything_in(shop: Workspace) -> None:
    source = make_source(shop, is_strict=True)
    send(source, BATCH)
    assert kept(source) == ["a", "b", "c", "d"]

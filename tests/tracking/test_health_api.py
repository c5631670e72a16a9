"""Health, rejected events and the catalogue over HTTP."""

import pytest
from django.utils import timezone

from tests.tracking.makers import make_source
from tests.tracking.test_api import Program
from tests.tracking.test_collect import send
from tracking.agreeing import Wanted, agree
from tracking.lake.writer import drain
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope


@pytest.fixture
def program(owner: Membership) -> Program:
    return Program(owner)


def held_back(shop: Workspace, *ids: str) -> None:
    with scope.in_workspace(shop.pk):
        agree(shop.pk, [Wanted("signup", goals=(("sign-up", "Sign-up"),))], now=timezone.now())
    source = make_source(shop, is_strict=True)
    send(source, {"events": [{"event_id": each, "name": "wishlist", "visitor_id": "visitor-17"} for each in ids]})


def test_the_balance_is_given_by_day_and_reason(program: Program, shop: Workspace) -> None:
    held_back(shop, "a", "b")
    (day,) = program("get", "sources/site/health").json()["days"]
    assert (day["received"], day["rejected"]) == (2, 2)
    assert day["reasons"] == [{"outcome": "rejected", "code": "unplanned", "items": 2}]
    for since in ("2026-02-30", "1999-01-01", "2999-01-01"):
        assert program("get", f"sources/site/health?since={since}").json()["code"] == "invalid_parameter"


def test_what_was_rejected_is_read_masked_and_taken_in_once(program: Program, shop: Workspace) -> None:
    held_back(shop, "a", "b", "c")
    rows = program("get", "sources/site/rejected?code=unplanned").json()["results"]
    assert [row["name"] for row in rows] == ["wishlist"] * 3
    assert "visitor-17" not in rows[0]["text"]
    assert all(row["can_be_taken_in"] for row in rows)
    planned = program("post", "catalogue", {"name": "wishlist"})
    assert planned.status_code == 201
    taken = program("post", "sources/site/rejected/take-in", {"ids": [rows[0]["id"]]}).json()
    assert taken == {"asked": 1, "accepted": 1, "duplicates": 0, "refused": 0, "is_later": False}
    assert program("post", "sources/site/rejected/take-in", {"name": "wishlist"}).json()["accepted"] == 2
    assert program("post", "sources/site/rejected/take-in", {}).json()["asked"] == 0


def test_the_catalogue_says_what_is_planned_and_what_arrives(program: Program, shop: Workspace) -> None:
    held_back(shop, "a")
    drain(shop.pk, timezone.now())
    rows = {row["name"]: row for row in program("get", "catalogue").json()}
    assert rows["signup"]["states"] == ["waiting", "planned"]
    assert rows["signup"]["goals"] == ["sign-up"]
    assert (rows["wishlist"]["states"], rows["wishlist"]["refused"]) == (["unplanned"], 1)
    assert [row["name"] for row in program("get", "catalogue?state=waiting").json()] == ["signup"]
    assert program("get", "catalogue?state=odd").json()["code"] == "invalid_parameter"
    made = program("post", "catalogue", {"name": "wishlist"}).json()
    assert made["is_by_hand"]
    assert program("delete", f"catalogue/{made['planned_id']}").status_code == 204
    assert program("get", "catalogue?state=unplanned").json()[0]["name"] == "wishlist"


def test_a_reading_token_plans_nothing(owner: Membership, shop: Workspace) -> None:
    held_back(shop, "a")
    reader = Program(owner, Scope.READ)
    assert reader("get", "catalogue").status_code == 200
    assert reader("post", "catalogue", {"name": "wishlist"}).status_code == 403
    assert reader("post", "sources/site/rejected/take-in", {}).status_code == 403


def test_a_source_is_made_strict(program: Program, shop: Workspace) -> None:
    make_source(shop)
    assert program("patch", "sources/site", {"is_strict": True}).json()["is_strict"] is True

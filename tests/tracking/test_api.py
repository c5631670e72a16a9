"""Sources over HTTP."""

from typing import Any

import pytest
from django.test import Client

from tests.builders import make_token
from tests.tracking.makers import make_source
from tracking.models import Source
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope


class Program:
    """Sends JSON with a token, as a program does."""

    def __init__(self, member: Membership, *scopes: Scope) -> None:
        token = make_token(member, *(scopes or Scope))
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {} if body is None else {"data": body, "content_type": "application/json"}
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(self.client, method)(f"/api/v1/{path}", headers=names, **sent)


@pytest.fixture
def program(owner: Membership) -> Program:
    return Program(owner)


def test_a_source_is_made_read_changed_and_closed(program: Program, shop: Workspace) -> None:
    made = program("post", "sources", {"name": "Shop", "kind": "server", "hosts": ["https://Shop.example/"]})
    assert made.status_code == 201
    assert (made.json()["slug"], made.json()["hosts"], made.json()["currency"]) == ("shop", ["shop.example"], "")
    read = program("get", "sources/shop")
    assert read.json() == made.json()
    changed = program("patch", "sources/shop", {"currency": "SEK"}, If_Match=read["ETag"])
    assert (changed.status_code, changed.json()["currency"]) == (200, "SEK")
    assert program("patch", "sources/shop", {"currency": "NOK"}, If_Match=read["ETag"]).status_code == 412
    assert program("delete", "sources/shop").status_code == 204
    assert program("delete", "sources/shop").status_code == 204
    refused = program("patch", "sources/shop", {"name": "Again"})
    assert (refused.status_code, refused.json()["code"]) == (409, "source_closed")
    assert [row["slug"] for row in program("get", "sources").json()["results"]] == ["shop"]
    with scope.in_workspace(shop.pk):
        assert [entry.act for entry in AuditEntry.objects.filter(subject_type="source").order_by("pk")] == [
            "created",
            "changed",
            "closed",
        ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": "x", "kind": "fax"}, "/kind"),
        ({"name": "x", "hosts": ["not a host"]}, "/hosts"),
        ({"name": "x", "hosts": ["a"] * 101}, "/hosts"),
        ({"name": "x", "origins": ["ftp://x"]}, "/origins"),
        ({"name": "x", "currency": "XXX"}, "/currency"),
        ({"name": "x", "write_key": "wk_mine"}, "/write_key"),
    ],
)
def test_what_cannot_be_made_is_refused_with_its_place(
    program: Program, shop: Workspace, body: dict[str, Any], pointer: str
) -> None:
    answer = program("post", "sources", body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    with scope.in_workspace(shop.pk):
        assert not Source.objects.exists()


def test_another_workspaces_source_is_not_found(program: Program, outsider: Membership) -> None:
    make_source(outsider.workspace, slug="theirs")
    for method in ("get", "patch", "delete"):
        assert program(method, "sources/theirs", {} if method == "patch" else None).status_code == 404, method
    assert program("get", "sources").json()["results"] == []


def test_a_token_that_may_only_read_changes_nothing(owner: Membership) -> None:
    reader = Program(owner, Scope.READ)
    assert reader("get", "sources").status_code == 200
    assert reader("post", "sources", {"name": "x"}).status_code == 403

"""Other tools' keys: added, removed, audited, and never two sources'."""

from typing import Any

import pytest
from django.utils import timezone

from tests.builders import make_member
from tests.tracking.makers import make_source
from tests.tracking.test_api import Program
from tracking import gate, sources
from tracking.models import Kind, Source, SourceAlias
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Role


@pytest.fixture
def site(shop: Workspace) -> Source:
    return make_source(shop)


def add(source: Source, key: str = "K1", protocol: str = "segment") -> SourceAlias:
    with scope.in_workspace(source.workspace_id):
        return sources.add_alias(source, protocol=protocol, key=key, by="system", now=timezone.now())


def found(key: str, protocol: str = "segment") -> int | None:
    gate.forget()
    gated = gate.find(key, protocol=protocol)
    return gated.origin.source_id if gated else None


def test_a_source_is_found_by_its_tools_key_and_by_no_other_tools(site: Source) -> None:
    add(site)
    assert found("K1") == site.pk
    assert found("K1", "plausible") is None
    assert found("K1", "own") is None
    assert found(site.write_key) == site.pk


def test_a_closed_source_answers_to_no_key(site: Source) -> None:
    add(site)
    with scope.in_workspace(site.workspace_id):
        sources.close(site, by="system", now=timezone.now())
    assert found("K1") is None


def test_a_key_is_added_once_and_removed_once_and_both_are_on_record(site: Source) -> None:
    alias = add(site)
    assert add(site) == alias
    with scope.in_workspace(site.workspace_id):
        assert sources.remove_alias(alias, by="system", now=timezone.now())
        assert not sources.remove_alias(alias, by="system", now=timezone.now())
        told = [(entry.before, entry.after) for entry in AuditEntry.objects.order_by("pk")]
    assert told == [({"key": None}, {"key": "segment: K1"}), ({"key": "segment: K1"}, {"key": None})]
    assert found("K1") is None


def test_no_two_sources_have_one_key(site: Source, outsider: Membership) -> None:
    add(site)
    with pytest.raises(sources.KeyTaken, match="Site"):
        add(make_source(site.workspace, slug="second"))
    with pytest.raises(sources.KeyTaken, match="Another workspace"):
        add(make_source(outsider.workspace))
    assert found("K1") == site.pk


def test_programs_add_list_and_remove_keys(owner: Membership, site: Source) -> None:
    program = Program(owner)
    made = program("post", "sources/site/keys", {"protocol": "plausible", "key": " shop.example "})
    assert (made.status_code, made.json()["key"]) == (201, "shop.example")
    assert program("get", "sources/site/keys").json()["results"] == [made.json()]
    assert program("post", "sources/site/keys", {"protocol": "own", "key": "k"}).status_code == 400
    assert program("delete", f"sources/site/keys/{made.json()['id']}").status_code == 204
    assert program("get", "sources/site/keys").json()["results"] == []


def test_a_person_adds_and_removes_a_key_on_the_sources_page(owner: Membership, site: Source, client: Any) -> None:
    client.force_login(owner.user)
    page = f"/w/{site.workspace.slug}/sources/site/"
    added = client.post(f"{page}keys/", {"protocol": "segment", "key": "K1"}, follow=True)
    assert b"Segment: <code>K1</code>" in added.content
    assert client.post(f"{page}keys/", {"protocol": "segment", "key": "\x01"}).status_code == 422
    with scope.in_workspace(site.workspace_id):
        alias = SourceAlias.objects.get()
    assert b"Remove K1?" in client.get(f"{page}keys/{alias.pk}/remove/").content
    removed = client.post(f"{page}keys/{alias.pk}/remove/", follow=True)
    assert b"<code>K1</code>" not in removed.content
    assert found("K1") is None


def test_who_may_only_look_sees_no_form(site: Source, client: Any) -> None:
    add(site)
    client.force_login(make_member(site.workspace, "viewer@shop.example", Role.VIEWER).user)
    shown = client.get(f"/w/{site.workspace.slug}/sources/site/")
    assert shown.status_code == 200
    assert b"K1" in shown.content
    assert b"Add key" not in shown.content


@pytest.mark.parametrize("key", ["G-XXXX:s3cret", "1:234:android:5f:s3cret"])
def test_a_key_that_holds_a_secret_is_a_servers_alone(site: Source, shop: Workspace, key: str) -> None:
    with pytest.raises(sources.KeyOfServers):
        add(site, key, "ga4")
    server = make_source(shop, slug="api", kind=Kind.SERVER)
    add(server, key, "ga4")
    assert found(key, "ga4") == server.pk
    add(site, key.rpartition(":")[0], "ga4")

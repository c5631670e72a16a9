"""An import that is taken back leaves everything as if the file had never come."""

from typing import Any

import pytest
from django.test import Client

from tests.tracking.importers import again, checked
from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking import importing
from tracking.derive import derive
from tracking.imports import undoing
from tracking.imports.undoing import NotImported
from tracking.lake.writer import drain
from tracking.models import EventKey, IdentityLink, Import, ImportState, Kind, LakeState, PersonOf, Seen
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace

ROWS = b"""event_id,name,time,visitor_id,user_id,path,consent
i1,identify,2026-11-01T10:00:00Z,phone,kari,/only-here,"{""analytics"": true}"
i2,page_view,2026-11-02T10:00:00Z,phone,,/tea,
t1,page_view,2026-11-03T10:00:00Z,tag,,/tea,
"""
TAGGED = [make_event("t1", visitor="tag", path="/tea"), make_event("t2", visitor="phone", path="/tea")]


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    lake = Lake(make_source(shop, slug="shop", kind=Kind.IMPORT))
    lake.take(*TAGGED)
    return lake


def imported(lake: Lake) -> Import:
    row = checked(lake.source, ROWS, fields={"properties.consent": "", "consent": "consent"})
    with scope.in_workspace(lake.workspace_id):
        importing.order(row, good_rows_only=True, by="system", now=NOON)
    importing.apply(lake.workspace_id, row.pk, now=NOON)
    drain(lake.workspace_id, NOON)
    derive(lake.workspace_id, NOON)
    return again(row)


def undone(row: Import) -> Import:
    with scope.in_workspace(row.workspace_id):
        undoing.order(row, by="system", now=NOON)
    assert undoing.undo(row.workspace_id, row.pk, now=NOON)
    return again(row)


def everything(lake: Lake) -> Any:
    """Give the lake's tables and what is kept beside them."""
    names = ("events", "sessions", "touches", "people", "person_events")
    tables = [lake.rows(f"select * from {name} order by all") for name in names]  # noqa: S608
    with scope.in_workspace(lake.workspace_id):
        state = LakeState.objects.get()
        kept = sorted(Seen.objects.values_list("kind", "text", "events", "last_at"))
        ids = sorted(digest.bytes for digest in EventKey.objects.values_list("digest", flat=True))
        people = list(IdentityLink.objects.values_list("visitor_id")) + list(PersonOf.objects.values_list("visitor_id"))
    return tables, kept, ids, people, (state.events, state.last_event_at)


def test_all_is_as_if_the_file_had_never_come(lake: Lake) -> None:
    before = everything(lake)
    row = imported(lake)
    assert everything(lake)[3], "needs people whom the file joined"
    row = undone(row)
    assert everything(lake) == before
    assert row.state == ImportState.UNDONE
    with scope.in_workspace(lake.workspace_id):
        told = AuditEntry.objects.filter(subject_type="import").order_by("-pk").first()
        assert told is not None
        assert (told.act, told.after) == ("undone", {"events": 2})


def test_the_file_can_come_again(lake: Lake) -> None:
    row = imported(lake)
    with_it = everything(lake)
    undone(row)
    second = imported(lake)
    assert second.result["new"] == row.result["new"] == 2

    def without_import(found: Any) -> Any:
        tables = [[{k: v for k, v in each.items() if k != "import_id"} for each in table] for table in found[0]]
        return tables, found[1:3], found[4]

    assert without_import(everything(lake)) == without_import(with_it)


def test_cut_off_between_the_plan_and_the_removal_it_is_done_by_the_next(lake: Lake) -> None:
    before = everything(lake)
    row = imported(lake)
    with scope.in_workspace(lake.workspace_id):
        undoing.order(row, by="system", now=NOON)
    with scope.in_workspace(lake.workspace_id):
        undoing._unlink(row)
        undoing._forget_ids(row)
    assert undoing.undo(row.workspace_id, row.pk, now=NOON)
    assert everything(lake) == before
    assert undoing.undo(row.workspace_id, row.pk, now=NOON), "again, it does nothing"
    assert everything(lake) == before


def test_what_was_not_imported_cannot_be_undone(lake: Lake) -> None:
    row = checked(lake.source, ROWS)
    with pytest.raises(NotImported), scope.in_workspace(lake.workspace_id):
        undoing.order(row, by="system", now=NOON)
    done = undone(imported(lake))
    with pytest.raises(NotImported), scope.in_workspace(lake.workspace_id):
        undoing.order(done, by="system", now=NOON)


def test_the_page_asks_and_then_shows_how_far_it_is(lake: Lake, lead: Membership) -> None:
    row = imported(lake)
    client = Client()
    client.force_login(lead.user)
    address = f"{row.get_absolute_url()}undo/"
    assert "The 2 events that it brought are taken out" in client.get(address).content.decode()
    assert client.post(address)["Location"] == row.get_absolute_url()
    assert "Being undone" in client.get(row.get_absolute_url()).content.decode()
    undoing.undo(row.workspace_id, row.pk, now=NOON)
    assert "This import was undone" in client.get(row.get_absolute_url()).content.decode()
    assert client.post(address).status_code == 422

"""Migrations of a ledger and an inbox that are filled: what came before is known after, and what waits is read."""

from collections import Counter
from hashlib import blake2b
from typing import Any

from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tests.tracking.makers import make_event, make_source, origin_of
from tracking import inbox, ledger
from tracking.event import Status, pack
from tracking.lake.writer import drain
from workspaces import scope
from workspaces.models import Workspace

BEFORE = ("tracking", "0044_withdrawals_keep_what_is_counted")
AFTER = ("tracking", "0046_requests_compressed_by_us")


def migrated(target: tuple[str, str]) -> Apps:
    """Migrate within the test's transaction as the tables' owner; give the models as they were then."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")  # a table with waiting checks can't be altered
        cursor.execute("set local role none")
        executor = MigrationExecutor(connection)
        executor.migrate([target])
        cursor.execute("set local role measureplan_app")
    executor.loader.build_graph()
    return executor.loader.project_state([target]).apps


def keys(apps: Apps, workspace_id: int) -> list[tuple[Any, ...]]:
    with scope.in_workspace(workspace_id):
        rows = apps.get_model("tracking", "EventKey").objects.values_list("source_id", "digest", "fingerprint")
        return sorted((source, getattr(key, "bytes", None) or bytes(key), bytes(said)) for source, key, said in rows)


def test_a_filled_ledger_and_a_waiting_request_come_through_and_back(shop: Workspace) -> None:
    site, events = make_source(shop), [make_event(f"e{n}") for n in range(50)]
    old = migrated(BEFORE)
    with scope.in_workspace(shop.pk):
        for event in events:
            old.get_model("tracking", "EventKey").objects.create(
                workspace_id=shop.pk,
                source_id=site.pk,
                digest=blake2b(event.event_id.encode(), digest_size=16).digest(),
                fingerprint=ledger.print_of(event),
            )
        old.get_model("tracking", "InboxRow").objects.create(
            workspace_id=shop.pk,
            source_id=site.pk,
            received_at=timezone.now(),
            events=pack(events),
            counts={"accepted": 50},
        )
    before = keys(old, shop.pk)
    assert len(before) == 50
    new = migrated(AFTER)
    assert keys(new, shop.pk) == before
    with scope.in_workspace(shop.pk):
        again = [events[0], make_event("e1", name="purchase"), make_event("new")]
        statuses = inbox.append(origin_of(site), again, counts=Counter(), now=timezone.now())
    assert statuses == [Status.DUPLICATE, Status.DUPLICATE_CONFLICT, Status.ACCEPTED]
    drain(shop.pk, timezone.now())
    assert len(keys(migrated(BEFORE), shop.pk)) == 51
    migrated(AFTER)

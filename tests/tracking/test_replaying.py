"""What was held back comes in once the plan knows it: once, as itself, and the day's balance moves with it."""

import json
import threading
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.tracking.makers import make_source
from tests.tracking.test_collect import send
from tracking import gate, health, replaying
from tracking.agreeing import Wanted, agree
from tracking.lake.query import query
from tracking.lake.table import Snapshot, open_table
from tracking.lake.writer import drain
from tracking.models import EventDay, LakeState, Quarantined, Source
from tracking.planned import Property
from tracking.replaying import Replayed
from workspaces import scope
from workspaces.models import AuditEntry, Workspace

SEATS = Property("seats", frozenset({"integer"}))


@pytest.fixture
def strict(shop: Workspace) -> Source:
    plan(shop, Wanted("signup"))
    return make_source(shop, is_strict=True)


def plan(shop: Workspace, *wanted: Wanted) -> None:
    with scope.in_workspace(shop.pk):
        agree(shop.pk, wanted, now=timezone.now())


def wish(source: Source, *ids: str, **properties: object) -> None:
    send(source, {"events": [{"event_id": each, "name": "wishlist", "properties": properties} for each in ids]})


def ask(source: Source, **which: str) -> int:
    with scope.in_workspace(source.workspace_id):
        return replaying.ask(replaying.held_back(source, **which), source, by="test", now=timezone.now())


def balance(source: Source) -> dict[str, int]:
    drain(source.workspace_id, timezone.now())
    with scope.in_workspace(source.workspace_id):
        (found,) = health.balances(source.workspace_id, since=timezone.now().date() - timedelta(days=9)).values()
    counts = {f"{outcome}:{reason}": items for (outcome, reason), items in found.reasons.items()}
    return {"received": found.received, "accepted": found.accepted, "rejected": found.rejected, **counts}


def stored(source: Source) -> list[str]:
    table = open_table(source.workspace_id, "events")
    assert table is not None
    snapshot = Snapshot(source.workspace_id, events_version=table.version())
    return query(source.workspace_id, "select event_id from events order by 1", snapshot=snapshot)[
        "event_id"
    ].to_pylist()


@pytest.mark.django_db
def test_what_the_plan_knows_now_comes_in_once(shop: Workspace, strict: Source) -> None:
    wish(strict, "a", "b")
    assert balance(strict) == {"received": 2, "accepted": 0, "rejected": 2, "rejected:unplanned": 2}
    plan(shop, Wanted("signup"), Wanted("wishlist"))
    assert ask(strict, code="unplanned", name="wishlist") == 2
    assert ask(strict) == 0
    assert replaying.replay(shop.pk, now=timezone.now()) == Replayed(accepted=2)
    assert replaying.replay(shop.pk, now=timezone.now()) == Replayed()
    assert balance(strict) == {"received": 2, "accepted": 2, "rejected": 0}
    assert stored(strict) == ["a", "b"]
    with scope.in_workspace(shop.pk):
        assert not Quarantined.objects.exists()
        assert EventDay.objects.values_list("name", "events", "refused").get() == ("wishlist", 2, 0)
        assert AuditEntry.objects.latest("pk").after == {"taken_in": 2}


@pytest.mark.django_db
def test_it_keeps_its_time_of_receipt(shop: Workspace, strict: Source) -> None:
    wish(strict, "a")
    yesterday = timezone.now() - timedelta(days=1)
    with scope.in_workspace(shop.pk):
        row = Quarantined.objects.get()
        received = replaying.unpack(bytes(row.held)).event.received_us
        Quarantined.objects.update(received_at=yesterday)
    plan(shop, Wanted("wishlist"))
    ask(strict)
    replaying.replay(shop.pk, now=timezone.now())
    drain(shop.pk, timezone.now())
    with scope.in_workspace(shop.pk):
        found = health.daily(strict, since=yesterday.date())
        assert found[yesterday.astimezone(UTC).date()].accepted == 1
        assert LakeState.objects.get().events == 1
    table = open_table(shop.pk, "events")
    assert table is not None
    snapshot = Snapshot(shop.pk, events_version=table.version())
    (moment,) = query(shop.pk, "select received_at from events", snapshot=snapshot)["received_at"].to_pylist()
    assert moment == datetime.fromtimestamp(received / 1e6, UTC)


@pytest.mark.django_db
def test_what_is_still_not_as_agreed_stays_with_todays_reason(shop: Workspace, strict: Source) -> None:
    wish(strict, "a", seats="two")
    plan(shop, Wanted("wishlist", (SEATS,)))
    ask(strict)
    assert replaying.replay(shop.pk, now=timezone.now()) == Replayed(refused=1)
    assert balance(strict) == {"received": 1, "accepted": 0, "rejected": 1, "rejected:schema_violation": 1}
    with scope.in_workspace(shop.pk):
        row = Quarantined.objects.get()
        assert (row.code, row.asked_at) == ("schema_violation", None)
        assert row.tried_at is not None


@pytest.mark.django_db
def test_a_source_that_is_strict_no_more_takes_it_in_and_marks_it(shop: Workspace, strict: Source) -> None:
    wish(strict, "a")
    with scope.in_workspace(shop.pk):
        Source.objects.update(is_strict=False)
    ask(strict)
    assert replaying.replay(shop.pk, now=timezone.now()) == Replayed(accepted=1)
    assert balance(strict) == {"received": 1, "accepted": 1, "rejected": 0, "accepted:unplanned": 1}


@pytest.mark.django_db
def test_what_was_sent_again_meanwhile_counts_once(shop: Workspace, strict: Source) -> None:
    wish(strict, "a")
    plan(shop, Wanted("wishlist"))
    gate.forget()
    wish(strict, "a")
    ask(strict)
    assert replaying.replay(shop.pk, now=timezone.now()) == Replayed(duplicates=1)
    assert balance(strict) == {"received": 2, "accepted": 1, "rejected": 0}
    assert stored(strict) == ["a"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_each_event_in_once(shop: Workspace, strict: Source) -> None:
    wish(strict, *(f"e{n}" for n in range(600)))
    plan(shop, Wanted("wishlist"))
    assert ask(strict) == 600
    done: list[Replayed] = []

    def work() -> None:
        try:
            done.append(replaying.replay(shop.pk, now=timezone.now()))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    replaying.replay(shop.pk, now=timezone.now())  # what a worker left that another had locked
    assert sum(each.accepted for each in done) == 600
    assert balance(strict) == {"received": 600, "accepted": 600, "rejected": 0}
    assert len(stored(strict)) == 600


@pytest.mark.django_db
def test_what_was_ahead_of_the_clock_comes_in_when_its_time_has_come(shop: Workspace) -> None:
    source = make_source(shop)
    soon = timezone.now() + timedelta(hours=1)
    send(source, {"events": [{"event_id": "a", "name": "signup", "time": soon.isoformat(), "visitor_id": "v1"}]})
    ask(source)
    assert replaying.replay(shop.pk, now=timezone.now()) == Replayed(refused=1)
    ask(source)
    assert replaying.replay(shop.pk, now=soon) == Replayed(accepted=1)
    assert balance(source) == {"received": 1, "accepted": 1, "rejected": 0}
    table = open_table(shop.pk, "events")
    assert table is not None
    snapshot = Snapshot(shop.pk, events_version=table.version())
    (moment,) = query(shop.pk, "select time from events", snapshot=snapshot)["time"].to_pylist()
    assert moment == soon, "its time is never moved"


@pytest.mark.django_db
def test_what_was_too_old_comes_in_when_the_limit_is_raised(shop: Workspace, settings: Any) -> None:
    source = make_source(shop)
    long_since = (timezone.now() - timedelta(days=70)).isoformat()
    send(source, {"events": [{"event_id": "a", "name": "signup", "time": long_since}]})
    ask(source)
    assert replaying.replay(shop.pk, now=timezone.now()) == Replayed(refused=1)
    settings.TOO_OLD_DAYS = 90
    ask(source)
    assert replaying.replay(shop.pk, now=timezone.now()) == Replayed(accepted=1)
    assert balance(source) == {"received": 1, "accepted": 1, "rejected": 0}


@pytest.mark.django_db
def test_what_may_not_be_counted_is_not_kept_for_another_day(shop: Workspace) -> None:
    source = make_source(shop)
    soon = (timezone.now() + timedelta(hours=1)).isoformat()
    refused = {"name": "signup", "time": soon, "consent": {"analytics": False}}
    send(source, {"events": [{"event_id": "a", **refused}]})
    assert ask(source) == 0
    assert balance(source) == {"received": 1, "accepted": 0, "rejected": 1, "rejected:time_in_future": 1}


@pytest.mark.django_db
def test_another_tools_event_keeps_the_id_that_it_is_given(shop: Workspace) -> None:
    source = make_source(shop)
    soon = timezone.now() + timedelta(hours=1)
    call = {"type": "track", "event": "Signed Up", "anonymousId": "a1", "timestamp": soon.isoformat()}
    headers = {"Authorization": "Basic " + b64encode(f"{source.write_key}:".encode()).decode()}
    for _ in range(2):
        Client().post("/v1/track", json.dumps(call), content_type="application/json", headers=headers)
    assert ask(source) == 2
    assert replaying.replay(shop.pk, now=soon) == Replayed(accepted=1, duplicates=1)

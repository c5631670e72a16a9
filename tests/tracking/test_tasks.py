"""What the workers do for tracking."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.tracking.makers import NOON, Lake, make_event, make_source, origin_of
from tracking import derive as derivation
from tracking import inbox, tasks, work
from tracking.models import LakeState, Quarantined
from tracking.quarantine import Example
from workspaces import scope
from workspaces.models import Membership, Workspace


def test_the_sweep_finds_what_waits_in_every_workspace(shop: Workspace, outsider: Membership) -> None:
    waiting, derived = Lake(make_source(shop)), Lake(make_source(outsider.workspace))
    with scope.in_workspace(shop.pk):
        inbox.append(origin_of(waiting.source), [make_event()], counts=Counter(), now=NOON)
    derived.take(make_event())
    assert list(work.waiting_for_drain()) == [shop.pk]
    assert list(work.waiting_for_derivation()) == []
    tasks.drain(shop.pk)
    assert list(work.waiting_for_drain()) == []
    assert list(work.waiting_for_derivation()) == [shop.pk]
    tasks.derive(shop.pk)
    assert list(work.waiting_for_derivation()) == []
    assert len(waiting.sessions()) == 1


def test_tasks_may_run_again(shop: Workspace) -> None:
    lake = Lake(make_source(shop))
    lake.take(make_event())
    for _ in range(2):
        tasks.drain(shop.pk)
        tasks.derive(shop.pk)
        tasks.sweep()
        tasks.purge()
        tasks.upkeep()
    assert len(lake.sessions()) == 1


@pytest.fixture
def hinted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the tasks that are hinted at."""
    names: list[str] = []
    monkeypatch.setattr(tasks, "hint", lambda task, *_args, **_kwargs: names.append(task.name or task.task))
    return names


def test_what_comes_while_a_drain_is_at_work_has_its_turn(
    shop: Workspace, hinted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_source(shop)
    newest_waiting = inbox.newest_waiting
    hinted_meanwhile: list[str] = []

    def hinted_drain() -> None:
        tasks.drain(shop.pk)
        connection.close()  # of this thread

    def newest_before_another_comes(workspace_id: int) -> int | None:
        monkeypatch.setattr(inbox, "newest_waiting", newest_waiting)
        newest = newest_waiting(workspace_id)
        inbox.append(origin_of(source), [make_event("b")], counts=Counter(), now=NOON)
        with ThreadPoolExecutor(1) as another_worker:  # whom the door hinted at what came
            another_worker.submit(hinted_drain).result()
        hinted_meanwhile.extend(hinted)
        return newest

    with scope.in_workspace(shop.pk):
        inbox.append(origin_of(source), [make_event("a")], counts=Counter(), now=NOON)
    monkeypatch.setattr(inbox, "newest_waiting", newest_before_another_comes)
    monkeypatch.setattr(inbox, "MAX_BATCH_ROWS", 1)
    tasks.drain(shop.pk)
    assert hinted_meanwhile == ["tracking.drain"], "the one that finds it at work comes again"
    hinted.clear()
    tasks.drain(shop.pk)
    assert hinted == ["tracking.derive"]
    with scope.in_workspace(shop.pk):
        assert not inbox.newest_waiting(shop.pk)


@pytest.mark.parametrize(
    ("ago", "wait"), [(None, 0.0), (0.0, 4.0), (1.5, 2.5), (4.0, 0.0), (3_600.0, 0.0), (-3_600.0, 4.0)]
)
def test_publishings_are_apart_and_none_waits_longer_than_that(
    shop: Workspace, ago: float | None, wait: float, now: datetime
) -> None:
    at = None if ago is None else now - timedelta(seconds=ago)
    with scope.in_workspace(shop.pk):
        LakeState.objects.create(workspace=shop, derived_at=at)
    assert work.until_next_publishing(shop.pk, 4.0, now=now) == wait


def test_what_is_stored_while_a_derivation_is_at_work_has_its_turn(
    shop: Workspace, hinted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(make_source(shop))
    lake.store(make_event("a"))
    write = derivation.write

    def write_while_another_is_stored(*args: Any) -> Any:
        monkeypatch.setattr(derivation, "write", write)
        lake.store(make_event("b", visitor="v2"))
        return write(*args)

    monkeypatch.setattr(derivation, "write", write_while_another_is_stored)
    tasks.derive(shop.pk)
    assert hinted == ["reports.fill", "goals.look_again", "tracking.derive"]
    hinted.clear()
    tasks.derive(shop.pk)
    assert hinted == ["reports.fill", "goals.look_again"]
    assert len(lake.sessions()) == 2


def test_examples_are_gone_after_thirty_days(shop: Workspace) -> None:
    source = make_source(shop)
    with scope.in_workspace(shop.pk):
        for days in (29, 31):
            at = timezone.now() - timedelta(days=days)
            example = Example(f"after_{days}", "", "", b"")
            inbox.append(origin_of(source), [], counts=Counter(), examples=[example], now=at)
    tasks.purge()
    with scope.in_workspace(shop.pk):
        assert [row.code for row in Quarantined.objects.all()] == ["after_29"]

"""What the workers do for tracking."""

from collections import Counter
from datetime import timedelta

from django.utils import timezone

from tests.tracking.makers import NOON, Lake, make_event, make_source, origin_of
from tracking import inbox, tasks, work
from tracking.models import Quarantined
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

"""Makes the deliveries of what is due: those of one due time in one transaction, and the day is never due again.

A worker holds the schedule's row (`for update skip locked`); another passes it by, and finds the next day in it when it
comes back. Where nothing ran for a while, the newest due time is sent and the older ones are noted as skipped.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from reports.mailed import clock, schedules
from reports.models import Delivery, DeliveryState, PauseReason, Problem, Recipient, Schedule
from reports.sharing.links import who_may_share
from workspaces import scope
from workspaces.models import Workspace
from workspaces.zones import day_of

KEPT: Final = timedelta(days=90)  # what was sent, and why something was not: as long as notices


def waiting(*, now: datetime) -> Iterator[int]:
    """Give the workspaces in which something is due or waits to be sent."""
    for workspace in Workspace.objects.all():
        with scope.in_workspace(workspace.pk):
            waits = workspace.deliveries.filter(next_try_at__lte=now).exists()
            waits = waits or any(_has_come(row, workspace, now) for row in _due(workspace, now))
        if waits:
            yield workspace.pk


def make_deliveries(workspace_id: int, *, now: datetime) -> int:
    """Make the mails of what is due; give how many."""
    with scope.in_workspace(workspace_id):
        workspace = Workspace.objects.get(pk=workspace_id)
        rows = list(_due(workspace, now).select_for_update(skip_locked=True, of=("self",), no_key=True))
        for row in rows:
            row.workspace = workspace
        return sum(_make(row, now=now) for row in rows)


def purge(workspace_id: int, *, now: datetime) -> int:
    """Remove what is told of mails that were settled long ago, and of readers who were taken off before."""
    with scope.in_workspace(workspace_id):
        gone = Delivery.objects.filter(next_try_at=None, due_at__lt=now - KEPT).delete()[0]
        Recipient.objects.filter(removed_at__lt=now - KEPT, left_at=None, deliveries=None).delete()
        return gone


def _due(workspace: Workspace, now: datetime) -> "QuerySet[Schedule]":
    """Give what is due on the workspace's calendar; its hour may still be to come."""
    return workspace.schedules.filter(paused_at=None, due_on__lte=day_of(now, workspace.zone))


def _has_come(row: Schedule, workspace: Workspace, now: datetime) -> bool:
    return clock.instant(clock.of(row), row.due_on, workspace.zone) <= now


def _make(row: Schedule, *, now: datetime) -> int:
    zone, rhythm = row.workspace.zone, clock.of(row)
    since = max(row.due_on, day_of(now - KEPT, zone))
    days = list(clock.due_days(rhythm, zone, since=since, now=now))
    if not days:
        return 0
    if row.made_by_id not in who_may_share(row.workspace, [row.made_by_id]):
        schedules.pause(row, PauseReason.UNBACKED, by=None, now=now)
        return 0
    readers = list(row.recipients.here())
    if not readers:
        schedules.pause(row, PauseReason.NOBODY, by=None, now=now)
        return 0
    # Apia once left a day out: its instant is that of the day after.
    *missed, newest = dict.fromkeys(clock.instant(rhythm, day, zone) for day in days)
    _skip_older(row, newest)
    known = {"workspace": row.workspace, "schedule": row}
    skipped = {"state": DeliveryState.SKIPPED, "problem": Problem.MISSED}
    made = [Delivery(**known, **skipped, due_at=at, recipient=reader) for at in missed for reader in readers]
    made += [Delivery(**known, due_at=newest, recipient=reader, next_try_at=newest) for reader in readers]
    Delivery.objects.bulk_create(made)
    Schedule.objects.filter(pk=row.pk).update(due_on=clock.next_day(rhythm, days[-1] + clock.DAY))
    return len(readers)


def _skip_older(row: Schedule, newest: datetime) -> None:
    """Let what still waits of an earlier due time go: the newer figures are sent. What a worker is sending stays."""
    older = row.deliveries.filter(state=DeliveryState.WAITING, tester=None, due_at__lt=newest)
    free = older.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
    Delivery.objects.filter(pk__in=list(free)).update(
        state=DeliveryState.SKIPPED, problem=Problem.MISSED, next_try_at=None
    )

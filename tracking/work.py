"""What the workers do for tracking, workspace by workspace: each is safe to run twice and at any time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tracking import importing, latest, quarantine, replaying, retention, salts, tallies
from tracking.conversions import keeping
from tracking.derive import is_due
from tracking.lake import upkeep
from tracking.models import InboxRow, LakeState
from tracking.recounting import recount_if_never
from tracking.rights import erasing
from workspaces import scope
from workspaces.models import Workspace


def waiting_for_drain() -> Iterator[int]:
    """Give the workspaces with requests that are not in their lake yet."""
    return filter(needs_drain, _workspaces())


def needs_drain(workspace_id: int) -> bool:
    """Say whether the workspace has requests that are not in its lake yet."""
    with scope.in_workspace(workspace_id):
        return InboxRow.objects.exists()


def waiting_for_derivation() -> Iterator[int]:
    """Give the workspaces whose sessions and touches are behind their events or their time zone."""
    for workspace_id in _workspaces():
        if needs_derivation(workspace_id):
            yield workspace_id


def needs_derivation(workspace_id: int) -> bool:
    """Say whether the workspace's derived tables are behind."""
    with scope.in_workspace(workspace_id):
        state = LakeState.objects.filter(workspace_id=workspace_id).select_related("workspace").first()
    return state is not None and is_due(state, state.workspace.zone_name)


def until_next_publishing(workspace_id: int, apart: float, *, now: datetime) -> float:
    """Give the seconds until the next derivation shall begin, so that publishings are `apart` seconds apart."""
    with scope.in_workspace(workspace_id):
        last = LakeState.objects.values_list("derived_at", flat=True).get(workspace_id=workspace_id)
    since = (now - last).total_seconds() if last else apart
    return min(max(0.0, apart - since), apart)  # a clock that was set back must not hold it up


def waiting_for_replay() -> Iterator[int]:
    """Give the workspaces where somebody asked for what was held back."""
    for workspace_id in _workspaces():
        with scope.in_workspace(workspace_id):
            waits = replaying.is_waiting(workspace_id)
        if waits:
            yield workspace_id


def waiting_imports(now: datetime) -> Iterator[tuple[str, int, int]]:
    """Give task, workspace and id of the imports that no worker is known to be at."""
    for workspace_id in _workspaces():
        with scope.in_workspace(workspace_id):
            found = importing.waiting(now=now)
        yield from ((task, workspace_id, import_id) for task, import_id in found)


def waiting_erasures() -> Iterator[tuple[str, int]]:
    """Give task and workspace of the erasures that are not done."""
    for workspace_id in _workspaces():
        with scope.in_workspace(workspace_id):
            tasks = list(erasing.waiting())
        yield from ((task, workspace_id) for task in tasks)


def purge(now: datetime) -> None:
    """Remove what was kept for a time only; match once more the conversions that wait for their visitors."""
    for workspace_id in _workspaces():
        with scope.in_workspace(workspace_id):
            kept = timedelta(days=retention.of(Workspace.objects.get(pk=workspace_id)).refused_days)
            quarantine.purge(now=now, kept=kept)
            salts.purge(now=now)
            tallies.purge(now=now)
            latest.purge(now=now)
            importing.purge(workspace_id, now=now)
            keeping.retry(workspace_id, now=now)
        retention.run(workspace_id, now=now)  # one that others kept from it has the next night


def keep_up(now: datetime) -> None:
    """Tidy every workspace's lake."""
    for workspace_id in _workspaces():
        upkeep.keep_up(workspace_id)
        recount_if_never(workspace_id, now=now)


def _workspaces() -> list[int]:
    """Give every workspace; the seals show the rows of one at a time."""
    return list(Workspace.objects.values_list("pk", flat=True))

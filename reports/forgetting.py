"""The second half of an erasure: figures without the person, and then the bytes of every file that had them.

tracking.rights.erasing took the person out of the lake's newest state. Here every goal is filled from that state,
archived ones too; readers get some seconds to end what they began on older states; then all older files go.
"""

from datetime import datetime, timedelta

from deltalake.fs import DeltaStorageHandler
from pyarrow.fs import FileSelector, FileType, PyFileSystem

from goals.models import Goal
from reports import filling, folding, paths
from reports.evidence import keeping
from reports.models import FillState, Publication, Rollup
from tracking.lake import removal
from tracking.lake.schema import Table
from tracking.lake.table import address, replace_files
from tracking.locks import alone_with_lake
from tracking.models import Erasure, ErasureState, LakeState
from tracking.rights import erasing, places
from tracking.rights.erasing import PATIENCE_SECONDS
from workspaces import scope

GRACE = timedelta(seconds=10)  # the longest that a page or an export reads one state of the lake
AGAIN_SECONDS = 2.0


def forget(workspace_id: int, *, now: datetime) -> float | None:
    """Bring the workspace's erasures to their end; give the seconds after which to look again, None where all are.

    Safe to run at any time, by anybody.
    """
    with scope.in_workspace(workspace_id):
        removed = list(Erasure.objects.filter(state=ErasureState.REMOVED))
    if removed and not _refill(workspace_id, removed, now=now):
        return AGAIN_SECONDS
    with scope.in_workspace(workspace_id):
        refilled = list(Erasure.objects.filter(state=ErasureState.REFILLED).select_related("workspace"))
    due = [row for row in refilled if row.refilled_at is not None and row.refilled_at + GRACE <= now]
    if due and not _clear(workspace_id, due, now=now):
        return AGAIN_SECONDS
    return GRACE.total_seconds() + 1 if len(due) < len(refilled) else None


def _refill(workspace_id: int, rows: list[Erasure], *, now: datetime) -> bool:
    """Have every figure computed without the persons; False where another worker has to end something first."""
    revision = _revision(rows)
    filling.fill(workspace_id, now=now, also_archived=True)
    with scope.in_workspace(workspace_id):
        if not Publication.objects.filter(workspace_id=workspace_id, revision__gte=revision).exists():
            return filling.stale(workspace_id, now=now) is None and _note_refilled(rows, now=now)
        if any(not fill.is_resting(fill.goal.changed_at, now=now) for fill in _behind(workspace_id, revision)):
            return False
        return _note_refilled(rows, now=now)


def _note_refilled(rows: list[Erasure], *, now: datetime) -> bool:
    if rows:
        keeping.forget_all(rows[0].workspace_id)  # sums in which the persons still are
    mine = Erasure.objects.filter(pk__in=[row.pk for row in rows], state=ErasureState.REMOVED)
    return mine.update(state=ErasureState.REFILLED, refilled_at=now) > 0


def _revision(rows: list[Erasure]) -> int:
    return max(row.revision or 0 for row in rows)


def _behind(workspace_id: int, revision: int) -> list[FillState]:
    """Give the goals whose figures are of a state that still had the persons."""
    states = FillState.objects.filter(workspace_id=workspace_id, revision__lt=revision, paths_version__gte=0)
    return list(states.select_related("goal"))


def _empty_what_cannot_be_filled(workspace_id: int, revision: int) -> None:
    """Take the figures away of goals whose rules do not run: they know the person, and can't be computed again."""
    with scope.in_workspace(workspace_id):
        behind = _behind(workspace_id, revision)
        for state in behind:
            Rollup.objects.filter(goal_id=state.goal_id).delete()
            FillState.objects.filter(pk=state.pk).update(paths_version=-1, amended_version=-1, definition_at=None)
    for state in behind:
        replace_files(workspace_id, paths.name_of(state.goal_id), [], since=None)


def _empty_amendments(workspace_id: int) -> None:
    """Leave none of which the goal's figures know nothing: with an erasure on its way all goals are filled by days."""
    with scope.in_workspace(workspace_id):
        states = FillState.objects.filter(workspace_id=workspace_id, amended_version__gte=0)
        used = set(states.values_list("goal_id", flat=True))
    for name in _stored(workspace_id, "amended"):
        goal_id = int(name.removeprefix("amended/"))
        if goal_id not in used:
            folding.emptied(workspace_id, goal_id)


def _clear(workspace_id: int, rows: list[Erasure], *, now: datetime) -> bool:
    """Delete the files that are not in use any more, and what came to name the persons meanwhile."""
    with alone_with_lake(workspace_id, filling.Work.FILL, patience_seconds=PATIENCE_SECONDS) as free:
        if not free:
            return False
        _empty_what_cannot_be_filled(workspace_id, _revision(rows))
        _empty_amendments(workspace_id)
        for name, versions in _in_use(workspace_id).items():
            removal.clear(workspace_id, name, keep=versions)
        with scope.in_workspace(workspace_id):
            _note_the_first_day(workspace_id)
            done = [_finish(row, now=now) for row in rows]
    return all(done)


def _finish(row: Erasure, *, now: datetime) -> bool:
    subject = erasing.plan_of(row).subject
    if places.files_in_work(subject):
        return False  # a file that a worker reads is looked at again when it is done
    for place in places.PLACES.values():
        place(row.workspace_id, subject)
    erasing.finish(row, now=now)
    return True


def _in_use(workspace_id: int) -> dict[str, set[int]]:
    """Give every table of the workspace, with the versions that readers may take."""
    with scope.in_workspace(workspace_id):
        states = [
            *LakeState.objects.filter(workspace_id=workspace_id),
            *Publication.objects.filter(workspace_id=workspace_id),
        ]
        states_of_goals = FillState.objects.filter(workspace_id=workspace_id)
        fills = dict(states_of_goals.values_list("goal_id", "paths_version"))
        amended = dict(states_of_goals.values_list("goal_id", "amended_version"))
        goals = Goal.objects.filter(workspace_id=workspace_id).values_list("pk", flat=True)
        tables = {str(name): {getattr(state, f"{name}_version", -1) for state in states} for name in Table}
        tables |= {paths.name_of(goal): {fills.get(goal, -1)} for goal in goals}
        tables |= {paths.name_of_amended(goal): {amended.get(goal, -1)} for goal in goals}
    stored = [*_stored(workspace_id, "paths"), *_stored(workspace_id, "amended")]
    return {name: set[int]() for name in stored} | tables


def _stored(workspace_id: int, folder: str) -> list[str]:
    """Give the tables of goals that there are in a folder, also of goals that are gone."""
    store = PyFileSystem(DeltaStorageHandler(address(workspace_id, "")))
    found = store.get_file_info(FileSelector(folder, allow_not_found=True))
    return [f"{folder}/{each.base_name}" for each in found if each.type == FileType.Directory]


def _note_the_first_day(workspace_id: int) -> None:
    """The first day may have been the persons'; until the figures were filled it had to stay."""
    state = LakeState.objects.select_for_update().filter(workspace_id=workspace_id).first()
    if state is not None:
        state.first_day = removal.first_day(workspace_id)
        state.save(update_fields=["first_day"])

"""Compaction of the lake's small files, and removal of those that no reader can need any more."""

from tracking.lake.schema import Table
from tracking.lake.table import NO_VERSION, open_table
from tracking.locks import alone_with_lake
from tracking.models import LakeState
from workspaces import scope

# How long a replaced file stays: a reader that opened its snapshot within this time finishes undisturbed.
KEPT_HOURS = 24


def tidy(workspace_id: int, name: str, *, published: int) -> int:
    """Compact a table and remove its old files; give the version that readers take from now on.

    published  the version that readers take; where it is the newest, the compacted one, which has the same rows,
               takes its place. Its files stay in any case. Call it where nobody else writes the table
    """
    table = open_table(workspace_id, name)
    if table is None:
        return published
    was_newest = table.version() == published
    table.optimize.compact()
    taken = int(table.version()) if was_newest else published
    kept = [] if taken == NO_VERSION else [taken]  # what nobody has derived anything of yet has no readers
    table.vacuum(KEPT_HOURS, dry_run=False, enforce_retention_duration=False, keep_versions=kept)
    table.create_checkpoint()  # opening reads one file in place of a day's commits
    return taken


def keep_up(workspace_id: int) -> bool:
    """Tidy the workspace's four tables; False where a drain or a derivation is at work: the next night will do."""
    with alone_with_lake(workspace_id) as free:
        if not free:
            return False
        with scope.in_workspace(workspace_id):
            state = LakeState.objects.filter(workspace_id=workspace_id).first()
        if state is None:
            return True
        versions = {
            "events_version": tidy(workspace_id, Table.EVENTS, published=state.events_version),
            "sessions_version": tidy(workspace_id, Table.SESSIONS, published=state.sessions_version),
            "touches_version": tidy(workspace_id, Table.TOUCHES, published=state.touches_version),
            "people_version": tidy(workspace_id, Table.PEOPLE, published=state.people_version),
        }
        with scope.in_workspace(workspace_id):
            LakeState.objects.filter(workspace_id=workspace_id).update(**versions)
    return True

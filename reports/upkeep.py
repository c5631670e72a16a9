"""Nightly work on what reports keep in the lake: old paths dropped, small files compacted, old ones removed."""

from reports import folding, paths
from reports.filling import Work
from reports.models import FillState, Publication
from tracking.lake import upkeep
from tracking.lake.table import NO_VERSION
from tracking.locks import alone
from tracking.models import LakeState
from tracking.retention import drop_days
from workspaces import scope


def keep_up(workspace_id: int) -> bool:
    """Tidy the paths of every goal, and take over the lake's tidied versions; False where a fill is at work."""
    with alone(Work.FILL, workspace_id) as no_fill:
        if not no_fill:
            return False
        with scope.in_workspace(workspace_id):
            state = LakeState.objects.filter(workspace_id=workspace_id).first()
            fills = list(FillState.objects.filter(workspace_id=workspace_id, paths_version__gte=0))
        if state is None:
            return True
        versions = {fill.pk: _tidied(fill, state) for fill in fills}
        with scope.in_workspace(workspace_id):
            for pk, version in versions.items():
                FillState.objects.filter(pk=pk).update(paths_version=version, amended_version=NO_VERSION)
            # Equal revisions are equal rows; the files of the versions from before the tidying are on their way out.
            Publication.objects.filter(workspace_id=workspace_id, revision=state.revision).update(
                events_version=state.events_version,
                sessions_version=state.sessions_version,
                touches_version=state.touches_version,
                people_version=state.people_version,
            )
        for fill in fills:
            name = paths.name_of_amended(fill.goal_id)
            upkeep.tidy(workspace_id, name, published=folding.emptied(workspace_id, fill.goal_id))
    return True


def _tidied(fill: FillState, state: LakeState) -> int:
    """Give the version of the goal's paths that holds its amendments, too, and no days of which the events are gone."""
    name, version = paths.name_of(fill.goal_id), folding.folded(fill)
    if state.kept_since is not None:
        version = drop_days(fill.workspace_id, name, before=state.kept_since, published=version)
    return upkeep.tidy(fill.workspace_id, name, published=version)

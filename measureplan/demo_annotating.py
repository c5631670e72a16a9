"""Writes beside the demo's charts what its plan says was done: the day on which each initiative began."""

from datetime import datetime

from goals.models import Goal
from measureplan.demo.plan import Plan
from reports.annotations.writing import AnnotationDraft, write
from workspaces import scope
from workspaces.models import Membership, Workspace


def annotate(workspace: Workspace, planned: Plan, *, now: datetime) -> None:
    """Annotate each initiative's goal, once, in the name of the initiative's owner."""
    with scope.in_workspace(workspace.pk):
        if workspace.annotations.exists():
            return
        for each in planned.initiatives:
            goal = Goal.objects.get(workspace=workspace, slug=each.goal.replace("_", "-"))
            by = Membership.objects.select_related("user", "workspace").get(workspace=workspace, user__email=each.owner)
            write(workspace, AnnotationDraft(each.name, each.since, each.since, goal), by=by, now=now)

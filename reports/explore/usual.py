"""What a question about a workspace's visits can name."""

from datetime import datetime

from reports.asked import plan_span
from reports.explore.question import Known
from tracking.models import Source
from workspaces.models import Workspace
from workspaces.zones import day_of


def known_of(workspace: Workspace, *, now: datetime) -> Known:
    """Give what a question about the workspace's visits can name."""
    return Known(
        today=day_of(now, workspace.zone),
        plan=plan_span(workspace),
        # Archived ones, too: saved questions may name them.
        goals={goal.slug: goal for goal in workspace.goals.prefetch_related("rules")},
        explorations={each.slug: each for each in workspace.explorations.all()},
        calculated={each.slug: each for each in workspace.calculated_metrics.all()},
        segments={each.slug: each for each in workspace.segments.all()},
        sites=dict(Source.objects.filter(workspace=workspace).values_list("slug", "name")),
    )

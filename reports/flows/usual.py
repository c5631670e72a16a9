"""What a question about a workspace's paths can name."""

from datetime import datetime

from reports.asked import plan_span
from reports.flows.question import Known
from workspaces.models import Workspace
from workspaces.zones import day_of


def known_of(workspace: Workspace, *, now: datetime) -> Known:
    """Give what a question about the workspace's paths can name."""
    return Known(
        today=day_of(now, workspace.zone),
        plan=plan_span(workspace),
        # Archived ones, too: saved questions may name them.
        goals={goal.slug: goal for goal in workspace.goals.prefetch_related("rules")},
        flows={each.slug: each for each in workspace.flows.all()},
        segments={each.slug: each for each in workspace.segments.all()},
    )

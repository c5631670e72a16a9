"""What a workspace's funnels can name, and the funnel that its plan makes: the milestones on the way, then the goal."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from analysis.funnels import MOST_STEPS
from goals.models import Goal
from goals.models.goal import Level, MicroKind, Stage
from reports.asked import plan_span
from reports.funnels import steps
from reports.funnels.question import Known
from workspaces.models import Workspace
from workspaces.zones import day_of

VISITED = "event page_view"  # the first step of a goal that has no milestones yet
_STAGES = {stage: place for place, stage in enumerate(Stage.values)}


def known_of(workspace: Workspace, *, now: datetime) -> Known:
    """Give what a question about the workspace's funnels can name."""
    goals = list(workspace.goals.prefetch_related("rules", "supports"))
    return Known(
        today=day_of(now, workspace.zone),
        plan=plan_span(workspace),
        goals={goal.slug: goal for goal in goals},  # archived ones, too: saved funnels may name them
        funnels={each.slug: each for each in workspace.funnels.all()},
        segments={each.slug: each for each in workspace.segments.all()},
        usual=of_plan([goal for goal in goals if goal.archived_at is None]),
    )


def of_plan(goals: Sequence[Goal]) -> tuple[str, ...]:
    """Give the steps that a plan makes: of the macro goal with the most milestones that are noticed; () without one.

    goals   the plan's, in its order, with their rules and what they support
    """
    noticed = [goal for goal in goals if goal.rules.all()]
    macros = [goal for goal in noticed if goal.level == Level.MACRO]
    if not macros:
        return ()
    milestones = _milestones(noticed)
    macro = max(macros, key=lambda goal: len(milestones.get(goal.pk, ())))  # of several the plan's first
    before = milestones.get(macro.pk, ())[: MOST_STEPS - 1]
    return (
        (*(steps.of_goal(goal) for goal in before), steps.of_goal(macro)) if before else (VISITED, steps.of_goal(macro))
    )


def _milestones(goals: Iterable[Goal]) -> Mapping[int, list[Goal]]:
    """Give the milestones of each macro goal by its id: by stage of the journey, and then in the plan's order."""
    found: dict[int, list[Goal]] = {}
    for goal in sorted(goals, key=lambda goal: _STAGES.get(goal.stage, len(_STAGES))):
        if goal.micro_kind == MicroKind.MILESTONE:
            for macro in goal.supports.all():
                found.setdefault(macro.pk, []).append(goal)
    return found

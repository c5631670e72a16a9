"""Hints that a goal is another: its figures are stale, which is reports' affair, and its events are looked for."""

from celery import current_app

from goals.models import Goal
from workspaces.hints import hint

FILL = "reports.fill_goal"  # takes workspace id and goal id
WATCH = "goals.watch_workspace"  # takes the workspace's id


def hint_refill(goal: Goal) -> None:
    """Ask for the goal's figures and tracking state once this transaction is done; the timetable does it otherwise."""
    hint(current_app.signature(FILL), goal.workspace_id, goal.pk)
    hint(current_app.signature(WATCH), goal.workspace_id)


def hint_watch(workspace_id: int) -> None:
    """Ask for a look at what goals ask for, where that changed and no figure did."""
    hint(current_app.signature(WATCH), workspace_id)

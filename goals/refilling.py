"""Hints that a goal's figures are stale; the figures themselves are reports' affair, known here by name only."""

from celery import current_app

from goals.models import Goal
from workspaces.hints import hint

FILL = "reports.fill_goal"  # takes workspace id and goal id


def hint_refill(goal: Goal) -> None:
    """Ask for the goal's figures to be filled anew once this transaction is done; the sweep finds it otherwise."""
    hint(current_app.signature(FILL), goal.workspace_id, goal.pk)

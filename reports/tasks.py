"""Celery's door to reports: each task is safe to run twice, and takes ids."""

from celery import shared_task
from django.utils import timezone

from reports import filling
from workspaces.hints import hint


@shared_task(name="reports.fill")
def fill(workspace_id: int) -> None:
    """Bring every goal of the workspace up to what is in the lake."""
    filling.fill(workspace_id, now=timezone.now())


@shared_task(name="reports.fill_goal")
def fill_goal(workspace_id: int, goal_id: int) -> None:  # noqa: ARG001  # the address of the work, in logs
    """Bring one goal up to its definition; the others too, where the lake has moved on: they are published together."""
    filling.fill(workspace_id, now=timezone.now())


@shared_task(name="reports.sweep")
def sweep() -> None:
    """Give again the hints that were lost."""
    for workspace_id in filling.waiting(now=timezone.now()):
        hint(fill, workspace_id)

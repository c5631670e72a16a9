"""Celery's door to goals: each task is safe to run twice, and takes ids."""

from celery import shared_task
from django.utils import timezone

from goals import watching
from workspaces.hints import hint


@shared_task(name="goals.watch")
def watch() -> None:
    """Have every workspace looked at."""
    for workspace_id in watching.workspaces():
        hint(watch_workspace, workspace_id)


@shared_task(name="goals.watch_workspace")
def watch_workspace(workspace_id: int) -> None:
    """See whether what the workspace's goals ask for arrives."""
    watching.watch(workspace_id, now=timezone.now())


@shared_task(name="goals.look_again")
def look_again(workspace_id: int) -> None:
    """Look at once where a goal waits for its events, now that some came."""
    if watching.is_waited_for(workspace_id):
        watching.watch(workspace_id, now=timezone.now())

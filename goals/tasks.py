"""Celery's door to goals: each task is safe to run twice, and takes ids."""

from celery import current_app, shared_task
from django.utils import timezone

from goals import asking, file_work, watching
from workspaces.hints import hint


@shared_task(name="goals.watch")
def watch() -> None:
    """Have every workspace looked at."""
    for workspace_id in watching.workspaces():
        hint(watch_workspace, workspace_id)


@shared_task(name="goals.watch_workspace")
def watch_workspace(workspace_id: int) -> None:
    """Tell tracking what the workspace's goals ask for, and see whether it arrives."""
    asking.bring(workspace_id, now=timezone.now())
    watching.watch(workspace_id, now=timezone.now())


@shared_task(name="goals.look_again")
def look_again(workspace_id: int) -> None:
    """Look at once where a goal waits for its events, now that some came."""
    if watching.is_waited_for(workspace_id):
        watching.watch(workspace_id, now=timezone.now())


@shared_task(name="goals.check_file")
def check_file(workspace_id: int, file_id: int) -> None:
    """Do the dry run of a big spreadsheet."""
    file_work.check(workspace_id, file_id, now=timezone.now())


@shared_task(name="goals.take_in_file")
def take_in_file(workspace_id: int, file_id: int) -> None:
    """Write a big spreadsheet into the plan."""
    file_work.take_in(workspace_id, file_id, now=timezone.now())


@shared_task(name="goals.sweep")
def sweep() -> None:
    """Give again the hints that were lost."""
    for workspace_id in watching.workspaces():
        for task, file_id in file_work.waiting(workspace_id, now=timezone.now()):
            hint(current_app.signature(task), workspace_id, file_id)


@shared_task(name="goals.purge")
def purge() -> None:
    """Forget spreadsheets that nobody used for long."""
    for workspace_id in watching.workspaces():
        file_work.purge(workspace_id, now=timezone.now())

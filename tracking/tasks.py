"""Celery's door to tracking: each task is safe to run twice, and takes ids."""

from celery import current_app, shared_task
from django.utils import timezone

from tracking import derive as derivation
from tracking import importing, replaying, work
from tracking.imports import undoing
from tracking.lake import writer
from tracking.rights import erasing
from workspaces.hints import hint

AGAIN = 1.0  # seconds until what came meanwhile is taken up
# Under a steady stream each publishing makes every report's figures anew, however few events are new in them: a reader
# sees an event within ten seconds either way, and twenty readers share what was computed once.
PUBLISH_SECONDS = 3.0  # from one publishing to the next derivation, at least
LOOK_AGAIN = 20.0  # seconds after events came: one look then speaks for all that came meanwhile


@shared_task(name="tracking.drain")
def drain(workspace_id: int) -> None:
    """Bring what waits into the lake, and have it derived."""
    done = writer.drain(workspace_id, timezone.now())
    _hint_derive(workspace_id)
    # What this one was hinted for may have come after the other had begun.
    if done.found_another:
        hint(drain, workspace_id, after_seconds=AGAIN)


@shared_task(name="tracking.derive")
def derive(workspace_id: int) -> None:
    """Bring sessions and touches up to the lake's events, and have the figures filled."""
    if derivation.derive(workspace_id, timezone.now()) is not None:
        hint(current_app.signature("reports.fill"), workspace_id)  # by its name alone: reports stand above
        hint(current_app.signature("goals.look_again"), workspace_id, after_seconds=LOOK_AGAIN)
        _hint_derive(workspace_id)  # as above


def _hint_derive(workspace_id: int) -> None:
    """Have the tables derived, at once where the last publishing is a while ago."""
    if work.needs_derivation(workspace_id):
        wait = work.until_next_publishing(workspace_id, PUBLISH_SECONDS, now=timezone.now())
        hint(derive, workspace_id, after_seconds=wait)


@shared_task(name="tracking.replay")
def replay(workspace_id: int) -> None:
    """Take in what somebody asked for of what was held back, and have it drained."""
    replaying.replay(workspace_id, now=timezone.now())
    hint(drain, workspace_id)


@shared_task(name="tracking.check_import")
def check_import(workspace_id: int, import_id: int) -> None:
    """Do the dry run of an uploaded file."""
    importing.check(workspace_id, import_id, now=timezone.now())


@shared_task(name="tracking.apply_import")
def apply_import(workspace_id: int, import_id: int) -> None:
    """Store an ordered file's events, and have them drained."""
    importing.apply(workspace_id, import_id, now=timezone.now())
    hint(drain, workspace_id)


@shared_task(name="tracking.undo_import")
def undo_import(workspace_id: int, import_id: int) -> None:
    """Take an import's events out again; look again soon where others were at work."""
    if not undoing.undo(workspace_id, import_id, now=timezone.now()):
        hint(undo_import, workspace_id, import_id, after_seconds=undoing.AGAIN_SECONDS)


@shared_task(name="tracking.erase")
def erase(workspace_id: int) -> None:
    """Take out who asked to be forgotten; look again soon where others were at work."""
    if not erasing.erase(workspace_id, now=timezone.now()):
        hint(erase, workspace_id, after_seconds=erasing.AGAIN_SECONDS)


@shared_task(name="tracking.sweep")
def sweep() -> None:
    """Give again the hints that were lost."""
    for workspace_id in work.waiting_for_drain():
        hint(drain, workspace_id)
    for workspace_id in work.waiting_for_derivation():
        hint(derive, workspace_id)
    for workspace_id in work.waiting_for_replay():
        hint(replay, workspace_id)
    for task, workspace_id in work.waiting_erasures():
        hint(current_app.signature(task), workspace_id)
    for task, workspace_id, import_id in work.waiting_imports(timezone.now()):
        hint(current_app.signature(task), workspace_id, import_id)


@shared_task(name="tracking.purge")
def purge() -> None:
    """Remove what was kept for a time only."""
    work.purge(timezone.now())


@shared_task(name="tracking.upkeep")
def upkeep() -> None:
    """Compact the lakes and remove files that no reader can need."""
    work.keep_up(timezone.now())

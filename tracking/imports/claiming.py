"""One worker at a time takes an import up; what stands in its way is written on the import in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from tracking.import_file import UnreadableFileError
from tracking.imports.replacing import StillOnItsWay
from tracking.locks import Work, alone
from tracking.models import Import, ImportState
from workspaces import scope
from workspaces.models.file_work import MOST_ATTEMPTS
from workspaces.refusal import Refusal


@contextmanager
def taken(
    workspace_id: int, import_id: int, *, waiting: ImportState, doing: ImportState, now: datetime
) -> Iterator[Import | None]:
    """Give the import to work on, None where there is nothing to do or somebody is at it.

    One that is in the state `doing` was left there by a worker that died: its lock is free, and its transaction undone.
    A Refusal or an unreadable file ends the block and the import, with the reason for its owner.
    """
    with alone(Work.IMPORT, import_id) as free:
        row = _take_up(workspace_id, import_id, (waiting, doing), now) if free else None
        try:
            yield row
        except StillOnItsWay:
            _put_back(workspace_id, import_id, waiting)
        except (Refusal, UnreadableFileError) as fault:
            fail(workspace_id, import_id, str(fault))
        except FileNotFoundError:
            fail(workspace_id, import_id, _("The uploaded file is gone; upload it again."))


def fail(workspace_id: int, import_id: int, fault: str) -> None:
    """End the import with the reason."""
    with scope.in_workspace(workspace_id):
        Import.objects.filter(pk=import_id).update(state=ImportState.FAILED, fault=fault)


def _put_back(workspace_id: int, import_id: int, waiting: ImportState) -> None:
    """Let the import wait for its next turn, which the sweep gives it; this one counts for nothing."""
    with scope.in_workspace(workspace_id):
        row = Import.objects.filter(pk=import_id)
        row.update(state=waiting, attempts=F("attempts") - 1)  # its last sign of life keeps the sweep away for a while


def _take_up(
    workspace_id: int, import_id: int, states: tuple[ImportState, ImportState], now: datetime
) -> Import | None:
    with scope.in_workspace(workspace_id):
        found = Import.objects.select_related("source", "workspace").filter(pk=import_id, state__in=states).first()
        if found is None:
            return None
        if found.take_up(states[1], now=now):
            return found
    message = _("The work broke off %(times)s times; nothing of the file was stored. The log of the worker says why.")
    fail(workspace_id, import_id, message % {"times": MOST_ATTEMPTS})
    return None

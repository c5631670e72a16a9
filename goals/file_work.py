"""What a worker does with a file that is too big for a request: the dry run, and the taking in; and what is forgotten.

A worker holds the file's advisory lock while it works, on the connection of its transaction: when it is killed, lock
and transaction go together, nothing of the file is in the plan, and the sweep gives the file to the next one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from django.db import DataError, IntegrityError
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import taking_in
from goals.models import FileState, PlanFile
from goals.models.file import UNDER_WAY
from goals.sheets.trying import reason_of
from tracking.locks import alone
from workspaces import scope
from workspaces.languages import speaking
from workspaces.models.file_work import MOST_ATTEMPTS
from workspaces.notices import notify
from workspaces.refusal import Refusal
from workspaces.telling import Progress

KEPT: Final = timedelta(days=30)  # after it was used last; what came of it is in the plan and in the audit trail

_SAID: Final = {
    FileState.CHECKED: gettext_lazy("{file} was compared with the plan"),
    FileState.DONE: gettext_lazy("{file} is in the plan"),
    FileState.FAILED: gettext_lazy("{file} could not be taken in"),
}


class Work(IntEnum):
    """The first half of the advisory lock's key; tracking.locks has others. The second half is the file's id."""

    PLAN_FILE = 0x6D70_0004


def check(workspace_id: int, file_id: int, *, now: datetime) -> None:
    """Say what taking the file in would do. Safe to run at any time, by anybody."""
    with _taken(workspace_id, file_id, FileState.WAITS, FileState.CHECKING, now) as row:
        if row is None:
            return
        with Progress(row) as progress, scope.in_workspace(workspace_id):
            taking_in.try_file(row, now=now, tell=progress.tell)
            _tell(row, now)


def take_in(workspace_id: int, file_id: int, *, now: datetime) -> None:
    """Write what the file says into the plan, in one transaction. Safe to run at any time, by anybody."""
    with _taken(workspace_id, file_id, FileState.ORDERED, FileState.APPLYING, now) as row:
        if row is None:
            return
        with Progress(row) as progress, scope.in_workspace(workspace_id):
            taking_in.apply_file(row, by=row.asker, now=now, tell=progress.tell)
            _tell(row, now)


def waiting(workspace_id: int, *, now: datetime) -> list[tuple[str, int]]:
    """Give the task and the id of each of the workspace's files that no worker is known to be at."""
    with scope.in_workspace(workspace_id):
        rows = PlanFile.objects.filter(PlanFile.abandoned(now), workspace_id=workspace_id, state__in=UNDER_WAY)
        return [(_TASK_OF[FileState(state)], pk) for state, pk in rows.values_list("state", "pk")]


def purge(workspace_id: int, *, now: datetime) -> int:
    """Forget the workspace's files that nobody used for long, with all that they said; give how many."""
    with scope.in_workspace(workspace_id):
        old = PlanFile.objects.filter(workspace_id=workspace_id, used_at__lt=now - KEPT)
        return old.exclude(state__in=UNDER_WAY).delete()[0]


_TASK_OF: Final = {
    FileState.WAITS: taking_in.TASKS[FileState.WAITS],
    FileState.CHECKING: taking_in.TASKS[FileState.WAITS],
    FileState.ORDERED: taking_in.TASKS[FileState.ORDERED],
    FileState.APPLYING: taking_in.TASKS[FileState.ORDERED],
}


@contextmanager
def _taken(
    workspace_id: int, file_id: int, waits: FileState, doing: FileState, now: datetime
) -> Iterator[PlanFile | None]:
    """Give the file to work on, None where there is nothing to do or somebody is at it.

    One that is in the state `doing` was left there by a worker that died: its lock is free, its transaction undone.
    What speaks against the file ends the block, and is written on it in the words of whoever waits for it.
    """
    with alone(Work.PLAN_FILE, file_id) as free:
        row = _take_up(workspace_id, file_id, (waits, doing), now) if free else None
        with speaking(row.asker.user if row else None, row.workspace if row else None):
            try:
                yield row
            except (Refusal, IntegrityError, DataError) as fault:
                if row is None:
                    raise
                _fail(row, reason_of(fault), now)


def _take_up(workspace_id: int, file_id: int, states: tuple[FileState, FileState], now: datetime) -> PlanFile | None:
    with scope.in_workspace(workspace_id):
        rows = PlanFile.objects.select_related("workspace", "plan", "member__user", "asked_by__user")
        found = rows.filter(pk=file_id, state__in=states).first()
        if found is None:
            return None
        if found.take_up(states[1], now=now):
            return found
    with speaking(found.asker.user, found.workspace):
        text = _(
            "The work broke off %(times)s times; nothing of the file was taken in. The log of the worker says why."
        )
        _fail(found, text % {"times": MOST_ATTEMPTS}, now)
    return None


def _fail(file: PlanFile, fault: str, now: datetime) -> None:
    file.state, file.fault = FileState.FAILED, fault
    with scope.in_workspace(file.workspace_id):
        PlanFile.objects.filter(pk=file.pk).update(state=file.state, fault=file.fault)
        _tell(file, now)


def _tell(file: PlanFile, now: datetime) -> None:
    """Tell whoever waits that there is something to see; a small file was answered within its request."""
    notify(
        [file.asker],
        kind="file_ready",
        title=format_lazy(_SAID[FileState(file.state)], file=file.file_name),
        text=file.fault,
        path=reverse("goals:plan-file", args=[file.workspace.slug, file.pk]),
        key=f"file {file.pk} {now.isoformat()}",
        now=now,
    )

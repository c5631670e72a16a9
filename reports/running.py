"""What becomes of a Run: taken up by one worker, told of while it goes, cancelled at its next whole point, ended."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any, Final

import structlog
from celery import current_app
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.models import UNDER_WAY, Run, RunKind, RunState
from reports.models.run import MOST_ATTEMPTS
from tracking.locks import alone
from workspaces import scope
from workspaces.hints import hint
from workspaces.models import AuditEntry, Membership
from workspaces.telling import EVERY_SECONDS

KEPT: Final = timedelta(days=30)  # since somebody opened it, or it ended
DONE_KEPT: Final = timedelta(days=7)  # passes that went well: nobody asks after them for long
LEARN: Final = "reports.learn"  # takes workspace id and run id
# What a run that ended is begun again by: the task's name, since tasks stand above, and whether it takes the run's id.
# Evidence is not among them: the next look at it orders it.
AGAIN: Final = {
    RunKind.MODEL: (LEARN, True),
    RunKind.FILL: ("reports.fill", False),
    RunKind.DERIVATION: ("tracking.derive", False),
}
log = structlog.get_logger(__name__)


class Work(IntEnum):
    """The first half of an advisory lock's key, beside those of tracking.locks; its second half is the run's id."""

    RUN = 0x6D70_0102


class Cancelled(Exception):
    """Somebody asked for the run's end; nothing of it is kept."""


class Line:
    """The worker's line to its run's row: says how far it is, and hears whether it is to end."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.done = 0
        self.faults: list[str] = []  # what went wrong without ending the work
        self.is_cancelled = False
        self._told = float("-inf")

    def covers(self, *, since: date, until: date, persons: int | None = None) -> None:
        """Say which local days [since, until) are computed, and of how many persons; None of everybody."""
        with scope.in_workspace(self.run.workspace_id):
            Run.objects.filter(pk=self.run.pk).update(since=since, until=until, persons=persons)

    def beat(self) -> None:
        """Give a sign of life; at most once a second a row is written.

        raises   Cancelled where somebody asked for it
        """
        self.tell(self.done, self.run.of)

    def step(self) -> None:
        """Say that another step begins; as `beat` otherwise."""
        self.beat()
        self.done += 1

    def tell(self, done: int, of: int) -> None:
        """Say how many steps are done; as `beat` otherwise."""
        if time.monotonic() >= self._told + EVERY_SECONDS:
            self._write(done, of)

    def last_word(self) -> None:
        """Hear for the last time whether it is to end: from here on it publishes.

        raises   Cancelled
        """
        self._write(self.done, self.run.of)

    def _write(self, done: int, of: int) -> None:
        self._told, self.done, self.run.of = time.monotonic(), done, of
        with scope.in_workspace(self.run.workspace_id):
            mine = Run.objects.filter(pk=self.run.pk, state=RunState.RUNNING)
            mine.update(done=min(done, of) if of else done, of=of, heartbeat_at=timezone.now())
            goes_on = mine.filter(cancel_asked_at=None).exists()
        if not goes_on:  # outside: raised within, it would take back what was told
            raise Cancelled(self.run.pk)


@contextmanager
def taken(workspace_id: int, run_id: int, *, now: datetime) -> Iterator[Run | None]:
    """Give the run to work on; None where there is nothing to do, or another worker is at it.

    One that is running was left there by a worker that died: its lock is free. Cancelled ends the block without a word.
    """
    with alone(Work.RUN, run_id) as mine:
        run = _take_up(workspace_id, run_id, now) if mine else None
        began = time.process_time()
        try:
            yield run
        except Cancelled:
            if run is None:
                raise
            end(run, RunState.CANCELLED)
        if run is not None:
            note_cpu(run, since=began)


def end(run: Run, state: RunState, *, fault: str = "", result: dict[str, Any] | None = None) -> None:
    """Write how the run ended; a result takes the place of the one before it, else that stays."""
    kept: dict[str, Any] = {} if result is None else {"result": result, "version": run.version}
    if state == RunState.DONE:
        kept |= {"done": run.of, "of": run.of}
    with scope.in_workspace(run.workspace_id):
        Run.objects.filter(pk=run.pk).update(state=state, fault=fault[:500], ended_at=timezone.now(), **kept)
    log.info("run ended", workspace=run.workspace_id, run=run.pk, state=str(state), fault=fault)


def note_cpu(run: Run, *, since: float) -> None:
    """Add what the process worked since this moment of its own clock (`time.process_time`)."""
    with scope.in_workspace(run.workspace_id):
        Run.objects.filter(pk=run.pk).update(cpu_seconds=F("cpu_seconds") + time.process_time() - since)


def cancel(run: Run, *, by: Membership | str, now: datetime) -> bool:
    """End a run that waits, or ask the worker of a running one to end; False where it ended before, or may not be.

    Call it in a transaction that sees the workspace.
    """
    if not run.may_be_cancelled:
        return False
    member = by if isinstance(by, Membership) else None
    mine = Run.objects.filter(pk=run.pk)
    asked = {"cancel_asked_at": now, "cancelled_by": member}
    waited = mine.filter(state=RunState.WAITING).update(state=RunState.CANCELLED, ended_at=now, **asked)
    if waited or mine.filter(state=RunState.RUNNING, cancel_asked_at=None).update(**asked):
        AuditEntry.record(by, "cancelled", run, workspace=run.workspace, now=now)
        return True
    return False


def start_again(run: Run, *, by: Membership | str | None, now: datetime) -> bool:
    """Have what ended begin anew; False where it is under way, or what a workspace has one of at a time is.

    by   the member, or the name of the program, that wants it; None where nobody asked
    Call it in a transaction that sees the workspace.
    """
    task = AGAIN.get(RunKind(run.kind))
    if task is None or run.is_under_way or _is_taken(run):
        return False
    member = by if isinstance(by, Membership) else None
    woken = Run.objects.filter(pk=run.pk, state=run.state).update(
        state=RunState.WAITING, by=member, created_at=now, opened_at=now, attempts=0, done=0, of=0, heartbeat_at=None,
        began_at=None, ended_at=None, cancel_asked_at=None, cancelled_by=None, fault="", times=1, cpu_seconds=0,
    )  # fmt: skip
    if woken:
        if by is not None and run.has_ended_badly:  # what is merely old begins again by a look at it
            AuditEntry.record(by, "started again", run, workspace=run.workspace, now=now)
        name, takes_run = task
        hint(current_app.signature(name), run.workspace_id, *((run.pk,) if takes_run else ()))
    return woken > 0


def _is_taken(run: Run) -> bool:
    """Say whether another pass has the place that a workspace has for one of its kind."""
    others = Run.objects.filter(workspace_id=run.workspace_id, kind=run.kind, state__in=UNDER_WAY)
    return run.kind != RunKind.MODEL and others.exists()


def waiting(workspace_id: int, *, now: datetime) -> list[int]:
    """Give the models' runs of the workspace that no worker is known to be at; passes are found by what is due."""
    with scope.in_workspace(workspace_id):
        mine = Run.objects.filter(Run.abandoned(now), workspace_id=workspace_id, kind=RunKind.MODEL)
        return list(mine.values_list("pk", flat=True))


def purge(workspace_id: int, *, now: datetime) -> int:
    """Forget runs that nobody looked at for long, with what they found; give how many."""
    old = Q(opened_at__lt=now - KEPT) | Q(opened_at=None, created_at__lt=now - KEPT)
    old |= ~Q(kind=RunKind.MODEL) & Q(state=RunState.DONE, created_at__lt=now - DONE_KEPT)
    with scope.in_workspace(workspace_id):
        return Run.objects.filter(old, workspace_id=workspace_id).exclude(state__in=UNDER_WAY).delete()[0]


def _take_up(workspace_id: int, run_id: int, now: datetime) -> Run | None:
    with scope.in_workspace(workspace_id):
        rows = Run.objects.select_related("goal__workspace", "workspace", "by__user")
        run = rows.filter(pk=run_id, kind=RunKind.MODEL, state__in=UNDER_WAY).first()
        if run is None:
            return None
        if run.cancel_asked_at is not None:  # its worker died before it heard
            Run.objects.filter(pk=run.pk).update(state=RunState.CANCELLED, ended_at=now)
            return None
        if run.attempts >= MOST_ATTEMPTS:
            fault = _("The work broke off %(times)s times. The log of the worker says why.") % {"times": run.attempts}
            Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, ended_at=now, fault=fault)
            return None
        run.state, run.attempts, run.heartbeat_at, run.began_at, run.done = (
            RunState.RUNNING, run.attempts + 1, now, now, 0,
        )  # fmt: skip
        run.save(update_fields=["state", "attempts", "heartbeat_at", "began_at", "done"])
    return run

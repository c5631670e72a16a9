"""Passes over what changed, as rows: one of a kind at a time in a workspace, held back once somebody cancelled it.

Whoever begins a pass has the workspace's lock for it, so a row that is found running was left there by a worker that
died, and is taken up. A busy site has thousands of passes an hour: those that went alike are one row.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError
from django.db.models import F
from django.db.models.functions import Greatest, Least

from goals.models import Goal
from reports import running
from reports.models import UNDER_WAY, Run, RunKind, RunState
from reports.running import Cancelled, Line
from tracking.models import Erasure
from workspaces import scope

FOLDED_FOR: Final = timedelta(hours=1)  # passes that began within it, and went alike, are one row


@contextmanager
def going(
    workspace_id: int, kind: RunKind, reasons: Iterable[str], *,
    now: datetime, goal: Goal | None = None, version: str = "", of: int = 0,
) -> Iterator[Line]:  # fmt: skip
    """Note that a pass begins, and at the block's end how it ended. Cancelled ends the block without a word.

    reasons   of Why
    version   of the data that it makes
    of        steps, where they are known
    """
    run = _taken_up(workspace_id, kind, now)
    run.goal, run.definition_version = goal, goal.version if goal else None
    run.reasons, run.version, run.of = list(dict.fromkeys(reasons)), version, of
    with scope.in_workspace(workspace_id):
        run.save()
    line, began = Line(run), time.process_time()
    try:
        yield line
    except Cancelled:
        line.is_cancelled = True
        _end(line, RunState.CANCELLED, began)
    except Exception as fault:
        line.faults.append(str(fault) or type(fault).__name__)
        with suppress(DatabaseError):  # a lost database leaves the row as a worker's death would
            _end(line, RunState.FAILED, began)
        raise
    else:
        _end(line, RunState.FAILED if line.faults else RunState.DONE, began)


def may_begin(workspace_id: int, kind: RunKind, *, now: datetime) -> bool:
    """Say whether no cancelled pass holds others back; call it with the workspace's lock for them."""
    with scope.in_workspace(workspace_id):
        left = Run.objects.filter(workspace_id=workspace_id, kind=kind, state=RunState.RUNNING)
        # Its worker died before it heard.
        left.exclude(cancel_asked_at=None).update(state=RunState.CANCELLED, ended_at=now)
    return held(workspace_id, kind, now=now) is None


def held(workspace_id: int, *kinds: RunKind, now: datetime) -> Run | None:
    """Give the cancelled pass that keeps others of its kind from beginning. None does while somebody is being erased.

    kinds   that are asked about
    """
    with scope.in_workspace(workspace_id):
        rows = Run.objects.filter(workspace_id=workspace_id, kind__in=kinds).defer("result")
        newest = rows.select_related("cancelled_by__user").order_by("kind", "-created_at", "-pk").distinct("kind")
        holding = next((run for run in newest if run.state == RunState.CANCELLED and run.holds_until > now), None)
        if holding is None or Erasure.is_under_way():
            return None
    return holding


def standing_still(workspace_id: int, *, now: datetime) -> Run | None:
    """Give the cancelled pass that keeps the workspace's figures as they are; None where they follow the events."""
    return held(workspace_id, RunKind.DERIVATION, RunKind.FILL, now=now)


def nothing_to_do(workspace_id: int, kind: RunKind, *, now: datetime) -> None:
    """Note that nothing is due: what somebody started again, or a dead worker left, is done."""
    with scope.in_workspace(workspace_id):
        left = Run.objects.filter(workspace_id=workspace_id, kind=kind, state__in=UNDER_WAY)
        left.update(state=RunState.DONE, ended_at=now)


def _taken_up(workspace_id: int, kind: RunKind, now: datetime) -> Run:
    """Give the row that waits, or that a worker left when it died; else a new one."""
    with scope.in_workspace(workspace_id):
        found = Run.objects.filter(workspace_id=workspace_id, kind=kind, state__in=UNDER_WAY).first()
    run = found or Run(workspace_id=workspace_id, kind=kind, created_at=now)
    run.state, run.attempts, run.done = RunState.RUNNING, run.attempts + 1, 0
    run.began_at = run.heartbeat_at = now
    run.since = run.until = run.persons = run.cancel_asked_at = run.cancelled_by = None
    return run


def _end(line: Line, state: RunState, began: float) -> None:
    run = line.run
    running.end(run, state, fault="; ".join(line.faults))
    running.note_cpu(run, since=began)
    if state != RunState.CANCELLED:
        with scope.in_workspace(run.workspace_id):
            _fold(Run.objects.get(pk=run.pk))


def _fold(run: Run) -> None:
    """Add a pass to the row of the one before it that went alike. What somebody asked for keeps a row of its own."""
    alike = {name: getattr(run, name) for name in ("workspace_id", "kind", "goal_id", "state", "reasons", "fault")}
    lately = Run.objects.filter(**alike, by=None, created_at__gt=run.created_at - FOLDED_FOR).exclude(pk=run.pk)
    before = lately.order_by("-created_at", "-pk").first() if run.by_id is None else None
    if before is None:
        return
    run.delete()
    Run.objects.filter(pk=before.pk).update(
        times=F("times") + 1, cpu_seconds=F("cpu_seconds") + run.cpu_seconds,
        since=Least("since", run.since), until=Greatest("until", run.until), persons=run.persons,
        done=run.done, of=run.of, version=run.version, definition_version=run.definition_version,
        heartbeat_at=run.heartbeat_at, ended_at=run.ended_at,
    )  # fmt: skip

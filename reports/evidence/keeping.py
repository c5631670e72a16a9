"""Evidence is kept: computed by a worker when somebody looks, and again when lake or plan have moved on.

A page never waits: it shows what is kept, with the state that it is of, and says that a newer one is being computed.
What is to be computed stands in rows, so that a lost hint costs half a minute and no work.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from functools import partial
from typing import Final

import duckdb
import structlog
from celery import current_app
from deltalake.exceptions import DeltaError
from django.utils.translation import gettext as _

from goals.conditions import Misstated
from goals.definition import Definition
from goals.models import Goal, Level
from reports import passes, publishing
from reports.evidence.computing import Task, compute
from reports.evidence.design import Design
from reports.models import KeptEvidence, Publication, RunKind, Why
from reports.running import Line
from tracking.locks import alone
from workspaces import scope
from workspaces.hints import hint
from workspaces.models import Workspace

WEIGH: Final = "reports.weigh"  # the task; named, since tasks stand above this
REST: Final = timedelta(minutes=10)  # after a computing, before new events alone bring the next
RETRY_AFTER: Final = timedelta(minutes=5)  # a computing that failed is tried again after this
log = structlog.get_logger(__name__)


class Work(IntEnum):
    """The first half of an advisory lock's key, beside those of tracking.locks, reports.filling and reports.running."""

    WEIGH = 0x6D70_0103


@dataclass(frozen=True, slots=True)
class _Live:
    """The live goals that evidence rests on: the macro goal, its micro goals, and all; with a digest of them."""

    macro: Definition
    micros: tuple[tuple[int, Definition], ...]
    planned: tuple[Definition, ...]

    @property
    def digest(self) -> str:
        parts = [
            self.macro.as_json(),
            [(goal_id, each.as_json()) for goal_id, each in self.micros],
            sorted(json.dumps(each.as_json(), sort_keys=True) for each in self.planned),
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def kept(macro: Goal, design: Design, goals: Sequence[Goal], *, now: datetime) -> tuple[KeptEvidence, bool]:
    """Give the row of the goal's evidence, and whether it is current; where it is not, have it computed.

    goals   all live goals of the workspace, their rules and supports prefetched
    A row that was never computed has no `found`.
    """
    row, _is_new = KeptEvidence.objects.get_or_create(
        workspace_id=macro.workspace_id, goal=macro, landmark_days=design.landmark_days,
        follow_days=design.follow_days, past_days=design.past_days,
    )  # fmt: skip
    revision = _revision(macro.workspace_id)
    if revision is None:
        return row, False
    is_of_plan = row.found is not None and row.plan_state == _live(macro.pk, goals).digest
    is_current = is_of_plan and row.revision == revision
    if is_current or row.asked_at is not None or _rests(row, is_of_plan=is_of_plan, now=now):
        return row, is_current
    row.asked_at, row.steps, row.done = now, 0, 0
    row.save(update_fields=["asked_at", "steps", "done"])
    hint(current_app.signature(WEIGH), macro.workspace_id)
    return row, False


def waiting() -> Iterator[int]:
    """Give the workspaces in which evidence is to be computed."""
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        with scope.in_workspace(workspace_id):
            if KeptEvidence.objects.filter(workspace_id=workspace_id, asked_at__isnull=False).exists():
                yield workspace_id


def compute_all(workspace_id: int, *, now: datetime) -> int:
    """Compute what was asked for; give how many. 0 as well where another worker is at it, who takes up all there is."""
    count = 0
    with alone(Work.WEIGH, workspace_id) as mine:
        while mine and (row := _next(workspace_id)) is not None:
            _compute(row, now=now)
            count += 1
    return count


def forget_all(workspace_id: int) -> None:
    """Take everything kept away; call it inside the workspace. It is computed anew for whoever looks next."""
    KeptEvidence.objects.filter(workspace_id=workspace_id).delete()


def _rests(row: KeptEvidence, *, is_of_plan: bool, now: datetime) -> bool:
    if row.failed_at is not None and now - row.failed_at < RETRY_AFTER:
        return True
    return is_of_plan and row.computed_at is not None and now - row.computed_at < REST


def _revision(workspace_id: int) -> int | None:
    published = Publication.objects.filter(workspace_id=workspace_id, serial__gt=0)
    return published.values_list("revision", flat=True).first()


def _next(workspace_id: int) -> KeptEvidence | None:
    with scope.in_workspace(workspace_id):
        asked = KeptEvidence.objects.filter(workspace_id=workspace_id, asked_at__isnull=False)
        return asked.select_related("goal").order_by("asked_at").first()


def _compute(row: KeptEvidence, *, now: datetime) -> None:
    with scope.in_workspace(row.workspace_id):
        workspace = Workspace.objects.get(pk=row.workspace_id)
        publication = Publication.objects.get(workspace_id=row.workspace_id)
        goals = list(live_goals(workspace))
        live = _live(row.goal_id, goals)
    design = Design(row.landmark_days, row.follow_days, row.past_days)
    snapshot = publishing.snapshot_of(publication)
    task = Task(workspace, snapshot, live.macro, live.micros, live.planned, design)
    with passes.going(
        row.workspace_id, RunKind.EVIDENCE, [Why.LOOKED], now=now, goal=row.goal, version=str(snapshot.revision),
        of=task.steps,
    ) as line:  # fmt: skip
        _tell(row, line, 0)
        _try(row, task, line, plan_state=live.digest, now=now)
    if line.is_cancelled:
        _write(row, asked_at=None, fault=_("The computation was cancelled."), failed_at=now)


def _try(row: KeptEvidence, task: Task, line: Line, *, plan_state: str, now: datetime) -> None:
    snapshot = task.snapshot
    try:
        found = compute(task, tell=partial(_tell, row, line))
    except (duckdb.Error, DeltaError, Misstated) as fault:
        log.warning("evidence not computed", workspace=row.workspace_id, goal=row.goal_id, fault=str(fault))
        _write(row, asked_at=None, fault=str(fault)[:500], failed_at=now)
        line.faults.append(str(fault))
        return
    line.last_word()
    _write(
        row, asked_at=None, fault="", failed_at=None, found=found.as_json(), plan_state=plan_state,
        revision=snapshot.revision, computed_through=snapshot.derived_through, computed_at=now,
    )  # fmt: skip


def live_goals(workspace: Workspace) -> Sequence[Goal]:
    """Give the live goals with what evidence asks of them."""
    goals = workspace.goals.live().select_related("workspace", "plan")
    return list(goals.prefetch_related("rules", "supports", "versions"))


def state_of_plan(macro: Goal, goals: Sequence[Goal]) -> str:
    """Give a digest of the definitions that evidence of the macro goal rests on; `goals` as for `kept`."""
    return _live(macro.pk, goals).digest


def _live(goal_id: int, goals: Sequence[Goal]) -> _Live:
    """Say what evidence of the macro goal rests on; one that was archived meanwhile has no micro goals left."""
    known = {goal.pk: Definition.of(goal) for goal in goals}
    micros = tuple(
        (goal.pk, known[goal.pk])
        for goal in sorted(goals, key=lambda goal: goal.pk)
        if goal.level == Level.MICRO and any(macro.pk == goal_id for macro in goal.supports.all())
    )
    return _Live(known.get(goal_id, Definition(())), micros, tuple(known.values()))


def _tell(row: KeptEvidence, line: Line, done: int) -> None:
    _write(row, done=done, steps=line.run.of)
    line.tell(done, line.run.of)


def _write(row: KeptEvidence, **values: object) -> None:
    with scope.in_workspace(row.workspace_id):
        KeptEvidence.objects.filter(pk=row.pk).update(**values)

"""What data-driven models found for a question: ordered from a worker, kept on its run's row, read from there."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from celery import current_app

from goals.models import Goal
from reports import running
from reports.attribution.crediting import apportioned
from reports.attribution.question import Asked
from reports.models import UNDER_WAY, FillState, Publication, Run, RunKind, RunState, Why
from reports.periods import CUSTOM
from workspaces.hints import hint
from workspaces.models import Membership

LAYOUT: Final = 1  # of results; those of an older one are not found
MOST_WAITING: Final = 20  # of a workspace: each takes a worker seconds to minutes
FRESH_FOR: Final = timedelta(minutes=10)  # a result of older data is computed again after this, not with each event
SEEN_EVERY: Final = timedelta(hours=1)  # `opened_at` is written no oftener


@dataclass(frozen=True, slots=True)
class Found:
    """What one model found, by key; NONE's included.

    value, value_net         micros, whole, which add up to the totals
    low, high                ends of the 95 % interval of the share of all conversions; empty where none was asked for
    error                    standard error of the conversions; empty where nothing was sampled
    totals                   conversions, value and value_net of all
    journeys, unconverted, persons   what it learned from
    draws, permutations      replicates used, orders sampled
    note                     "" or no_touch, no_conversion, no_failure: what is odd about the journeys
    negative, skipped        keys below 0; transforms that named a key that no path has
    """

    model: str
    conversions: Mapping[str, float]
    value: Mapping[str, int]
    value_net: Mapping[str, int]
    low: Mapping[str, float]
    high: Mapping[str, float]
    error: Mapping[str, float]
    totals: tuple[int, int, int]
    journeys: int
    unconverted: int
    persons: int
    draws: int
    permutations: int
    note: str
    negative: tuple[str, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one model of the question stands: its run, and what it found last; None of both where nobody ordered it."""

    model: str
    run: Run | None
    found: Found | None

    @property
    def is_under_way(self) -> bool:
        """Say whether a worker has it, or will have it."""
        return self.run is not None and self.run.is_under_way


def digest_of(goal: Goal, asked: Asked, model: str) -> str:
    """Name the question put to one model; whatever changes the result changes the name, but for the data."""
    settings = asked.learning
    question = {
        "layout": LAYOUT,
        "goal": [goal.pk, goal.version, goal.changed_at.isoformat()],
        "days": [asked.since.isoformat(), asked.until.isoformat()],
        "by": asked.breakdown,
        "windows": asked.window_days,
        "direct": asked.direct,
        "model": [model, settings.parameters(model)],
        "paths": [settings.params()[name] for name in ("transform", "draws", "seed")],
    }
    return hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()


def order(goal: Goal, asked: Asked, *, by: Membership | None, now: datetime) -> None:
    """Have a worker compute what is not there, or is of older data; call it in a transaction of the workspace.

    What failed or was cancelled is not ordered again by a look at the page: see `order_again`.
    """
    version = _version(goal)
    if not asked.learned or version is None:
        return
    runs = _runs(goal, asked)
    for model in asked.learned:
        run = runs.get(digest_of(goal, asked, model))
        if run is None:
            _begin(goal, asked, model, by=by, now=now)
            continue
        if run.opened_at is None or run.opened_at < now - SEEN_EVERY:
            Run.objects.filter(pk=run.pk).update(opened_at=now)
        is_old = run.version != version and run.ended_at is not None and run.ended_at < now - FRESH_FOR
        if run.state == RunState.DONE and is_old:
            running.start_again(run, by=by, now=now)


def order_again(goal: Goal, asked: Asked, *, by: Membership | None, now: datetime) -> None:
    """Have what failed or was cancelled computed again."""
    for run in _runs(goal, asked).values():
        if run.has_ended_badly:
            running.start_again(run, by=by, now=now)


def standings(goal: Goal, asked: Asked) -> tuple[Standing, ...]:
    """Say how each data-driven model of the question stands."""
    runs = _runs(goal, asked) if asked.learned else {}
    found = []
    for model in asked.learned:
        run = runs.get(digest_of(goal, asked, model))
        found.append(Standing(model, run, as_found(model, run.result) if run and run.result else None))
    return tuple(found)


def under_way(goal: Goal, asked: Asked) -> list[tuple[str, Run]]:
    """Give the models that a worker has, or will have; what a page asks every other second while it waits."""
    runs = _runs(goal, asked, whole=False)
    found = ((model, runs.get(digest_of(goal, asked, model))) for model in asked.learned)
    return [(model, run) for model, run in found if run is not None and run.is_under_way]


def as_found(model: str, result: Mapping[str, Any]) -> Found:
    """Read what a run keeps."""
    keys: Sequence[str] = result["keys"]
    totals: tuple[int, int, int] = tuple(result["totals"])

    def by_key(name: str) -> dict[str, float]:
        return dict(zip(keys, result[name], strict=False))  # nothing has an error for (none)

    def whole(name: str, total: int) -> dict[str, int]:
        return dict(zip(keys, apportioned(result[name], total), strict=True))

    return Found(
        model=model,
        conversions=by_key("conversions"),
        value=whole("value", totals[1]),
        value_net=whole("value_net", totals[2]),
        low=by_key("low"),
        high=by_key("high"),
        error=by_key("error"),
        totals=totals,
        **{name: result[name] for name in ("journeys", "unconverted", "persons", "draws", "permutations", "note")},
        negative=tuple(result["negative"]),
        skipped=tuple(result["skipped"]),
    )


def _version(goal: Goal) -> str | None:
    """Give the data's version as answers name it; None where the goal's figures are not there."""
    fill = FillState.objects.filter(goal=goal).first()
    publication = Publication.objects.filter(workspace_id=goal.workspace_id).first()
    if fill is None or publication is None or not fill.is_of(goal.version, goal.changed_at):
        return None
    return f"{publication.revision}.{fill.paths_version}"


def _runs(goal: Goal, asked: Asked, *, whole: bool = True) -> dict[str, Run]:
    digests = [digest_of(goal, asked, model) for model in asked.learned]
    rows = Run.objects.filter(workspace_id=goal.workspace_id, digest__in=digests)
    return {row.digest: row for row in (rows if whole else rows.defer("result"))}


def _begin(goal: Goal, asked: Asked, model: str, *, by: Membership | None, now: datetime) -> None:
    under_way = Run.objects.filter(workspace_id=goal.workspace_id, kind=RunKind.MODEL, state__in=UNDER_WAY)
    if under_way.count() >= MOST_WAITING:
        return
    dates = {"period": CUSTOM, "from": asked.since.isoformat(), "to": asked.span.last.isoformat(), "open": ""}
    one = replace(asked, models=(asked.base, model))
    run = Run(
        workspace_id=goal.workspace_id, goal=goal, digest=digest_of(goal, asked, model),
        asked=one.params() | dates, reasons=[Why.LOOKED], definition_version=goal.version,
        by=by, created_at=now, opened_at=now,
    )  # fmt: skip
    # Two who ask at the same moment order one run.
    Run.objects.bulk_create([run], ignore_conflicts=True)
    made = Run.objects.get(workspace_id=goal.workspace_id, digest=run.digest)
    hint(current_app.signature(running.LEARN), goal.workspace_id, made.pk)

"""What an Asked comes to: page, API and CSV all take it from here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from goals.models import Goal, Level
from reports import publishing
from reports.answer import COMPUTING, FAULTY, NO_EVENTS, READY, UNTRACKED, Provenance
from reports.evidence import keeping
from reports.evidence.design import RAW, Asked
from reports.evidence.found import Edge, Found
from reports.models import KeptEvidence
from reports.publishing import Published
from workspaces.models import Workspace
from workspaces.zones import day_of


@dataclass(frozen=True, slots=True)
class Answer:
    """The evidence of one macro goal, all of one data version.

    state        ready, or why there is none: untracked, no_events, computing, faulty
    edges        the micro goals with their evidence, by the ratio that the question's view shows, highest first
    steps, done  of a computing that runs; 0 before it begins
    """

    asked: Asked
    state: str
    fault: str
    found: Found | None
    edges: tuple[tuple[Goal, Edge], ...]
    steps: int
    done: int
    provenance: Provenance


def answer(workspace: Workspace, macro: Goal, goals: Sequence[Goal], asked: Asked, *, now: datetime) -> Answer:
    """Answer the question about the workspace's macro goal.

    goals   all live goals, as keeping.live_goals gives them
    """
    today = day_of(now, workspace.zone)
    published = publishing.read(workspace.pk, [macro.pk], since=today, until=today)
    row, is_current = keeping.kept(macro, asked.design, goals, now=now)
    is_kept = row.found is not None and row.plan_state == keeping.state_of_plan(macro, goals)
    state = _state(published, macro, row, is_kept=is_kept)
    found = Found.from_json(row.found) if state == READY and row.found is not None else None
    return Answer(
        asked=asked,
        state=state,
        fault=row.fault,
        found=found,
        edges=_edges(found, goals, asked) if found else (),
        steps=row.steps,
        done=row.done,
        provenance=Provenance(
            definition_version=macro.version,
            data_version=str(row.revision),
            computed_through=row.computed_through if found else None,
            is_complete=is_current and published.is_fresh,
            other_currencies={},
            excluded={},
        ),
    )


def macros_of(goals: Sequence[Goal]) -> list[Goal]:
    """Give the macro goals, those with micro goals first."""
    supported = {macro.pk for goal in goals for macro in goal.supports.all()}
    macros = [goal for goal in goals if goal.level == Level.MACRO]
    return sorted(macros, key=lambda goal: goal.pk not in supported)


def _state(published: Published, macro: Goal, row: KeptEvidence, *, is_kept: bool) -> str:
    if macro.pk in published.untracked:
        return UNTRACKED
    if published.publication is None and not published.has_events:
        return NO_EVENTS
    if is_kept:
        return READY
    return FAULTY if row.fault and row.asked_at is None else COMPUTING


def _edges(found: Found, goals: Sequence[Goal], asked: Asked) -> tuple[tuple[Goal, Edge], ...]:
    known = {goal.pk: goal for goal in goals}
    pairs = [(known[edge.goal_id], edge) for edge in found.edges if edge.goal_id in known]
    return tuple(sorted(pairs, key=lambda pair: _order(pair[1], asked)))


def _order(edge: Edge, asked: Asked) -> tuple[bool, float, int]:
    ratio = edge.evidence.raw if asked.view == RAW else edge.evidence.stratified
    return ratio is None, -ratio.value if ratio else 0.0, edge.goal_id

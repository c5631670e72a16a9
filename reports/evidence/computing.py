"""Computes a macro goal's evidence from the lake: all its micro goals, then what nobody thought of."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import pyarrow.compute as pc

from analysis.evidence.grading import weigh
from analysis.evidence.ranking import rank
from analysis.evidence.worth import worth
from goals.conversions import Lake, opened
from goals.definition import Definition
from goals.models import ValueRule
from reports.evidence.design import Design
from reports.evidence.found import Candidate, Edge, Found
from reports.evidence.gathering import Cohort, cohort_of, edge_of, things_of
from tracking.lake.table import Snapshot
from workspaces import scope
from workspaces.models import Workspace
from workspaces.zones import day_of

MOST_KEPT: Final = 50  # candidates that a page can show
# What five million events take; the process stays below 512 MB then, as in goals.backtest.
_MEMORY: Final = "190MB"


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be computed, of one state of the lake.

    micros    the macro goal's live micro goals, by id
    planned   definitions of all live goals of the workspace
    """

    workspace: Workspace
    snapshot: Snapshot
    macro: Definition
    micros: Sequence[tuple[int, Definition]]
    planned: Sequence[Definition]
    design: Design

    @property
    def steps(self) -> int:
        """Give how often progress is told until the end."""
        return len(self.micros) + 2


@dataclass(frozen=True, slots=True)
class _Money:
    """What conversions of the macro goal bring after refunds, in the currency of most of them; micros."""

    currency: str
    mean: float
    spread: float
    conversions: int


def compute(task: Task, *, tell: Callable[[int], None]) -> Found:
    """Compute the evidence; `tell` is called with the steps done so far.

    raises   duckdb.Error for rules that the engine refuses
    """
    through = task.snapshot.derived_through
    if through is None:
        raise ValueError("nothing is derived yet: there is no state to compute evidence from")
    until = day_of(through, task.workspace.zone)  # whole days: the one that is running is left out
    since = until - timedelta(days=task.design.past_days)
    with ExitStack() as stack:
        with scope.in_workspace(task.workspace.pk):  # opening asks for its sources; no transaction stays open
            lake = stack.enter_context(opened(task.workspace, since, until, task.snapshot, memory=_MEMORY))
        reach = lake.visits().reach
        lake.gather([task.macro, *(each for _, each in task.micros)], reach=reach)
        cohort = cohort_of(lake, task.macro, task.design, reach=reach)
        money = _money(lake, task.macro, cohort) if task.macro.value_rule != ValueRule.NONE else None
        tell(1)
        edges = []
        for place, (goal_id, micro) in enumerate(task.micros):
            edges.append(_edge(lake, cohort, goal_id, micro, money))
            tell(place + 2)
        noticed, candidates = _candidates(lake, cohort, task.planned)
    persons = int(cohort.persons.sum())
    return Found(
        since=since,
        until=until,
        entered=cohort.entered,
        of_a_day=cohort.of_a_day,
        early=cohort.entered - persons,
        persons=persons,
        reached=int(cohort.reached.sum()),
        strata=int((cohort.persons > 0).sum()),
        edges=tuple(edges),
        noticed=noticed,
        tested=len(candidates),
        candidates=tuple(candidates[:MOST_KEPT]),
        currency=money.currency if money else task.workspace.currency,
    )


def _edge(lake: Lake, cohort: Cohort, goal_id: int, micro: Definition, money: _Money | None) -> Edge:
    counts = edge_of(lake, cohort, micro)
    return Edge(
        goal_id=goal_id,
        evidence=weigh(counts.tables),
        conversions=counts.conversions,
        preceded=counts.preceded,
        median_lag=counts.median_lag,
        worth=worth(
            counts.followed, counts.doers, mean=money.mean, spread=money.spread, conversions=money.conversions
        ) if money else None,
    )  # fmt: skip


def _candidates(lake: Lake, cohort: Cohort, planned: Sequence[Definition]) -> tuple[int, list[Candidate]]:
    things = things_of(lake, cohort, planned)
    found = []
    for each in rank([thing.tables for thing in things]):
        kind, _, text = things[each.place].name.partition(":")
        found.append(Candidate(kind, text, each.evidence, each.p, each.adjusted, each.is_suggested))
    return len(things), found


def _money(lake: Lake, macro: Definition, cohort: Cohort) -> _Money | None:
    rows = lake.conversions(macro, reach=cohort.reach)
    valued = rows.filter(pc.is_valid(rows["currency"]))
    if not valued.num_rows:
        return None
    counts = {row["values"]: row["counts"] for row in pc.value_counts(valued["currency"]).to_pylist()}
    currency = max(counts, key=lambda code: (counts[code], code))
    mine = valued.filter(pc.equal(valued["currency"], currency))
    net = pc.add(mine["value_micros"], mine["refund_micros"])
    spread = pc.stddev(net, ddof=1).as_py() if len(net) > 1 else 0.0
    return _Money(currency, pc.mean(net).as_py(), spread, len(net))

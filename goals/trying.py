"""Tries a proposal on what has arrived: its backtest with every macro goal, and what looks like it."""

from dataclasses import dataclass
from datetime import datetime

import duckdb
import structlog

from goals.backtest import Backtest, backtest
from goals.definition import Definition
from goals.duplicates import Lookalike, lookalikes, open_proposals, rivals
from goals.models import Goal, Level, Proposal
from goals.proposing import definition_of
from goals.wording import rules_text
from workspaces.models import Membership, Workspace

MOST_MACROS = 6  # whose overlap is counted; a plan with more has too many things it lives on
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Trial:
    """What stands beside a proposal.

    tested   None where nothing is defined, or `fault` says why it can't be counted
    words    the rules as people read them
    alike    the likest first
    """

    tested: Backtest | None = None
    words: str = ""
    fault: str = ""
    alike: tuple[Lookalike, ...] = ()


def try_out(
    workspace: Workspace,
    name: str,
    definition: Definition | None,
    *,
    member: Membership | None,
    now: datetime,
    apart_from: Proposal | None = None,
) -> Trial:
    """Count the definition and look for its likes; what can't be counted is said, never raised.

    member       who asks: their own drafts are compared, other people's are not
    apart_from   the proposal itself
    """
    goals = [goal for goal in rivals(workspace) if apart_from is None or goal.pk != apart_from.goal_id]
    tested, fault = None, ""
    if definition is not None and definition.rules:
        try:
            tested = backtest(workspace, definition, macros=_macros(goals), others=goals, now=now)
        except duckdb.Error as refused:
            log.info("backtest refused", workspace=workspace.pk, fault=str(refused))
            fault = str(refused).splitlines()[0]
    proposals = open_proposals(workspace, member, apart_from=apart_from.pk if apart_from else None)
    alike = lookalikes(name, definition, tested, goals=goals, proposals=proposals) if name or definition else []
    words = rules_text(definition.rules) if definition else ""
    return Trial(tested, words, fault, tuple(alike))


def try_again(proposal: Proposal, *, member: Membership | None, now: datetime) -> Trial:
    """Count a saved proposal as of now."""
    definition = definition_of(proposal)
    return try_out(proposal.workspace, proposal.name, definition, member=member, now=now, apart_from=proposal)


def _macros(goals: list[Goal]) -> list[Goal]:
    found = [goal for goal in goals if goal.level == Level.MACRO and goal.rules.all()]
    return found[:MOST_MACROS]

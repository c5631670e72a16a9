"""The duplicate guard: which goals and open proposals look like a proposed one, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from goals.backtest import Backtest
from goals.definition import Definition
from goals.likeness import name_likeness, same_rules
from goals.models import Goal, Lane, Proposal
from goals.proposing import definition_of
from workspaces.models import Membership, Workspace

# Half of the events in common, or half of the letters: below it people see two things, and a guard that cries at
# everything is not read.
ALIKE_EVENTS: Final = 0.5
ALIKE_NAMES: Final = 0.5
MOST: Final = 3  # of those that are shown; the best first


class Reason(StrEnum):
    """Why two look alike; the strongest first."""

    RULES = "rules"
    EVENTS = "events"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A goal or an open proposal that may be the same.

    share   of the events that either counts, those that both do; None where nothing was counted
    """

    row: Goal | Proposal
    reason: Reason
    share: float | None
    likeness: float

    @property
    def is_goal(self) -> bool:
        """Say whether it is in the plan already."""
        return isinstance(self.row, Goal)

    @property
    def words(self) -> str:
        """Say why they look alike."""
        match self.reason:
            case Reason.RULES:
                return _("It asks for the same thing.")
            case Reason.EVENTS:
                share = f"{round((self.share or 0) * 100)}\u00a0%"
                return _("%(share)s of the events that either counts are the same.") % {"share": share}
            case Reason.NAME:
                return _("It has nearly the same name.")


def rivals(workspace: Workspace) -> "QuerySet[Goal]":
    """Give the live goals, with what the guard and the backtest read of them."""
    return workspace.goals.live().select_related("plan", "workspace").prefetch_related("rules")


def open_proposals(workspace: Workspace, member: Membership | None, *, apart_from: int | None) -> list[Proposal]:
    """Give the proposals that wait for a decision, and the member's own drafts, without the one in question."""
    rows = workspace.proposals.filter(lane__in=[Lane.DRAFT, Lane.SUBMITTED, Lane.NEEDS_INFO])
    if apart_from is not None:
        rows = rows.exclude(pk=apart_from)
    seen = rows.exclude(lane=Lane.DRAFT) if member is None else rows.seen_by(member)
    return list(seen.select_related("workspace"))


def lookalikes(
    name: str,
    definition: Definition | None,
    tested: Backtest | None,
    *,
    goals: Iterable[Goal],
    proposals: Sequence[Proposal] = (),
) -> list[Lookalike]:
    """Give what looks like the proposed goal, the likest first.

    tested   what it would have counted beside the goals; None: names and rules alone are compared
    """
    shares = {each.goal_id: each.likeness(tested.events) for each in tested.shared} if tested else {}
    found = [
        _judged(goal, name, definition, Definition.of(goal), shares.get(goal.pk) if tested else None) for goal in goals
    ]
    found += [_judged(each, name, definition, definition_of(each), None) for each in proposals]
    alike = [each for each in found if each is not None]
    return sorted(alike, key=lambda each: (list(Reason).index(each.reason), -each.likeness))[:MOST]


def _judged(
    row: Goal | Proposal, name: str, mine: Definition | None, theirs: Definition | None, share: float | None
) -> Lookalike | None:
    if mine and theirs and same_rules(mine.rules, theirs.rules):
        return Lookalike(row, Reason.RULES, share, 1.0)
    if share is not None and share >= ALIKE_EVENTS:
        return Lookalike(row, Reason.EVENTS, share, share)
    likeness = name_likeness(name, row.name)
    return Lookalike(row, Reason.NAME, share, likeness) if likeness >= ALIKE_NAMES else None

"""What those who keep the plan do with a proposal: ask, decline, approve, merge. Nobody decides on their own."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from goals.conditions import Rule
from goals.defining import GoalDraft, create_goal
from goals.definition import Definition
from goals.lanes import MOST_TEXT, Actor, TextMissing, move, text_given
from goals.models import Comment, Counting, Goal, Lane, Level, Proposal, SpecState
from goals.proposing import definition_of
from goals.specifying import SpecDraft, specify
from goals.talking import say
from goals.telling import deciders, tell_answer, tell_task
from workspaces.models import Membership
from workspaces.refusal import Refusal

WAITING: Final = frozenset({Lane.SUBMITTED})


class OwnProposal(Refusal):
    """Nobody decides on what they proposed themselves."""

    code = "own_proposal"
    status = 403


class GoalGone(Refusal):
    """It was to be merged into a goal that is not in the plan."""

    code = "unknown_goal"
    field = "goal"
    status = 400


@dataclass(frozen=True, slots=True)
class Terms:
    """What the lead adds on approval.

    assignee  who sees to the tracking; None: the lead
    rules     what counts, where the proposal could not say it yet; (): it is still to be said
    text      a word to the author
    """

    assignee: Membership | None = None
    rules: tuple[Rule, ...] = ()
    text: str = ""


@transaction.atomic
def ask(proposal: Proposal, text: str, *, by: Actor, now: datetime, seen: int | None = None) -> Comment:
    """Ask the author for something before deciding; the question is a comment too.

    seen     the revision that was read
    raises   TextMissing, OwnProposal, NotOpen, Stale
    """
    written = _words(text, _("Write what you need to know."))
    _not_own(proposal, by)
    values = {"reason": written}
    move(proposal, Lane.NEEDS_INFO, among=WAITING, act="asked about", actor=by, now=now, seen=seen, values=values)
    tell_answer(proposal, written, by=by, now=now)
    return say(proposal, written, by=by, now=now, is_told=False)


@transaction.atomic
def decline(proposal: Proposal, text: str, *, by: Actor, now: datetime, seen: int | None = None) -> Proposal:
    """Say no, with the reason that its author reads."""
    written = _words(text, _("Write why not; its author reads it."))
    _decide(proposal, Lane.DECLINED, written, by=by, now=now, seen=seen)
    tell_answer(proposal, written, by=by, now=now)
    return proposal


@transaction.atomic
def approve(proposal: Proposal, terms: Terms, *, by: Actor, now: datetime, seen: int | None = None) -> Goal:
    """Put the proposed goal into the plan, with the task to see to its tracking; the past is counted by the fill."""
    # First the lane: of two who approve at once, the second is turned away before it makes a goal.
    _decide(proposal, Lane.APPROVED, _kept(terms.text), by=by, now=now, seen=seen)
    definition = definition_of(proposal) or Definition((), counting=Counting.SESSION)
    if not definition.rules:
        definition = replace(definition, rules=terms.rules)
    goal = create_goal(proposal.plan, _goal_draft(proposal, definition), by=by.by, now=now)
    Proposal.objects.filter(pk=proposal.pk).update(goal=goal)
    proposal.goal = goal
    assignee = terms.assignee or by.member
    specify(goal, _spec_draft(proposal, definition, assignee), by=by.by, now=now)
    tell_answer(proposal, terms.text, by=by, now=now)
    if assignee is not None:
        tell_task(goal, assignee, proposal, by=by, now=now)
    return goal


@transaction.atomic
def merge(
    proposal: Proposal, goal: Goal, text: str = "", *, by: Actor, now: datetime, seen: int | None = None
) -> Proposal:
    """Say that a goal of the plan covers it already: approved, pointing there; the goal itself stays as it is."""
    if goal.plan_id != proposal.plan_id or goal.archived_at is not None:
        raise GoalGone(_('"%(name)s" is not in the plan any more.') % {"name": goal.name})
    values = {"goal": goal, "is_merged": True}
    _decide(proposal, Lane.APPROVED, _kept(text), by=by, now=now, seen=seen, act="merged", more=values)
    tell_answer(proposal, text or _("It is covered by %(name)s.") % {"name": goal.name}, by=by, now=now)
    return proposal


def _decide(
    proposal: Proposal,
    lane: Lane,
    reason: str,
    *,
    by: Actor,
    now: datetime,
    seen: int | None,
    act: str = "",
    more: dict[str, object] | None = None,
) -> None:
    _not_own(proposal, by)
    values = {"decided_by": by.member, "decided_by_name": by.name, "decided_at": now, "reason": reason} | (more or {})
    move(proposal, lane, among=WAITING, act=act or str(lane), actor=by, now=now, seen=seen, values=values, told=reason)


def _not_own(proposal: Proposal, by: Actor) -> None:
    if not by.wrote(proposal):
        return
    if deciders(proposal):
        raise OwnProposal(_("Nobody decides on their own proposal; another lead or owner of the workspace does."))
    raise OwnProposal(
        _(
            "Nobody decides on their own proposal, and nobody else here may. "
            "You keep the plan: withdraw this, and add it to the plan as a goal."
        )
    )


def _words(text: str, missing: str) -> str:
    return _kept(text_given(text, missing))


def _kept(text: str) -> str:
    if len(text) > MOST_TEXT:
        words = _("This has %(n)s letters; %(most)s are the most.")
        raise TextMissing(words % {"n": len(text), "most": MOST_TEXT})
    return text.strip()


def _goal_draft(proposal: Proposal, definition: Definition) -> GoalDraft:
    supports = tuple(proposal.supports.filter(archived_at=None))
    # Under the objective of the macro goal that it leads to, where the plan's outline shows it anyway.
    objective = next((macro.objective for macro in supports if macro.objective), None)
    return GoalDraft(
        name=proposal.name,
        level=Level.MICRO,
        definition=definition,
        objective=objective,
        micro_kind=proposal.micro_kind,
        supports=supports,
        rationale=proposal.rationale,
        department=proposal.department,
        owner=proposal.author,
        stage=proposal.stage,
        moment=proposal.moment,
    )


def _spec_draft(proposal: Proposal, definition: Definition, assignee: Membership | None) -> SpecDraft:
    asked = definition.rules[0] if definition.rules else ()
    found = {each.field.name: each.value for each in asked if each.operator.name in {"is", "matches"}}
    return SpecDraft(
        event_name=found.get("name", "")[:128],
        about=proposal.moment,
        place=found.get("path", "")[:300],
        owner=assignee,
        state=SpecState.PROPOSED,
    )

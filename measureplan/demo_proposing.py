"""Brings the demo's proposals in by the same verbs as everybody's, each with what it would have counted."""

from datetime import datetime, timedelta

from goals import approval, picking, proposing, talking
from goals.definition import Definition
from goals.lanes import Actor
from goals.models import Counting, Plan, Proposal
from goals.picking import Pick
from goals.planning import current_plan
from goals.proposing import ProposalDraft
from goals.triggers import Trigger
from goals.trying import try_again
from measureplan.demo.proposals import PROPOSALS, Proposed
from workspaces import scope
from workspaces.models import Membership, Workspace

LEAD = "lead@example.com"  # who asks and declines


def make_proposals(workspace: Workspace, *, now: datetime) -> None:
    """Make the proposals with their talk, unless there are any; events and plan must be there."""
    with scope.in_workspace(workspace.pk):
        plan = current_plan(workspace)
        if plan is None or workspace.proposals.exists():
            return
        members = {member.user.email: member for member in workspace.memberships.select_related("user", "workspace")}
        for each in PROPOSALS:
            _make(plan, each, members, now=now)


def _make(plan: Plan, data: Proposed, members: dict[str, Membership], *, now: datetime) -> None:
    by, at = Actor.of(members[data.by]), now - timedelta(days=data.days_ago)
    draft = ProposalDraft(
        name=data.name,
        definition=_definition(data),
        department=members[data.by].department,
        moment=data.when,
        rationale=data.why,
        micro_kind=data.kind,
        supports=tuple(plan.goals.filter(name=data.supports)),
    )
    proposal = proposing.draft(plan, draft, by=by, now=at)
    tested = try_again(proposal, member=by.member, now=at).tested
    proposing.submit(proposal, by=by, now=at, backtest=tested)
    for email in data.voters:
        talking.vote(proposal, by=members[email], now=at + timedelta(hours=5))
    _talk(proposal, data, members, now=now)


def _talk(proposal: Proposal, data: Proposed, members: dict[str, Membership], *, now: datetime) -> None:
    for said in data.said:
        by, at = Actor.of(members[said.by]), now - timedelta(days=said.days_ago)
        if said.is_question:
            approval.ask(proposal, said.text, by=by, now=at)
        else:
            talking.comment(proposal, said.text, by=by, now=at)
    if data.declined:
        lead, at = Actor.of(members[LEAD]), now - timedelta(days=data.days_ago - 1)
        approval.decline(proposal, data.declined, by=lead, now=at)


def _definition(data: Proposed) -> Definition | None:
    if not (data.event or data.page):
        return None
    pick = Pick(Trigger.PAGE, data.page) if data.page else Pick(Trigger.EVENT, data.event)
    return Definition(picking.rules_of(pick, with_below=False), counting=Counting.SESSION)

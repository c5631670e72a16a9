"""Who hears of what happens to a proposal, in which words; how each hears it is their own setting."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from goals.lanes import Actor
from goals.models import Comment, Goal, Lane, Proposal
from workspaces.models import Membership
from workspaces.notices import notify
from workspaces.roles import MAY, Action, Role

NOBODY = 0  # no row has this key: the author has left
ANSWERS = {
    Lane.NEEDS_INFO: _("{person} asks about {proposal}"),
    Lane.APPROVED: _("{person} approved {proposal}"),
    Lane.DECLINED: _("{person} declined {proposal}"),
}


def deciders(proposal: Proposal) -> list[Membership]:
    """Give the members who may decide on the proposal: whoever may edit the plan, and did not write it."""
    roles = [role for role in Role if Action.EDIT_PLAN in MAY[role]]
    members = proposal.workspace.memberships.filter(role__in=roles).exclude(pk=proposal.author_id or NOBODY)
    return list(members.select_related("user", "workspace"))


def tell_submitted(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Tell those who decide that something waits for them."""
    title = format_lazy(_("{person} proposes {proposal}"), person=by.name, proposal=proposal.name)
    _tell(deciders(proposal), "proposal_submitted", title, proposal.rationale, proposal, by=by, now=now)


def tell_answer(proposal: Proposal, text: str, *, by: Actor, now: datetime) -> None:
    """Tell the author, and those who voted or spoke, what became of it."""
    title = format_lazy(ANSWERS[Lane(proposal.lane)], person=by.name, proposal=proposal.name)
    members = concerned(proposal) if proposal.decided_at else _author(proposal)
    _tell(members, "proposal_answered", title, text, proposal, by=by, now=now)


def tell_task(goal: Goal, member: Membership, proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Tell who is to see to the tracking of the goal that was approved."""
    title = format_lazy(_("See that {goal} is tracked"), goal=goal.name)
    text = proposal.moment or _("It was approved as a goal. Its specification stands beside it in the plan.")
    _tell([member], "task_assigned", title, text, proposal, by=by, now=now)


def tell_comment(comment: Comment, named: Sequence[Membership], *, to_all: bool, by: Actor, now: datetime) -> None:
    """Tell whom the comment names, and with `to_all` whoever takes part in the proposal."""
    proposal, key = comment.proposal, f"comment {comment.pk}"
    if proposal.lane == Lane.DRAFT:
        return  # nobody else could open it
    title = format_lazy(_("{person} names you about {proposal}"), person=by.name, proposal=proposal.name)
    _tell(named, "mention", title, comment.text, proposal, by=by, now=now, key=key)
    if not to_all:
        return
    told = {member.pk for member in named}
    others = [member for member in concerned(proposal) if member.pk not in told]
    title = format_lazy(_("{person} comments on {proposal}"), person=by.name, proposal=proposal.name)
    _tell(others, "comment", title, comment.text, proposal, by=by, now=now, key=key)


def concerned(proposal: Proposal) -> list[Membership]:
    """Give the author, whoever voted and whoever wrote a comment, each once."""
    voters = proposal.votes.values("member_id")
    writers = proposal.comments.exclude(author=None).values("author_id")
    members = proposal.workspace.memberships.select_related("user", "workspace")
    found = (
        members.filter(pk=proposal.author_id or NOBODY) | members.filter(pk__in=voters) | members.filter(pk__in=writers)
    )
    return list(found)


def _author(proposal: Proposal) -> list[Membership]:
    return list(
        proposal.workspace.memberships.filter(pk=proposal.author_id or NOBODY).select_related("user", "workspace")
    )


def _tell(
    members: Iterable[Membership],
    kind: str,
    title: str | Promise,
    text: str | Promise,
    proposal: Proposal,
    *,
    by: Actor,
    now: datetime,
    key: str = "",
) -> None:
    # A program's own maker did not act by hand, and hears of it like everybody else.
    person = by.by if isinstance(by.by, Membership) else None
    told_once = key or f"proposal {proposal.pk} {kind} {proposal.revision}"
    path = proposal.get_absolute_url()
    notify(members, kind=kind, title=title, text=text, path=path, key=told_once, by=person, now=now)

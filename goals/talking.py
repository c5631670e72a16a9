"""What members say about a proposal: comments with mentions, and votes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goals.lanes import Actor, NotOpen, text_given
from goals.mentions import mentioned
from goals.models import Comment, Lane, Proposal, Vote
from goals.telling import tell_comment
from workspaces.models import AuditEntry, Membership
from workspaces.refusal import Refusal

MOST_COMMENT = 2_000  # letters, as long as its column


class OwnVote(Refusal):
    """Nobody votes for their own proposal."""

    code = "own_vote"


class TooLong(Refusal):
    """A comment does not fit."""

    code = "too_long"
    field = "text"
    status = 400


@transaction.atomic
def comment(proposal: Proposal, text: str, *, by: Actor, now: datetime) -> Comment:
    """Say something about the proposal; whoever is named by @ is told."""
    if proposal.lane == Lane.DRAFT and not by.wrote(proposal):
        raise NotOpen(_("It is a draft; only its author sees it."))
    return say(proposal, text_given(text, _("Write something first.")), by=by, now=now)


def say(proposal: Proposal, text: str, *, by: Actor, now: datetime, is_told: bool = True) -> Comment:
    """Keep the comment with its mentions and its trace; inside a transaction.

    is_told   whether those who take part hear of it; False where the act that it belongs to tells them
    """
    if len(text) > MOST_COMMENT:
        raise TooLong(_("A comment has %(most)s letters at most; this one has %(n)s.") % {
            "most": MOST_COMMENT, "n": len(text),
        })  # fmt: skip
    members = list(proposal.workspace.memberships.select_related("user", "workspace"))
    named = mentioned(text, members)
    made = Comment.objects.create(
        workspace=proposal.workspace,
        proposal=proposal,
        author=by.member,
        author_name=by.name,
        text=text,
        mentioned=[member.pk for member in named],
        at=now,
    )
    AuditEntry.record(by.by, "commented on", proposal, workspace=proposal.workspace, now=now, after={"text": text})
    tell_comment(made, named, to_all=is_told, by=by, now=now)
    return made


@transaction.atomic
def vote(proposal: Proposal, *, by: Membership, now: datetime) -> bool:
    """Support the proposal, once; say False where the member did already."""
    if proposal.author_id == by.pk:
        raise OwnVote(_("It is your own; others vote for it."))
    if proposal.lane == Lane.DRAFT or not proposal.is_open:
        raise NotOpen(_("Only what waits for a decision takes votes."))
    _row, is_new = Vote.objects.get_or_create(
        proposal=proposal, member=by, defaults={"workspace": proposal.workspace, "at": now}
    )
    if is_new:
        AuditEntry.record(by, "voted for", proposal, workspace=proposal.workspace, now=now)
    return is_new


@transaction.atomic
def unvote(proposal: Proposal, *, by: Membership, now: datetime) -> bool:
    """Take the vote back; say False where there was none."""
    gone, _rows = proposal.votes.filter(member=by).delete()
    if gone:
        AuditEntry.record(by, "withdrew vote for", proposal, workspace=proposal.workspace, now=now)
    return bool(gone)

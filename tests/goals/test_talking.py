"""Comments and votes on a proposal."""

import pytest

from goals import approval, talking
from goals.lanes import Actor, NotOpen, TextMissing
from goals.models import Goal, Lane, Plan, Proposal
from goals.talking import MOST_COMMENT, OwnVote, TooLong
from tests.goals.makers import NOW, make_proposal
from workspaces import scope
from workspaces.models import Membership


@pytest.fixture
def proposal(plan: Plan, order: Goal, contributor: Membership) -> Proposal:
    assert order.plan == plan
    return make_proposal(plan, by=contributor)


def kinds(member: Membership) -> list[str]:
    return list(member.notifications.order_by("pk").values_list("kind", flat=True))


def test_whom_a_comment_names_is_told_once_and_the_author_too(
    proposal: Proposal, lead: Membership, viewer: Membership, contributor: Membership
) -> None:
    with scope.in_workspace(proposal.workspace_id):
        made = talking.comment(proposal, "@viewer look, @Viewer", by=Actor.of(lead), now=NOW)
        assert (made.mentioned, made.author_name) == ([viewer.pk], "Lead")
        assert (kinds(viewer), kinds(contributor), kinds(lead)) == (["mention"], ["comment"], [])


def test_a_comment_says_something_and_not_too_much(proposal: Proposal, lead: Membership) -> None:
    with scope.in_workspace(proposal.workspace_id):
        with pytest.raises(TextMissing):
            talking.comment(proposal, " \n", by=Actor.of(lead), now=NOW)
        with pytest.raises(TooLong, match="2001"):
            talking.comment(proposal, "x" * (MOST_COMMENT + 1), by=Actor.of(lead), now=NOW)
        assert not proposal.comments.exists()


def test_a_vote_counts_once_and_can_be_taken_back(proposal: Proposal, lead: Membership) -> None:
    with scope.in_workspace(proposal.workspace_id):
        assert [talking.vote(proposal, by=lead, now=NOW) for _ in range(2)] == [True, False]
        assert proposal.votes.count() == 1
        assert [talking.unvote(proposal, by=lead, now=NOW) for _ in range(2)] == [True, False]
        assert not proposal.votes.exists()


def test_nobody_votes_for_their_own(proposal: Proposal, contributor: Membership) -> None:
    with scope.in_workspace(proposal.workspace_id), pytest.raises(OwnVote):
        talking.vote(proposal, by=contributor, now=NOW)


def test_what_was_decided_takes_no_votes(proposal: Proposal, lead: Membership, viewer: Membership) -> None:
    with scope.in_workspace(proposal.workspace_id):
        approval.decline(proposal, "No", by=Actor.of(lead), now=NOW)
        with pytest.raises(NotOpen):
            talking.vote(proposal, by=viewer, now=NOW)


def test_a_draft_is_not_talked_about_by_others(
    plan: Plan, order: Goal, contributor: Membership, lead: Membership
) -> None:
    made = make_proposal(plan, by=contributor, lane=Lane.DRAFT)
    with scope.in_workspace(plan.workspace_id), pytest.raises(NotOpen):
        talking.comment(made, "Hm", by=Actor.of(lead), now=NOW)

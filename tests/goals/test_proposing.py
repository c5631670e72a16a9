"""A proposal on its author's desk: drafted, changed, handed in, withdrawn, answered."""

from dataclasses import replace

import pytest

from goals import approval, proposing
from goals.definition import Definition
from goals.lanes import Actor, NotOpen, NotYours, TextMissing
from goals.models import Goal, Lane, Plan, Proposal
from goals.proposing import NotReady, ProposalDraft, SupportsNoMacro
from goals.revising import Stale
from tests.goals.makers import NOW, make_goal, make_proposal, rules_for
from workspaces import scope
from workspaces.models import AuditEntry, Membership


@pytest.fixture
def proposal(plan: Plan, order: Goal, contributor: Membership) -> Proposal:
    assert order.plan == plan
    return make_proposal(plan, by=contributor)


def acts(proposal: Proposal) -> list[str]:
    found = AuditEntry.objects.filter(subject_type="proposal", subject_id=str(proposal.pk)).order_by("pk")
    return list(found.values_list("act", flat=True))


def test_a_submitted_proposal_waits_and_the_deciders_are_told(
    proposal: Proposal, lead: Membership, owner: Membership, viewer: Membership
) -> None:
    with scope.in_workspace(proposal.workspace_id):
        fresh = make_proposal(proposal.plan, "Second", by=viewer)  # made after lead and owner have joined
        assert (fresh.lane, fresh.submitted_at, fresh.author_name) == (Lane.SUBMITTED, NOW, "Viewer")
        assert acts(fresh) == ["created", "submitted"]
        told = [note.membership for note in fresh.workspace.notifications.filter(kind="proposal_submitted")]
        assert sorted(told, key=lambda each: each.pk) == sorted([lead, owner], key=lambda each: each.pk)


def test_what_is_submitted_stands_still(proposal: Proposal, contributor: Membership) -> None:
    with scope.in_workspace(proposal.workspace_id):
        written = replace(ProposalDraft.of(proposal), name="Another")
        with pytest.raises(NotOpen, match="Withdraw it first"):
            proposing.change(proposal, written, by=Actor.of(contributor), now=NOW)
        proposing.withdraw(proposal, by=Actor.of(contributor), now=NOW)
        changed = proposing.change(proposal, written, by=Actor.of(contributor), now=NOW)
        assert (changed.name, changed.lane) == ("Another", Lane.DRAFT)


def test_a_draft_keeps_its_definition_exactly(plan: Plan, order: Goal, contributor: Membership) -> None:
    made = make_proposal(plan, by=contributor, lane=Lane.DRAFT)
    with scope.in_workspace(plan.workspace_id):
        saved = Proposal.objects.get(pk=made.pk)
        assert proposing.definition_of(saved) == Definition(rules_for("fitting_requested"), counting="session")
        assert list(saved.supports.all()) == [order]


def test_saving_the_same_again_leaves_no_trace(plan: Plan, order: Goal, contributor: Membership) -> None:
    made = make_proposal(plan, by=contributor, lane=Lane.DRAFT)
    with scope.in_workspace(plan.workspace_id):
        proposing.change(made, ProposalDraft.of(made), by=Actor.of(contributor), now=NOW)
        assert (acts(made), Proposal.objects.get(pk=made.pk).revision) == (["created"], 1)


def test_a_change_of_its_macro_goals_alone_is_a_change(plan: Plan, order: Goal, contributor: Membership) -> None:
    second = make_goal(plan, "Lead")
    made = make_proposal(plan, by=contributor, lane=Lane.DRAFT)
    with scope.in_workspace(plan.workspace_id):
        written = replace(ProposalDraft.of(made), supports=(second,))
        proposing.change(made, written, by=Actor.of(contributor), now=NOW)
        saved = Proposal.objects.get(pk=made.pk)
        assert (list(saved.supports.all()), saved.revision) == ([second], 2)


def test_two_writers_see_each_other(plan: Plan, order: Goal, contributor: Membership) -> None:
    made = make_proposal(plan, by=contributor, lane=Lane.DRAFT)
    with scope.in_workspace(plan.workspace_id):
        one, other = (replace(ProposalDraft.of(made), name=name) for name in ("One", "Other"))
        proposing.change(made, one, by=Actor.of(contributor), now=NOW, seen=1)
        with pytest.raises(Stale):
            proposing.change(made, other, by=Actor.of(contributor), now=NOW, seen=1)
        assert Proposal.objects.get(pk=made.pk).name == "One"


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"rationale": ""}, "why it matters"),
        ({"micro_kind": ""}, "which kind"),
        ({"supports": ()}, "which macro goal"),
        ({"event": "", "moment": ""}, "when exactly"),
    ],
    ids=["why", "kind", "macro", "moment"],
)
def test_a_draft_may_lack_what_a_submission_must_have(
    plan: Plan, order: Goal, contributor: Membership, missing: dict[str, object], sentence: str
) -> None:
    made = make_proposal(plan, by=contributor, lane=Lane.DRAFT, **missing)  # type: ignore[arg-type]
    with scope.in_workspace(plan.workspace_id), pytest.raises(NotReady, match=sentence):
        proposing.submit(made, by=Actor.of(contributor), now=NOW, backtest=None)
    with scope.in_workspace(plan.workspace_id):
        assert Proposal.objects.get(pk=made.pk).lane == Lane.DRAFT


def test_what_is_not_tracked_yet_can_be_proposed(plan: Plan, order: Goal, contributor: Membership) -> None:
    assert make_proposal(plan, by=contributor, event="").definition is None


def test_nobody_touches_another_persons_proposal(proposal: Proposal, lead: Membership) -> None:
    with scope.in_workspace(proposal.workspace_id):
        for act in (
            lambda: proposing.withdraw(proposal, by=Actor.of(lead), now=NOW),
            lambda: proposing.submit(proposal, by=Actor.of(lead), now=NOW, backtest=None),
            lambda: proposing.change(proposal, ProposalDraft.of(proposal), by=Actor.of(lead), now=NOW),
            lambda: proposing.answer(proposal, "x", by=Actor.of(lead), now=NOW, backtest=None),
        ):
            with pytest.raises(NotYours):
                act()


def test_only_macro_goals_of_the_plan_can_be_supported(plan: Plan, newsletter: Goal, contributor: Membership) -> None:
    with pytest.raises(SupportsNoMacro):
        make_proposal(plan, by=contributor, supports=(newsletter,))


def test_an_answer_hands_it_back_with_its_text(proposal: Proposal, contributor: Membership, lead: Membership) -> None:
    with scope.in_workspace(proposal.workspace_id):
        approval.ask(proposal, "Which store?", by=Actor.of(lead), now=NOW)
        with pytest.raises(TextMissing):
            proposing.answer(proposal, "  ", by=Actor.of(contributor), now=NOW, backtest=None)
        proposing.answer(proposal, "All of them.", by=Actor.of(contributor), now=NOW, backtest=None)
        assert (proposal.lane, proposal.reason) == (Lane.SUBMITTED, "")
        assert [comment.text for comment in proposal.comments.all()] == ["Which store?", "All of them."]
        assert acts(proposal) == [
            "created", "submitted", "asked about", "commented on", "answered", "commented on",
        ]  # fmt: skip


def test_nothing_is_answered_that_was_not_asked(proposal: Proposal, contributor: Membership) -> None:
    with scope.in_workspace(proposal.workspace_id), pytest.raises(NotOpen, match="Submitted"):
        proposing.answer(proposal, "By the way", by=Actor.of(contributor), now=NOW, backtest=None)


def test_other_peoples_drafts_are_not_seen(plan: Plan, order: Goal, contributor: Membership, lead: Membership) -> None:
    make_proposal(plan, "Mine", by=contributor, lane=Lane.DRAFT)
    make_proposal(plan, "Handed in", by=contributor)
    with scope.in_workspace(plan.workspace_id):
        rows = plan.workspace.proposals
        assert {row.name for row in rows.seen_by(contributor)} == {"Mine", "Handed in"}
        assert {row.name for row in rows.seen_by(lead)} == {"Handed in"}

"""Decisions: asked, declined, approved, merged; once, with a reason, and never on one's own."""

import threading
from typing import Any

import pytest
from django.db import connection

from goals import approval
from goals.approval import GoalGone, OwnProposal, Terms
from goals.definition import Definition
from goals.lanes import Actor, NotOpen, TextMissing
from goals.models import Goal, Lane, Level, Plan, Proposal, SpecState
from goals.origins import origin_of, prefetch
from goals.revising import Stale
from tests.builders import make_member, make_workspace
from tests.goals.makers import NOW, make_goal, make_plan, make_proposal, rules_for
from workspaces import scope
from workspaces.models import AuditEntry, Membership
from workspaces.roles import Role


@pytest.fixture
def proposal(plan: Plan, order: Goal, contributor: Membership) -> Proposal:
    assert order.plan == plan
    return make_proposal(plan, by=contributor)


def notices(member: Membership, kind: str) -> list[str]:
    return list(member.notifications.filter(kind=kind).values_list("title", flat=True))


def test_approval_makes_the_goal_and_the_tracking_task(
    proposal: Proposal, order: Goal, lead: Membership, owner: Membership, contributor: Membership
) -> None:
    with scope.in_workspace(proposal.workspace_id):
        goal = approval.approve(proposal, Terms(assignee=owner, text="Good idea"), by=Actor.of(lead), now=NOW)
        saved = Goal.objects.get(pk=goal.pk)
        assert (saved.level, saved.name, saved.department) == (Level.MICRO, "Asked for a fitting", "Customer service")
        assert Definition.of(saved) == Definition(rules_for("fitting_requested"), counting="session")
        assert (list(saved.supports.all()), saved.owner, saved.moment) == (
            [order], contributor, "When it is sent.",
        )  # fmt: skip
        assert (saved.spec.event_name, saved.spec.owner, saved.spec.state) == (
            "fitting_requested", owner, SpecState.PROPOSED,
        )  # fmt: skip
        kept = Proposal.objects.get(pk=proposal.pk)
        assert (kept.lane, kept.goal, kept.is_merged, kept.reason) == (Lane.APPROVED, saved, False, "Good idea")
        assert (kept.decided_by, kept.decided_by_name, kept.decided_at) == (lead, "Lead", NOW)
        assert AuditEntry.objects.filter(act="approved", subject_type="proposal").count() == 1
        assert notices(contributor, "proposal_answered") == ["Lead approved Asked for a fitting"]
        assert notices(owner, "task_assigned") == ["See that Asked for a fitting is tracked"]


def test_what_is_not_tracked_yet_becomes_a_goal_that_counts_nothing(
    plan: Plan, order: Goal, contributor: Membership, lead: Membership
) -> None:
    made = make_proposal(plan, by=contributor, event="")
    with scope.in_workspace(plan.workspace_id):
        goal = approval.approve(made, Terms(), by=Actor.of(lead), now=NOW)
        assert (Definition.of(goal).rules, goal.spec.owner) == ((), lead)


def test_the_lead_can_say_what_will_count(plan: Plan, order: Goal, contributor: Membership, lead: Membership) -> None:
    made = make_proposal(plan, by=contributor, event="")
    with scope.in_workspace(plan.workspace_id):
        goal = approval.approve(made, Terms(rules=rules_for("fitting")), by=Actor.of(lead), now=NOW)
        assert (Definition.of(goal).rules, goal.spec.event_name) == (rules_for("fitting"), "fitting")


def test_a_decline_needs_its_reason(proposal: Proposal, lead: Membership, contributor: Membership) -> None:
    with scope.in_workspace(proposal.workspace_id):
        with pytest.raises(TextMissing):
            approval.decline(proposal, " ", by=Actor.of(lead), now=NOW)
        assert Proposal.objects.get(pk=proposal.pk).lane == Lane.SUBMITTED
        approval.decline(proposal, "We close the fitting room.", by=Actor.of(lead), now=NOW)
        assert (proposal.lane, proposal.reason) == (Lane.DECLINED, "We close the fitting room.")
        assert notices(contributor, "proposal_answered") == ["Lead declined Asked for a fitting"]
        assert not Goal.objects.filter(level=Level.MICRO).exists()


def test_a_merge_points_at_the_goal_and_changes_nothing_in_it(
    proposal: Proposal, newsletter: Goal, lead: Membership
) -> None:
    with scope.in_workspace(proposal.workspace_id):
        before = Goal.objects.values().get(pk=newsletter.pk)
        approval.merge(proposal, newsletter, by=Actor.of(lead), now=NOW)
        assert (proposal.lane, proposal.goal, proposal.is_merged) == (Lane.APPROVED, newsletter, True)
        assert Goal.objects.values().get(pk=newsletter.pk) == before
        assert Goal.objects.count() == 2


def test_nothing_is_merged_into_another_plans_goal(proposal: Proposal, lead: Membership) -> None:
    elsewhere = make_goal(make_plan(make_workspace("Other", slug="other")))
    with scope.in_workspace(proposal.workspace_id), pytest.raises(GoalGone):
        approval.merge(proposal, elsewhere, by=Actor.of(lead), now=NOW)


def test_nobody_decides_on_their_own(plan: Plan, order: Goal, lead: Membership, owner: Membership) -> None:
    mine = make_proposal(plan, by=lead)
    with scope.in_workspace(plan.workspace_id):
        for act in (
            lambda: approval.approve(mine, Terms(), by=Actor.of(lead), now=NOW),
            lambda: approval.ask(mine, "Why?", by=Actor.of(lead), now=NOW),
            lambda: approval.decline(mine, "No", by=Actor.of(lead), now=NOW),
            lambda: approval.merge(mine, order, by=Actor.of(lead), now=NOW),
        ):
            with pytest.raises(OwnProposal, match="another lead or owner"):
                act()
        assert Proposal.objects.get(pk=mine.pk).lane == Lane.SUBMITTED


def test_an_owner_alone_is_told_to_write_the_goal_themselves(plan: Plan, order: Goal, owner: Membership) -> None:
    mine = make_proposal(plan, by=owner)
    with scope.in_workspace(plan.workspace_id), pytest.raises(OwnProposal, match="add it to the plan as a goal"):
        approval.approve(mine, Terms(), by=Actor.of(owner), now=NOW)


def test_a_program_is_as_much_its_makers_as_a_hand(
    plan: Plan, order: Goal, lead: Membership, owner: Membership
) -> None:
    made = make_proposal(plan, by=lead)
    with scope.in_workspace(plan.workspace_id):
        with pytest.raises(OwnProposal):
            approval.approve(made, Terms(), by=Actor("API token nightly", lead), now=NOW)
        goal = approval.approve(made, Terms(), by=Actor("API token other", owner), now=NOW)
        assert (made.decided_by_name, goal.versions.get().made_by) == ("API token other", "API token other")


def test_a_second_decision_is_turned_away(proposal: Proposal, lead: Membership, owner: Membership) -> None:
    with scope.in_workspace(proposal.workspace_id):
        stale = Proposal.objects.get(pk=proposal.pk)
        approval.decline(proposal, "No", by=Actor.of(lead), now=NOW)
        with pytest.raises(NotOpen, match="Lead decided on this meanwhile: Declined"):
            approval.approve(stale, Terms(), by=Actor.of(owner), now=NOW)
        assert not Goal.objects.filter(level=Level.MICRO).exists()


def test_what_was_changed_since_it_was_read_is_not_decided(
    proposal: Proposal, lead: Membership, contributor: Membership
) -> None:
    with scope.in_workspace(proposal.workspace_id), pytest.raises(Stale):
        approval.approve(proposal, Terms(), by=Actor.of(lead), now=NOW, seen=proposal.revision - 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins() -> None:
    shop = make_workspace()
    author, one, other = (
        make_member(shop, f"{name}@example.com", role)
        for name, role in (("author", Role.CONTRIBUTOR), ("one", Role.LEAD), ("other", Role.LEAD))
    )
    plan = make_plan(shop)
    make_goal(plan)
    made = make_proposal(plan, by=author)
    start, ends = threading.Barrier(2, timeout=60), []

    def decide(by: Membership) -> None:
        try:
            with scope.in_workspace(shop.pk):
                mine = Proposal.objects.select_related("plan", "workspace").get(pk=made.pk)
                start.wait()
                ends.append(approval.approve(mine, Terms(), by=Actor.of(by), now=NOW))
        except NotOpen as refusal:
            ends.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(by,)) for by in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(type(end).__name__ for end in ends) == ["Goal", "NotOpen"]
    with scope.in_workspace(shop.pk):
        assert Goal.objects.filter(level=Level.MICRO).count() == 1


def test_a_goal_tells_where_it_came_from(
    proposal: Proposal, order: Goal, lead: Membership, django_assert_num_queries: Any
) -> None:
    with scope.in_workspace(proposal.workspace_id):
        approval.approve(proposal, Terms(), by=Actor.of(lead), now=NOW)
        with django_assert_num_queries(2):  # goals, their proposals
            goals = list(Goal.objects.prefetch_related(prefetch()).order_by("pk"))
            origins = [origin_of(goal) for goal in goals]
        assert origins[0] is None
        assert origins[1] is not None
        assert (origins[1].who, origins[1].approved_by, origins[1].approved_at) == ("Customer service", "Lead", NOW)

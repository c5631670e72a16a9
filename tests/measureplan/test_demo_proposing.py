"""The demo's proposals lie in several lanes, with what they would have counted and what people said."""

from datetime import UTC, date, datetime

from goals.duplicates import Reason
from goals.models import Lane, Proposal
from goals.proposing import backtest_of
from goals.trying import try_again
from measureplan.demo import shop
from measureplan.demo.plan import MEMBERS, plan
from measureplan.demo.proposals import PROPOSALS
from measureplan.demo_annotating import annotate
from measureplan.demo_filling import fill_workspace
from measureplan.demo_proposing import make_proposals
from workspaces import scope

TODAY, NOW = date(2026, 11, 21), datetime(2026, 11, 21, 14, 30, tzinfo=UTC)


def test_proposals_come_with_their_figures_and_talk(db: None) -> None:
    made = shop(until=TODAY, now=NOW, days=40, scale=0.2)
    workspace = fill_workspace(made, "a password of the tests", now=NOW, say=lambda _: None)
    make_proposals(workspace, now=NOW)  # a second start makes none again
    with scope.in_workspace(workspace.pk):
        found = {proposal.name: proposal for proposal in Proposal.objects.all()}
        assert len(found) == len(PROPOSALS)
        assert {proposal.lane for proposal in found.values()} == {Lane.SUBMITTED, Lane.NEEDS_INFO, Lane.DECLINED}
        store = found["Looked up a store's page"]
        tested = backtest_of(store)
        assert tested is not None
        assert tested.conversions > 0
        assert (store.comments.count(), store.votes.count(), store.supports.count()) == (2, 2, 1)
        assert store.comments.order_by("pk")[0].mentioned == [store.author_id]
        alike = try_again(found["Signed up for our newsletter"], member=None, now=NOW).alike
        assert [(each.row.name, each.reason) for each in alike][:1] == [("Newsletter sign-up", Reason.RULES)]


def test_the_day_on_which_an_initiative_began_stands_beside_its_goal_s_chart(db: None) -> None:
    made = shop(until=TODAY, now=NOW, days=40, scale=0.2)
    workspace = fill_workspace(made, "a password of the tests", now=NOW, say=lambda _: None)
    annotate(workspace, plan(made), now=NOW)  # a second start writes none again
    began = made.truth.initiative.started_at.astimezone(workspace.zone).date()
    with scope.in_workspace(workspace.pk):
        [row] = workspace.annotations.select_related("goal")
        assert (row.text, row.starts_on, row.ends_on) == ("Size guide on every product page", began, began)
        assert (row.goal.slug, row.author) == ("size-guide-used", "Kaisa Ødegård")


def test_everybody_who_proposes_or_speaks_is_a_member() -> None:
    people = {member.email for member in MEMBERS}
    named = {each.by for each in PROPOSALS} | {said.by for each in PROPOSALS for said in each.said}
    assert named | {email for each in PROPOSALS for email in each.voters} <= people

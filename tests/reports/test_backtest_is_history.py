"""An approved goal's history is what its proposal showed: each of the ninety days, and the rate's two counts."""

import random
from datetime import timedelta

import pytest

from goals import approval, proposing
from goals.approval import Terms
from goals.conditions import parse
from goals.definition import Definition
from goals.lanes import Actor
from goals.models import Counting, Goal, Lane, Plan
from goals.proposing import ProposalDraft, backtest_of
from goals.trying import try_again
from reports import filling, publishing
from reports.daily import GoalDay, figures
from tests.reports.lake import NOW, Hit, hit, make_goal, store
from workspaces import scope
from workspaces.models import Membership, Workspace

RULES = {
    "one event": [[{"field": "name", "operator": "is", "value": "fitting"}]],
    "any of two": [
        [{"field": "name", "operator": "is", "value": "fitting"}],
        [{"field": "value", "operator": "gte", "value": "300"}],
    ],
    "every page": [[{"field": "name", "operator": "is", "value": "page_view"}]],
}


def busy_shop(seed: int) -> list[Hit]:
    """Half a year of visits, over midnights and the change of clocks, with orders sent twice and refunds."""
    rng = random.Random(seed)  # no secret
    hits = []
    for n in range(700):
        person, start = f"p{rng.randrange(250)}", rng.uniform(-170, 19)
        minute = 0.0
        for _ in range(rng.randrange(1, 6)):
            name = rng.choice(["page_view", "page_view", "fitting", "purchase"])
            order = {"value": rng.choice([200, 300, 500]), "transaction": f"t{rng.randrange(90)}"}
            hits.append(hit(person, days=start, minutes=minute, name=name, **order if name == "purchase" else {}))
            minute += rng.choice([0, 4, 29, 30, 45])
        if n % 50 == 0:
            hits.append(hit(person, days=start, minutes=500, name="refund", refund=True, value=-100, transaction="t1"))
    return hits


@pytest.mark.parametrize("counting", Counting)
@pytest.mark.parametrize("rules", RULES)
def test_history_equals_the_backtest_day_by_day(
    shop: Workspace, contributor: Membership, lead: Membership, rules: str, counting: Counting
) -> None:
    sale = make_goal(shop)
    store(shop, busy_shop(seed=len(rules)))
    with scope.in_workspace(shop.pk):
        definition = Definition(parse(RULES[rules]), counting=counting, counting_days=5)
        goal = propose_and_approve(sale.plan, definition, author=contributor, lead=lead, sale=sale)
        kept = backtest_of(goal.proposals.get())
    assert kept is not None
    assert kept.conversions > 20, "needs something to compare"
    assert filling.fill(shop.pk, now=NOW) == 2
    read = publishing.read(shop.pk, [goal.pk], since=kept.since, until=kept.until)
    history, empty = read.days[goal.pk], GoalDay()
    days = [kept.since + timedelta(days=n) for n in range(90)]
    assert [history.get(day, empty).conversions for day in days] == list(kept.daily)
    totals = figures(history, read.visits, since=kept.since, until=kept.until)
    assert (totals.converters, totals.visitors) == (kept.converters, kept.visitors)
    assert totals.rate("visitors") == kept.rate


def propose_and_approve(
    plan: Plan, definition: Definition, *, author: Membership, lead: Membership, sale: Goal
) -> Goal:
    draft = ProposalDraft("Fitting", definition, rationale="Why", micro_kind="secondary", supports=(sale,))
    made = proposing.draft(plan, draft, by=Actor.of(author), now=NOW)
    found = try_again(made, member=author, now=NOW).tested
    proposing.submit(made, by=Actor.of(author), now=NOW, backtest=found)
    goal = approval.approve(made, Terms(), by=Actor.of(lead), now=NOW)
    assert made.lane == Lane.APPROVED
    return goal

"""Every starter is a whole plan that loads, says nothing invalid, and names events as the house does."""

import re
from itertools import chain

import pytest

from goals import starting
from goals.answers import Answers, Picked
from goals.document import document_of
from goals.models import Direction, Level, MicroKind, Stage, Timing, ValueRule, Weight
from goals.starters import SCRATCH, STARTERS, Starter
from tests.goals.makers import NOW
from workspaces import scope
from workspaces.models import Membership

WHOLE = [starter for starter in STARTERS.values() if starter is not SCRATCH]
CONVENTION = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")  # snake_case, as GA4 asks for
LONGEST = 40  # characters of an event's name that GA4 takes


def everything_of(starter: Starter) -> Answers:
    """Answer with every card of the starter, nothing tracked."""
    macros = tuple(Picked(card.key, str(card.name)) for card in starter.macros)
    micros = tuple(Picked(card.key, str(card.name), "", card.kind, card.supports) for card in starter.micros)
    return Answers("Gear for hikers", "fjellsport.example", "this_quarter", starter.key, macros, micros, ())


@pytest.mark.parametrize("starter", WHOLE, ids=lambda starter: starter.key)
def test_a_starter_becomes_a_whole_plan(starter: Starter, lead: Membership) -> None:
    shop = lead.workspace
    with scope.in_workspace(shop.pk):
        starting.keep(shop, lambda _: everything_of(starter))
        plan = starting.make(shop, (), by=lead, now=NOW)
        made = document_of(plan)
    assert len(made.goals) == len(starter.cards)
    assert len(made.kpis) == len(starter.kpis)
    assert len(made.specs) == len(starter.cards)
    assert len(made.objectives) == len(starter.aims)
    assert len(made.questions) == sum(len(aim.questions) for aim in starter.aims) >= 2
    assert len(made.parameters) == sum(len(card.properties) for card in starter.cards)
    assert made.targets == (), "numbers are the team's own"
    assert all(goal.supports for goal in made.goals if goal.level == Level.MICRO)
    assert all(goal.definition.rules == () for goal in made.goals)


@pytest.mark.parametrize("starter", STARTERS.values(), ids=lambda starter: starter.key)
def test_a_starter_s_parts_fit_each_other(starter: Starter) -> None:
    keys = [card.key for card in starter.cards]
    assert len(keys) == len(set(keys))
    aims, macros = {aim.key for aim in starter.aims}, {card.key for card in starter.macros}
    for card in starter.cards:
        assert card.stage in Stage.values, card.key
        assert card.value in {ValueRule.NONE, ValueRule.EVENT}, card.key
        assert card.objective in aims | ({""} if starter is SCRATCH else set()), card.key
        assert set(card.supports) <= macros, card.key
        if card.level == Level.MICRO:
            assert card.kind in MicroKind.values, card.key
            assert card.supports or starter is SCRATCH, f"{card.key} leads nowhere"
    for kpi in starter.kpis:
        assert kpi.goal in keys, kpi.key
        assert kpi.direction in Direction.values, kpi.key
        assert kpi.weight in Weight.values, kpi.key
        assert kpi.timing in Timing.values, kpi.key
    assert starter is SCRATCH or Weight.PRIMARY in {kpi.weight for kpi in starter.kpis}


def test_events_and_parameters_keep_the_naming_convention() -> None:
    cards = list(chain.from_iterable(starter.cards for starter in STARTERS.values()))
    assert len(cards) > 50
    for name in chain.from_iterable((c.event, *c.also, *(p.name for p in c.properties)) for c in cards):
        assert CONVENTION.fullmatch(name), name
        assert len(name) <= LONGEST, name

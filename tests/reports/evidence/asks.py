"""A shop with a macro goal, micro goals and histories; and what its evidence comes to."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from goals.models import Goal, Support
from reports import filling
from reports.evidence import keeping
from reports.evidence.design import Design
from reports.evidence.found import Found
from reports.models import KeptEvidence
from tests.reports.lake import NOW, Hit, make_goal, store
from workspaces import scope
from workspaces.models import Workspace

DESIGN = Design(landmark_days=1, follow_days=7, past_days=90)
# Ninety whole days in Oslo before the 21st of November; one of them has 25 hours.
SINCE, UNTIL = datetime(2026, 8, 22, 22, tzinfo=UTC), datetime(2026, 11, 20, 23, tzinfo=UTC)
CHANNELS = ("email", "paid_search", "organic_search", "")


def make_goals(shop: Workspace, *micros: str) -> Goal:
    """Make the macro goal Sale, and a micro goal for each event name."""
    sale = make_goal(shop)
    for name in micros:
        micro = make_goal(shop, name.capitalize(), event=name, level="micro", counting="session", value_rule="none")
        with scope.in_workspace(shop.pk):
            Support.objects.create(workspace=shop, micro=micro, macro=sale)
    return sale


def at(day: float, minute: float = 0) -> datetime:
    """Give an instant so long after the range's first midnight."""
    return SINCE + timedelta(days=day, minutes=minute)


def histories(seed: int, people: int, *, micros: Sequence[str] = ("guide", "filter")) -> list[Hit]:
    """Give people with a visit or several, who do and buy things at random, some before, some at the very bounds."""
    chance = random.Random(seed)  # test data
    found = []
    for n in range(people):
        person, begun = f"p{n}", chance.randrange(0, 84)
        entry = at(begun, chance.randrange(0, 1000))
        found.append(Hit(person, entry, channel=chance.choice(CHANNELS)))
        for _ in range(chance.randrange(0, 4)):
            name = chance.choice([*micros, "purchase", "other", "page_view"])
            days = chance.choice([0, 0.25, 0.5, 1, 1, 3, 7, 8, 8, 12])
            minutes = chance.choice([0, 0, 1, 45])
            found.append(
                Hit(
                    person, entry + timedelta(days=days, minutes=minutes), name=name, channel=chance.choice(CHANNELS),
                    value=chance.randrange(50, 900) if name == "purchase" else None,
                )
            )  # fmt: skip
    return found


def weighed(shop: Workspace, sale: Goal, hits: Sequence[Hit], design: Design = DESIGN) -> Found:
    """Put the hits into the lake, and give the evidence that a worker computes of them."""
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)
    return computed(shop, sale, design)


def computed(shop: Workspace, sale: Goal, design: Design = DESIGN) -> Found:
    """Ask for the evidence, have it computed and read it back."""
    with scope.in_workspace(shop.pk):
        KeptEvidence.objects.filter(goal=sale).delete()
        row, _ = keeping.kept(sale, design, keeping.live_goals(shop), now=NOW)
    assert row.asked_at is not None
    assert keeping.compute_all(shop.pk, now=NOW) == 1
    with scope.in_workspace(shop.pk):
        row, is_current = keeping.kept(sale, design, keeping.live_goals(shop), now=NOW)
    assert (row.fault, is_current) == ("", True)
    assert row.found is not None
    return Found.from_json(row.found)

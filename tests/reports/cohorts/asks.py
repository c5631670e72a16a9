"""A shop with histories worth cohorts, and questions about them."""

from collections.abc import Iterable
from random import Random

from reports import filling
from reports.cohorts import question
from reports.cohorts.answer import Answer, answer
from reports.cohorts.usual import known_of
from tests.reports.lake import NOW, Hit, hit, store
from tracking.event import COOKIELESS_PREFIX
from workspaces import scope
from workspaces.models import Workspace

RANGE = {"from": "2026-10-01", "to": "2026-11-21"}
CHANNELS = ("email", "paid_search", "", "referral")


def histories(seed: int = 0, persons: int = 60) -> list[Hit]:
    """Give people who come again and again for eight weeks, some of them for one day alone; a third buys."""
    random = Random(seed)  # nobody's secret
    hits = []
    for n in range(persons):
        first = random.uniform(-45, 18)
        visits = random.randint(1, 6)
        for nth in range(visits):
            # Close to midnight now and then, so that a session lies in two days.
            day = first + (random.uniform(0, 20) if nth else 0)
            name = f"{COOKIELESS_PREFIX}{n}-{int(day)}" if n % 5 == 0 else f"p{n}"
            channel = random.choice(CHANNELS)
            steps = range(random.randint(1, 4))
            hits += [hit(name, days=day, minutes=step * 12, channel="" if step else channel) for step in steps]
            if n % 3 == 0 and random.random() < 0.6:
                hits.append(hit(name, days=day, minutes=random.randint(1, 50), name="purchase", value=100))
            if random.random() < 0.3:
                hits.append(hit(name, days=day, minutes=random.randint(1, 50), name="newsletter"))
    return [each for each in hits if each.at < NOW]


def filled(shop: Workspace, hits: Iterable[Hit]) -> None:
    """Put the hits into the lake and publish."""
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)


def answered(shop: Workspace, **params: str) -> Answer:
    """Answer from what is published, over all days by default."""
    with scope.in_workspace(shop.pk):
        known = known_of(shop, now=NOW)
        return answer(shop, question.read(RANGE | params, known), known, now=NOW)

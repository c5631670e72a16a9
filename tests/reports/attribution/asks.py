"""A shop with histories worth attributing, and questions about it."""

from goals.models import Goal
from reports import filling
from reports.asked import defaults_of
from reports.attribution import blocks, question
from reports.attribution.answer import Answer, Attributed, answer
from tests.reports.lake import NOW, Hit, hit, store
from workspaces import scope
from workspaces.models import Workspace

CHANNELS = ("email", "paid_search", "organic_search", "", "display", "referral")
RANGE = {"from": "2026-10-01", "to": "2026-11-21"}


def histories() -> list[Hit]:
    """Give forty people with visits, ad impressions, sales and a refund, over six weeks."""
    hits = [hit("nobody", days=2, name="purchase", value=10)]
    for n in range(90):
        person = f"p{n % 37}"
        campaign = "=sum(A1)" if n % 5 == 0 else f"c{n % 3}"
        hits += [
            hit(person, days=n / 3 - 20, channel=CHANNELS[n % 6], campaign=campaign),
            hit(person, days=n / 3 - 19.7, name="ad_impression", channel="display"),
        ]
        if n % 3 == 0:
            sale = {"name": "purchase", "value": 100 + n, "transaction": f"t{n}"}
            hits.append(hit(person, days=n / 4 - 8, minutes=7, **sale))
    hits.append(hit("p3", days=18, name="refund", value=-50, transaction="t3", refund=True))
    return hits


def filled(shop: Workspace, hits: list[Hit]) -> None:
    """Put the hits into the lake and fill; nothing read before is kept."""
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)
    blocks.kept.forget()


def answered(shop: Workspace, goal: Goal, **params: str) -> Answer:
    """Answer from what is published, over all days by default."""
    with scope.in_workspace(shop.pk):
        asked = question.read(RANGE | params, defaults_of(shop, goal, now=NOW))
        return answer(shop, goal, asked, now=NOW)


def found(shop: Workspace, goal: Goal, **params: str) -> Attributed:
    """Answer, where there are figures."""
    result = answered(shop, goal, **params).found
    assert result is not None
    return result

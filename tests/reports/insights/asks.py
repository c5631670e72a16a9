"""A shop of three goals with random histories of views, engagements and clicks; and questions about it."""

import json
import random
from typing import Any

from reports import filling
from reports.attribution import blocks
from reports.insights.answer import Answer, Found, answer
from reports.insights.question import Asked, read
from reports.insights.roles import known_of
from tests.reports.lake import NOW, Hit, hit, make_goal, store
from workspaces import scope
from workspaces.models import Workspace

RANGE = {"from": "2026-10-26", "to": "2026-11-18"}
CHANNELS = ("paid_search", "organic_search", "", "paid_social", "email")
CONTENTS = (None, "=cmd|x", "<b>autumn</b>", "boots", "tent", "stove")
ACCOUNTS = (None, None, "north", "south")
FORMATS = (None, "video", "carousel")
ACTIONS = ("save", "saved", "expanded", None)


def histories(seed: int, *, people: int = 24, each: int = 14) -> list[Hit]:
    """Give people who see, engage, visit, add to cart and buy in any order over six weeks."""
    dice = random.Random(seed)
    hits: list[Hit] = []
    for person in range(people):
        for _n in range(dice.randrange(2, each)):
            name = dice.choice(
                (
                    "ad_impression",
                    "ad_impression",
                    "ad_engagement",
                    "ad_click",
                    "page_view",
                    "view_item",
                    "add_to_cart",
                    "purchase",
                )
            )
            hits.append(_one(dice, f"p{person}", name))
    return hits


def _one(dice: random.Random, person: str, name: str) -> Hit:
    is_ad = name.startswith("ad_")
    told = {"account": dice.choice(ACCOUNTS), "format": dice.choice(FORMATS)}
    if name == "ad_engagement":
        told["action"] = dice.choice(ACTIONS)
    comes = is_ad or name == "page_view"
    return hit(
        person,
        days=dice.uniform(-25, 17),
        name=name,
        channel=dice.choice(("paid_social", "display", "organic_social") if is_ad else CHANNELS) if comes else "",
        content=dice.choice(CONTENTS) if comes else None,
        device=dice.choice((None, "mobile", "desktop")),
        value=dice.randrange(1, 900) if name == "purchase" else None,
        properties=json.dumps({key: value for key, value in told.items() if value is not None}),
    )


def open_shop(shop: Workspace, hits: list[Hit]) -> None:
    """Make the three goals, put the hits into the lake and fill; nothing read before is kept."""
    make_goal(shop)
    make_goal(shop, "Seen", event="view_item", level="micro", value_rule="none")
    make_goal(shop, "Carted", event="add_to_cart", level="micro", value_rule="none")
    refill(shop, hits)


def refill(shop: Workspace, hits: list[Hit]) -> None:
    """Put exactly these hits into the lake."""
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)
    blocks.kept.forget()


def asked(shop: Workspace, **params: str) -> Asked:
    """Read a question as the API would."""
    with scope.in_workspace(shop.pk):
        known = known_of(shop, now=NOW)
        assert known is not None
        return read({name.rstrip("_"): value for name, value in (RANGE | params).items()}, known)


def answered(shop: Workspace, **params: str) -> Answer:
    """Answer from what is published."""
    with scope.in_workspace(shop.pk):
        known = known_of(shop, now=NOW)
        assert known is not None
        return answer(shop, known, asked(shop, **params), now=NOW)


def found(shop: Workspace, **params: str) -> Found:
    """Answer, where there are figures."""
    result = answered(shop, **params)
    assert result.found is not None, result.state
    return result.found


def values(figures: Any) -> dict[str, tuple[int | None, int | None, int | None]]:
    """Give all, paid and organic of each figure, by its metric."""
    return {each.metric: (each.all, each.paid, each.organic) for each in figures}

"""Credits of ads worked out slowly from the touches themselves, touch by touch; and shops drawn to compare them on."""

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from reports.reconciliation.matching import Campaigns, Origin, Place
from tests.reports.lake import Hit, derived, hit
from workspaces.models import Workspace
from workspaces.zones import day_of

DAYS = {0: 1, 1: 30, 2: 30}  # the windows that are asked for, by touch type
WAYS = [
    ("paid_search", "google", "brand"), ("paid_search", "google", "shoes"), ("paid_search", "google", None),
    ("paid_search", "bing", "brand"), ("paid_social", "facebook", "winter"), ("paid_social", "instagram", "winter"),
    ("email", "letter", "winter"), ("display", "partner", "winter"), ("display", "partner", "brand"),
    ("organic_search", "google", None), ("", None, None),
]  # fmt: skip
REPORTS = [
    {"platform": "google_ads", "campaign": "Brand", "campaign_id": "1", "cost": 103, "claimed": 9, "worth": 900},
    {"platform": "google_ads", "campaign": "Shoes", "campaign_id": "2", "cost": 71},
    {"platform": "google_ads", "campaign": "Never", "campaign_id": "3", "cost": 13, "claimed": 2},
    {"platform": "microsoft_ads", "campaign": "brand", "cost": 17, "claimed": 0},
    {"platform": "meta", "campaign": "Winter", "currency": "EUR", "cost": 19, "claimed": 7, "worth": 80},
    {"platform": "meta", "campaign": "winter", "currency": "NOK", "cost": 11},
]


def drawn(seed: int) -> list[Hit]:
    """Draw visits, ads and sales of twenty people."""
    draw = random.Random(seed)
    hits = [hit("nobody", days=1, name="purchase", value=7)]
    for n in range(120):
        person = f"p{draw.randrange(20)}"
        channel, source, campaign = draw.choice(WAYS)
        name = "ad_impression" if channel and draw.random() < 0.2 else "page_view"
        days = draw.randrange(-30, 15) + n / 1_000
        hits.append(hit(person, days=days, name=name, channel=channel, source=source, campaign=campaign))
        if draw.random() < 0.3:
            value = draw.randrange(1, 500)
            hits.append(hit(person, days=days + draw.choice([0.01, 1.5]), name="purchase", value=value))
    return hits


def slowly(
    shop: Workspace, hits: list[Hit], campaigns: Campaigns, *, model: str, since: date, until: date, claiming: set[str]
) -> dict[Place | None, list[float]]:
    """Give for each place conversions, value in micros and the part that is also claimed; None is no touch."""
    touches = derived(shop, hits)[1].to_pylist()
    sums: dict[Place | None, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for sale in (each for each in hits if each.name == "purchase"):
        if not since <= day_of(sale.at, shop.zone) < until:
            continue
        inside = [each for each in touches if _is_inside(each, sale)]
        inside.sort(key=lambda each: (each["time"], each["sequence"], each["event_id"]))
        chosen = [each for each in inside if not each["direct"]] or inside
        platforms = {_place(campaigns, each).platform for each in inside} & claiming
        worth = (sale.value or 0) * 1_000_000
        credited = chosen[-1:] if model == "last" else chosen
        for each in credited:
            place = _place(campaigns, each)
            _add(sums[place], 1 / len(credited), worth, is_also=bool(platforms - {place.platform}))
        if not credited:
            _add(sums[None], 1, worth, is_also=False)
    return sums


def _add(row: list[float], share: float, worth: int, *, is_also: bool) -> None:
    row[0] += share
    row[1] += share * worth
    row[2] += share if is_also else 0


def _is_inside(touch: dict[str, Any], sale: Hit) -> bool:
    age = sale.at - touch["time"]
    return touch["person_id"] == sale.person and timedelta() <= age <= timedelta(days=DAYS[touch["kind"]])


def _place(campaigns: Campaigns, touch: dict[str, Any]) -> Place:
    return campaigns.place_of(Origin(touch["source"] or "", touch["campaign"] or "", touch["paid"]))

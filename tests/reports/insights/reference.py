"""Conversion insights worked out slowly, hit by hit, without a line of the product's arithmetic."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from reports.insights.question import Asked
from tests.reports.lake import AD_KINDS, PAID, Hit, sittings
from workspaces.models import Workspace
from workspaces.zones import day_of

KINDS = ("view", "engagement", "click")
EVENTS = {"checkout": "purchase", "visit": "view_item", "cart": "add_to_cart"}
ROLE_OF = {"checkouts": "checkout", "revenue": "checkout", "aov": "checkout", "purchasers": "checkout",
           "visits": "visit", "carts": "cart"}  # fmt: skip
KIND_OF = {"impressions": 0, "engagements": 1, "saves": 1, "clicks": 2}


@dataclass(frozen=True)
class Touch:
    hit: Hit
    kind: int
    in_session: bool

    @property
    def paid(self) -> bool:
        return self.hit.channel in PAID

    @property
    def direct(self) -> bool:
        return self.in_session and not self.hit.channel

    def said(self, name: str) -> str:
        return json.loads(self.hit.properties or "{}").get(name) or "(not set)"

    def key(self, split: str) -> str:
        source = self.hit.channel and f"{self.hit.channel}.example"
        return {
            "action": KINDS[self.kind], "content": self.hit.content or "(not set)", "account": self.said("account"),
            "device": self.hit.device or "(not set)", "source": source or "(not set)", "format": self.said("format"),
        }[split]  # fmt: skip


@dataclass(frozen=True)
class Sale:
    """A conversion: its part of the paid split, and the touch it is credited to."""

    hit: Hit
    day: date
    part: str
    credited: Touch | None


class Reference:
    """All figures of one question."""

    def __init__(self, shop: Workspace, hits: Iterable[Hit], asked: Asked) -> None:
        self.shop, self.asked, self.hits = shop, asked, sorted(set(hits), key=lambda h: (h.at, h.event_id))
        self.touches = [
            Touch(each, 2, in_session=True)
            for sitting in sittings(self.hits)
            for each in sitting
            if each is sitting[0] or each.channel
        ]
        self.touches += [
            Touch(each, AD_KINDS[each.name], in_session=False) for each in self.hits if each.name in AD_KINDS
        ]
        self.touches.sort(key=lambda touch: (touch.hit.at, touch.hit.event_id))
        self.windows = [timedelta(days=days) if days else None for days in asked.window_days.values()]

    def day(self, each: Hit) -> date:
        return day_of(each.at, self.shop.zone)

    def inside(self, each: Hit) -> bool:
        return self.asked.since <= self.day(each) < self.asked.until

    def eligible(self, conversion: Hit) -> list[Touch]:
        found = []
        for touch in self.touches:
            window, age = self.windows[touch.kind], conversion.at - touch.hit.at
            if touch.hit.person == conversion.person and window is not None and timedelta(0) <= age <= window:
                found.append(touch)
        return [touch for touch in found if not self.asked.account or touch.said("account") == self.asked.account]

    def sales(self, role: str) -> list[Sale]:
        found = []
        for each in self.hits:
            if each.name == EVENTS[role] and self.inside(each):
                touches = self.eligible(each)
                paid = [touch.paid for touch in touches]
                part = "(none)" if not paid else "organic" if not any(paid) else (
                    "paid_unassisted" if all(paid) else "paid_assisted"
                )  # fmt: skip
                others = [touch for touch in touches if not touch.direct] or touches
                best = max(others, key=lambda touch: touch.kind).kind if others else None
                credited = [touch for touch in others if touch.kind == best]
                found.append(Sale(each, self.day(each), part, credited[-1] if credited else None))
        return found

    def rows(self, metric: str, content: str) -> list[Sale] | list[Touch]:
        if metric in ROLE_OF:
            wanted = {"all": {"paid_unassisted", "paid_assisted", "organic"}, "organic": {"organic"},
                      "paid": {"paid_unassisted", "paid_assisted"}}[content]  # fmt: skip
            return [sale for sale in self.sales(ROLE_OF[metric]) if sale.part in wanted]
        found = [t for t in self.touches if not t.in_session and t.kind == KIND_OF[metric] and self.inside(t.hit)]
        found = [t for t in found if not self.asked.account or t.said("account") == self.asked.account]
        if metric == "saves":
            found = [touch for touch in found if touch.said("action") in {"save", "saved"}]
        return [touch for touch in found if content == "all" or touch.paid == (content == "paid")]

    def measure(self, metric: str, rows: Iterable[Sale | Touch]) -> int | None:
        listed = list(rows)
        worth = sum((each.hit.value or 0) * 1_000_000 for each in listed)
        if metric == "aov":
            return round(Fraction(worth, len(listed))) if listed else None
        if metric == "purchasers":
            return len({each.hit.person for each in listed})
        return worth if metric == "revenue" else len(listed)

    def figure(self, metric: str) -> tuple[int | None, ...]:
        return tuple(self.measure(metric, self.rows(metric, content)) for content in ("all", "paid", "organic"))

    def part(self, metric: str, keys: set[str]) -> int | None:
        return self.measure(metric, [sale for sale in self.sales(ROLE_OF[metric]) if sale.part in keys])

    def grouped(self, metric: str, key: Callable[[Sale | Touch], str]) -> dict[str, list[Sale | Touch]]:
        found = defaultdict(list)
        for row in self.rows(metric, self.asked.content):
            found[key(row)].append(row)
        return found

    def key(self, row: Sale | Touch) -> str:
        split = self.asked.split
        if split == "none":
            return "all"
        if isinstance(row, Touch):
            return ("paid_unassisted" if row.paid else "organic") if split == "part" else row.key(split)
        assert row.credited
        return row.part if split == "part" else row.credited.key(split)

    def activity(self) -> tuple[int, int, int, int]:
        """Give audience, and who visited, added to cart and bought, or went further."""
        asked = self.asked
        on = [touch for touch in self.touches if self.windows[touch.kind] is not None and self.inside(touch.hit)]
        saw = any(not touch.in_session and touch.kind < 2 for touch in on)
        on = [touch for touch in on if not asked.account or touch.said("account") == asked.account]
        on = [touch for touch in on if asked.content == "all" or touch.paid == (asked.content == "paid")]
        on = [touch for touch in on if not (saw and touch.direct)]
        first: dict[str, Hit] = {}
        for touch in on:
            if (not touch.in_session and touch.kind < 2) if saw else touch.in_session:
                first.setdefault(touch.hit.person, touch.hit)
        furthest: dict[str, int] = {}
        for role, name in EVENTS.items():
            for each in self.hits:
                if each.name != name or not self.inside(each) or each.person not in first:
                    continue
                near = [t for t in on if t.hit.person == each.person and timedelta(0) <= each.at - t.hit.at]
                near = [t for t in near if each.at - t.hit.at <= (self.windows[t.kind] or timedelta(0))]
                if near and each.at >= first[each.person].at:
                    place = {"visit": 1, "cart": 2, "checkout": 3}[role]
                    furthest[each.person] = max(place, furthest.get(each.person, 0))
        counts = [sum(place >= step for place in furthest.values()) for step in (1, 2, 3)]
        return len(first), counts[0], counts[1], counts[2]

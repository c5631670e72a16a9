"""A report's rows as daily costs, and what they change of those that are stored. Pure.

A report tells all of a campaign's day: whatever is stored of that day and campaign makes way for its rows. So the same
report again changes nothing, and a report by ad group after one by campaign counts nothing twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from tracking.ads.report import Spend
from tracking.digests import digest_of

_Number = TypeVar("_Number", int, Decimal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What one daily cost is of."""

    day: date
    account: str
    campaign_id: str
    campaign: str
    ad_group_id: str
    ad_group: str
    currency: str

    @property
    def digest(self) -> bytes:
        """Give 16 bytes that stand for it."""
        named = (self.account, self.campaign_id, self.campaign, self.ad_group_id, self.ad_group, self.currency)
        return bytes.fromhex(digest_of(self.day.isoformat(), *named))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How much it was; conversions are None where the platform says nothing of them."""

    cost_micros: int
    impressions: int
    clicks: int
    conversions: Decimal | None
    conversion_micros: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What storing a report does to the daily costs."""

    new: Mapping[Key, Figures]
    changed: Mapping[Key, Figures]
    unchanged: int
    removed: frozenset[Key]


class Facts:
    """Adds a report's rows up: several rows of one ad group and day, by device or by ad, are one daily cost."""

    def __init__(self) -> None:
        self.of: dict[Key, Figures] = {}

    def add(self, spend: Spend) -> None:
        """Take a row in."""
        key = Key(
            day=spend.day,
            account=spend.account,
            campaign_id=spend.campaign_id,
            campaign=spend.campaign,
            ad_group_id=spend.ad_group_id,
            ad_group=spend.ad_group,
            currency=spend.currency,
        )
        figures = Figures(
            cost_micros=spend.cost_micros,
            impressions=spend.impressions,
            clicks=spend.clicks,
            conversions=spend.conversions,
            conversion_micros=spend.conversion_micros,
        )
        known = self.of.get(key)
        self.of[key] = figures if known is None else _sum(known, figures)

    def against(self, stored: Mapping[Key, Figures]) -> Change:
        """Say what storing would change of what is stored of this platform on these days."""
        covers = _Covered(self.of)
        return Change(
            new={key: figures for key, figures in self.of.items() if key not in stored},
            changed={key: figures for key, figures in self.of.items() if key in stored and stored[key] != figures},
            unchanged=sum(1 for key, figures in self.of.items() if stored.get(key) == figures),
            removed=frozenset(key for key in stored if key not in self.of and covers(key)),
        )


class _Covered:
    """Tells whether a stored cost is of a day and campaign that the report tells of.

    By id where both have one, else by name, and then the accounts must agree as far as both are named: exports of the
    same account differ in which columns they have.
    """

    def __init__(self, keys: Iterable[Key]) -> None:
        self._ids: set[tuple[date, str]] = set()
        self._named: defaultdict[tuple[date, str], list[Key]] = defaultdict(list)
        for key in keys:
            if key.campaign_id:
                self._ids.add((key.day, key.campaign_id))
            self._named[key.day, key.campaign.casefold()].append(key)

    def __call__(self, stored: Key) -> bool:
        if stored.campaign_id and (stored.day, stored.campaign_id) in self._ids:
            return True
        return any(_agree(stored, told) for told in self._named.get((stored.day, stored.campaign.casefold()), ()))


def _agree(stored: Key, told: Key) -> bool:
    if not stored.campaign or (stored.campaign_id and told.campaign_id):
        return False  # two ids that differ are two campaigns of one name
    return not stored.account or not told.account or stored.account == told.account


def _sum(one: Figures, other: Figures) -> Figures:
    return replace(
        one,
        cost_micros=one.cost_micros + other.cost_micros,
        impressions=one.impressions + other.impressions,
        clicks=one.clicks + other.clicks,
        conversions=_plus(one.conversions, other.conversions),
        conversion_micros=_plus(one.conversion_micros, other.conversion_micros),
    )


def _plus(one: _Number | None, other: _Number | None) -> _Number | None:
    return other if one is None else one if other is None else one + other

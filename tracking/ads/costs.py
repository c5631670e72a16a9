"""What ads cost between days, by campaign or platform: the one reader of the daily costs.

Sums are of one currency each: an account's own, which nothing here converts. Days are the account's calendar days,
which may begin at another hour than the workspace's.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracking.ads.joining import Joined, is_joined
from tracking.models import AdCost


class By(StrEnum):
    CAMPAIGN = "campaign"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What a sum is of; what it is not told apart by is empty."""

    platform: str = ""
    campaign: str = ""
    campaign_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A sum of daily costs in one currency.

    conversions, conversion_micros  the platform's own count and value; None where it says nothing of them
    rows, joined                    daily costs, and those of a campaign that events came by
    """

    group: Group
    currency: str
    cost_micros: int
    impressions: int
    clicks: int
    conversions: Decimal | None
    conversion_micros: int | None
    rows: int
    joined: int


def costs(rows: Iterable[AdCost], joined: Joined, *, by: By) -> list[Cost]:
    """Give the sums, the dearest first.

    rows    of `between`
    joined  of tracking.ads.joining.joined, for the same days
    """
    groups: defaultdict[tuple[Group, str], list[AdCost]] = defaultdict(list)
    for row in rows:
        groups[_GROUPS[by](row), row.currency].append(row)
    made = [_sum(group, currency, theirs, joined) for (group, currency), theirs in groups.items()]
    return sorted(made, key=lambda each: (-each.cost_micros, each.currency, each.group.campaign))


def between(workspace_id: int, *, since: date, until: date) -> list[AdCost]:
    """Give the daily costs of the days [since, until); call it inside the workspace."""
    return list(AdCost.objects.filter(workspace_id=workspace_id, day__gte=since, day__lt=until))


_GROUPS: Mapping[By, Callable[[AdCost], Group]] = {
    By.CAMPAIGN: lambda row: Group(platform=row.platform, campaign=row.campaign, campaign_id=row.campaign_id),
    By.PLATFORM: lambda row: Group(platform=row.platform),
}


def _sum(group: Group, currency: str, rows: list[AdCost], joined: Joined) -> Cost:
    conversions = [row.conversions for row in rows if row.conversions is not None]
    values = [row.conversion_micros for row in rows if row.conversion_micros is not None]
    return Cost(
        group=group,
        currency=currency,
        cost_micros=sum(row.cost_micros for row in rows),
        impressions=sum(row.impressions for row in rows),
        clicks=sum(row.clicks for row in rows),
        conversions=sum(conversions, Decimal()) if conversions else None,
        conversion_micros=sum(values) if values else None,
        rows=len(rows),
        joined=sum(is_joined(row, joined) for row in rows),
    )

"""What ads cost between days, by day, campaign, channel or platform: the one reader of the daily costs.

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
from tracking.ads.words import Platform
from tracking.models import AdCost

# Where no touch says otherwise: what a platform's ads mostly are.
USUAL_CHANNEL: Mapping[str, str] = {
    Platform.GOOGLE: "paid_search",
    Platform.MICROSOFT: "paid_search",
    Platform.META: "paid_social",
    Platform.LINKEDIN: "paid_social",
    Platform.PINTEREST: "paid_social",
    Platform.TIKTOK: "paid_social",
}


class By(StrEnum):
    DAY = "day"
    CAMPAIGN = "campaign"
    CHANNEL = "channel"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What a sum is of; what it is not told apart by is empty."""

    day: date | None = None
    platform: str = ""
    campaign: str = ""
    campaign_id: str = ""
    channel: str = ""


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
    """Give the sums, the dearest first, of days the latest first.

    rows    of `between`
    joined  of tracking.ads.joining.joined, for the same days
    """
    groups: defaultdict[tuple[Group, str], list[AdCost]] = defaultdict(list)
    for row in rows:
        groups[_GROUPS[by](row, joined), row.currency].append(row)
    made = [_sum(group, currency, theirs, joined) for (group, currency), theirs in groups.items()]
    if by is By.DAY:
        return sorted(made, key=lambda each: (each.group.day or date.min, each.currency), reverse=True)
    return sorted(made, key=lambda each: (-each.cost_micros, each.currency, each.group.campaign))


def between(workspace_id: int, *, since: date, until: date) -> list[AdCost]:
    """Give the daily costs of the days [since, until); call it inside the workspace."""
    return list(AdCost.objects.filter(workspace_id=workspace_id, day__gte=since, day__lt=until))


def channel_of(row: AdCost, joined: Joined) -> str:
    """Give the channel that the campaign's visitors came by, else what its platform's ads mostly are."""
    names = (row.campaign.lower(), row.campaign_id.lower())
    found = next((joined.channels[name] for name in names if name in joined.channels), None)
    return found or USUAL_CHANNEL.get(row.platform, "paid_other")


def _of_campaign(row: AdCost, _joined: Joined) -> Group:
    return Group(platform=row.platform, campaign=row.campaign, campaign_id=row.campaign_id)


_GROUPS: Mapping[By, Callable[[AdCost, Joined], Group]] = {
    By.DAY: lambda row, _joined: Group(day=row.day),
    By.CAMPAIGN: _of_campaign,
    By.CHANNEL: lambda row, joined: Group(channel=channel_of(row, joined)),
    By.PLATFORM: lambda row, _joined: Group(platform=row.platform),
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

"""Which campaigns of cost reports visitors came by: the tags of their addresses, compared with names and ids.

A campaign is joined by `utm_id` or `utm_campaign` that is its id, or by a `utm_campaign` that is its name, whatever the
case. One that is joined by nothing costs money that no report here can credit: its ads lack tags.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracking.lake.query import query
from tracking.models import AdCost

_TAGS = """
select distinct lower(tag) as tag
from (
    select unnest([utm_campaign, utm_id]) as tag from events where day >= $since and day < $until
)
where tag is not null
"""
# Of several channels the one of most touches; of equal ones the first by name, so that the answer is always the same.
_CHANNELS = """
select lower(campaign) as campaign, channel, count(*) as touches
from touches
where day >= $since and day < $until and paid and campaign is not null
group by 1, 2
order by touches, channel desc
"""


@dataclass(frozen=True, slots=True)
class Joined:
    """What visitors came by on some days.

    tags      campaigns and ids, in lower case
    channels  the paid channel of most touches, by campaign in lower case
    """

    tags: frozenset[str] = frozenset()
    channels: Mapping[str, str] = field(default_factory=dict)


def joined(workspace_id: int, *, since: date, until: date) -> Joined:
    """Read what visitors came by on the days [since, until)."""
    # An account's day may begin half a day before or after UTC's.
    around = {"since": since - timedelta(days=1), "until": until + timedelta(days=1)}
    tags = query(workspace_id, _TAGS, around).column("tag").to_pylist()
    found = query(workspace_id, _CHANNELS, around).to_pylist()
    return Joined(frozenset(tags), {each["campaign"]: each["channel"] for each in found})


def is_joined(row: AdCost, seen: Joined) -> bool:
    """Say whether events came by the campaign."""
    return any(name and name.lower() in seen.tags for name in (row.campaign, row.campaign_id))

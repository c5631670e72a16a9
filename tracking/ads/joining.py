"""Which campaigns of cost reports visitors came by: the tags of their addresses, compared with names and ids.

A campaign is joined by `utm_id` or `utm_campaign` that is its id, or by a `utm_campaign` that is its name, whatever the
case. One that is joined by nothing costs money that no report here can credit: its ads lack tags.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Joined:
    """What visitors came by on some days: tags are campaigns and ids, in lower case."""

    tags: frozenset[str] = frozenset()


def joined(workspace_id: int, *, since: date, until: date) -> Joined:
    """Read what visitors came by on the days [since, until)."""
    # An account's day may begin half a day before or after UTC's.
    around = {"since": since - timedelta(days=1), "until": until + timedelta(days=1)}
    return Joined(frozenset(query(workspace_id, _TAGS, around).column("tag").to_pylist()))


def is_joined(row: AdCost, seen: Joined) -> bool:
    """Say whether events came by the campaign."""
    return any(name and name.lower() in seen.tags for name in (row.campaign, row.campaign_id))

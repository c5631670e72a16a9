"""Which campaign of an ad platform a touch is of: the platform by the touch's source, the campaign by name or id. Pure.

A report names a campaign by its id and by the name that it had then; ads' addresses carry one or the other. Campaigns
of one platform that share a name cannot be told apart by touches, so they are one here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reports.dimensions import NOT_SET
from tracking.ads.words import Platform

# What stands in utm_source, or in the host that a visit came from, by platform. `an`, `msg` and `th` are what Meta's
# {{site_source_name}} writes for its audience network, Messenger and Threads.
_SOURCES: Mapping[Platform, str] = {
    Platform.GOOGLE: "google adwords youtube",
    Platform.META: "meta facebook fb instagram ig messenger msg an threads th",
    Platform.LINKEDIN: "linkedin lnkd",
    Platform.MICROSOFT: "microsoft bing msn",
    Platform.PINTEREST: "pinterest",
    Platform.TIKTOK: "tiktok",
}
PLATFORM_OF = {word: platform for platform, words in _SOURCES.items() for word in words.split()}
_PARTS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a platform's reports say of a campaign on some days, in one currency.

    cost_micros                  millionths of the currency's unit
    conversions, value_micros    what the platform claims; None where its reports say nothing of it
    """

    platform: str
    name: str
    campaign_id: str
    currency: str
    cost_micros: int
    conversions: Decimal | None
    value_micros: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a touch's credit belongs.

    platform   a key of Platform; SEVERAL where the campaign's name is of several; "" for no ad of theirs
    campaign   of a reported one its key; of another one what the touch carries
    """

    platform: str
    campaign: str
    is_reported: bool


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign that reports tell of: all names and ids that it has there."""

    platform: str
    names: tuple[str, ...]
    ids: tuple[str, ...]
    told: tuple[Told, ...]

    @property
    def place(self) -> Place:
        """Give where its touches' credit belongs."""
        return Place(self.platform, (self.ids or self.names or ("",))[0], is_reported=True)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a touch carries of the ad that it came by."""

    source: str
    campaign: str
    is_paid: bool


SEVERAL = Place("several", "", is_reported=False)
OTHER = Place("", "", is_reported=False)


class Campaigns:
    """All campaigns that reports tell of, found by what touches carry."""

    def __init__(self, told: Iterable[Told], tags: Iterable[tuple[str, str]] = ()) -> None:
        """Take the reports' campaigns; tags are pairs of utm_campaign and utm_id that came on one address."""
        rows = list(told)
        named: defaultdict[str, set[str]] = defaultdict(set)
        for name, campaign_id in tags:
            named[campaign_id.casefold()].add(name.casefold())
        self.all: list[Campaign] = []
        self._found: dict[tuple[str, str], Place] = {}
        for members in _together([_tokens(row, named) for row in rows]):
            self._add([rows[each] for each in members], named)

    def place_of(self, origin: Origin) -> Place:
        """Say where a touch's credit belongs.

        A source that names a platform decides for it. Any other source does so only for a paid touch whose campaign
        is of one platform alone: an e-mail may well bear the name of a campaign of ads.
        """
        platform, token = platform_of(origin.source), origin.campaign.casefold()
        if platform:
            found = self._found.get((platform, token)) if token else None
            unreported = Place(platform, origin.campaign or NOT_SET, is_reported=False) if origin.is_paid else OTHER
            return found or unreported
        if not origin.is_paid:
            return OTHER
        places = [self._found[each, token] for each in Platform if (each, token) in self._found]
        return OTHER if not places else places[0] if len(places) == 1 else SEVERAL

    def _add(self, rows: Sequence[Told], named: Mapping[str, set[str]]) -> None:
        names, ids = (
            tuple(dict.fromkeys(filter(None, each)))
            for each in ((row.name for row in rows), (row.campaign_id for row in rows))
        )
        campaign = Campaign(rows[0].platform, names, ids, tuple(rows))
        self.all.append(campaign)
        for row in rows:
            self._found.update(dict.fromkeys(_tokens(row, named), campaign.place))


def platform_of(source: str) -> Platform | None:
    """Give the ad platform that a source names: "facebook", "l.facebook.com", "google-ads"."""
    words = _PARTS.split(source.casefold())
    return next((PLATFORM_OF[word] for word in words if word in PLATFORM_OF), None)


def _tokens(row: Told, named: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    own = {row.name.casefold(), row.campaign_id.casefold()} - {""} or {""}  # a row without either is kept as one
    return {(row.platform, token) for token in own | named.get(row.campaign_id.casefold(), set())}


def _together(tokens: Sequence[set[tuple[str, str]]]) -> list[list[int]]:
    """Put the rows together that share a token, directly or by others between them; in the order they come."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row, mine in enumerate(tokens):
        joined = [row]
        for group in {id(groups[token]): groups[token] for token in mine if token in groups}.values():
            joined += group
        joined.sort()
        everything = mine.union(*(tokens[each] for each in joined))
        groups.update(dict.fromkeys(everything, joined))
    unique = {id(group): group for group in groups.values()}
    return sorted(unique.values())

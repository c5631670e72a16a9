"""What a person would count by hand from a raw file: hits, visits, touches, credit. Shares no code with the product.

Only the two detectors of bots are the same libraries. The rules are those that the documentation gives.
"""

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import ua_parser
from crawlerdetect import CrawlerDetect

MONTH_SECONDS = 30 * 86_400
HALF_HOUR = 1_800

Tags = tuple[str, str, str]  # source, medium, campaign


@dataclass(frozen=True)
class Hit:
    """Something that a visitor did; `at` in seconds since 1970, `line` in the file."""

    visitor: str
    at: float
    line: int
    name: str
    path: str
    referrer: str = ""
    tags: Tags = ("", "", "")
    value: float = 0


@dataclass(frozen=True)
class Touch:
    visitor: str
    at: float
    line: int
    channel: str


@dataclass(frozen=True)
class Visit:
    hits: tuple[Hit, ...]
    channel: str


# -- from the raw files to hits --------------------------------------------------------------------------------

LINE = re.compile(
    r'(\S+) \S+ \S+ \[(\d+)/May/2015:(\d+):(\d+):(\d+) \+0000\] "(\S+) (\S+) [^"]*" (\d+) \S+ "([^"]*)" "(.*)"'
)
PART_OF_A_PAGE = re.compile(
    r"\.(css|js|png|jpe?g|gif|ico|svg|ttf|woff|swf|xsl|xml|json)$|^/robots\.txt$", re.IGNORECASE
)
FILE = re.compile(r"\.(jar|gz|pdf|exe|deb|doc|zip|gem|tgz|war)$", re.IGNORECASE)


def hits_of_log(path: Path) -> Iterator[Hit]:
    """Read the log: people's page views and downloads, a visitor being an address and browser on a UTC day."""
    crawlers = CrawlerDetect()
    fetched: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
        for number, text in enumerate(lines):
            found = LINE.fullmatch(text.rstrip("\n"))
            if not found:
                continue
            ip, day, hour, minute, second, method, target, status, referrer, agent = found.groups()
            page, _, query = target.partition("?")
            device = ua_parser.parse(agent).device
            if method != "GET" or (int(status) >= 300 and status != "304"):
                continue
            if agent == "-" or crawlers.is_crawler(agent) or (device and device.family == "Spider"):
                continue
            if PART_OF_A_PAGE.search(page) or "flav=" in query:
                continue
            at = datetime(2015, 5, int(day), int(hour), int(minute), int(second), tzinfo=UTC).timestamp()
            is_file = bool(FILE.search(page))
            if is_file:
                earlier = fetched[ip, agent, page]
                if status == "206" and any(at - other <= HALF_HOUR for other in earlier):
                    continue
                if status != "304":
                    earlier.append(at)
            name = "file_download" if is_file else "page_view"
            yield Hit(f"{ip} {agent} {day}", at, number, name, page, referrer.strip("-"), tags_in(query))


def tags_in(query: str) -> Tags:
    sent = parse_qs(query)
    source, medium, campaign = (sent.get(f"utm_{name}", [""])[0] for name in ("source", "medium", "campaign"))
    return source, medium, campaign


NOTHING = re.compile(r"\((direct|none|not set)\)")  # what the export writes where nothing is


def hits_of_snowplow(path: Path) -> Iterator[Hit]:
    """Read the table of events."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            at = datetime.fromisoformat(row["derived_tstamp"]).replace(tzinfo=UTC).timestamp()
            tags = tuple(NOTHING.sub("", row[f"mkt_{name}"]) for name in ("source", "medium", "campaign"))
            value = float(row["tr_total"] or 0)
            yield Hit(row["domain_userid"], at, number, row["event_name"], "", row["page_referrer"], tags, value)


# -- from hits to visits and touches ---------------------------------------------------------------------------


def visits_of(hits: Iterable[Hit], channel_of: Callable[[Hit], str]) -> tuple[list[Visit], list[Touch]]:
    """Cut each visitor's hits where half an hour or more lies between them; a new campaign is a new touch."""
    visits: list[Visit] = []
    touches: list[Touch] = []
    ordered = sorted(hits, key=lambda hit: (hit.visitor, hit.at, hit.line))
    for _, mine in groupby(ordered, key=lambda hit: hit.visitor):
        visit: list[Hit] = []
        for hit in [*mine, None]:
            if visit and (hit is None or hit.at - visit[-1].at >= HALF_HOUR):
                visits.append(Visit(tuple(visit), channel_of(visit[0])))
                touches += touches_of(visit, channel_of)
                visit = []
            if hit:
                visit.append(hit)
    return visits, touches


def touches_of(visit: list[Hit], channel_of: Callable[[Hit], str]) -> Iterator[Touch]:
    known = visit[0].tags
    yield Touch(visit[0].visitor, visit[0].at, visit[0].line, channel_of(visit[0]))
    for hit in visit[1:]:
        if any(hit.tags) and hit.tags != known:
            known = hit.tags
            yield Touch(hit.visitor, hit.at, hit.line, channel_of(hit))


# -- where a hit came from -------------------------------------------------------------------------------------


# Where the list of sites is silent or has no word for it; each line is a decision.
ALSO = {
    "stackexchange.com": "social", "superuser.com": "social", "serverfault.com": "social",  # as stackoverflow.com
    "youtube.com": "video",  # its list knows no videos, and calls it social
    "support.google.com": "", "analytics.google.com": "",  # Google's, but nobody searches there
}  # fmt: skip


class Places:
    """The list of sites by kind; `{}` in a host stands for a country's part."""

    def __init__(self, path: Path) -> None:
        self.kinds: dict[str, str] = {}
        self.names: dict[str, str] = {}
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if self.kinds.get(row["host_pattern"]) != "ai":
                    self.kinds[row["host_pattern"]] = row["category"]
                self.names.setdefault(row["name"].lower(), row["category"])
        self.kinds |= ALSO

    def kind_of(self, host: str) -> str:
        labels = host.removeprefix("www.").split(".")
        for start in range(len(labels)):
            rest = labels[start:]
            for name in (".".join(rest), f"{rest[0]}.{{}}" if 2 <= len(rest) <= 3 else ""):
                if name in self.kinds:
                    return self.kinds[name]
        return ""


BY_KIND = {"search": "Organic search", "social": "Organic social", "video": "Organic video", "email": "Email",
           "shopping": "Organic shopping", "ai": "AI assistant"}  # fmt: skip
PAID = re.compile(r".*cp.*|ppc|retargeting|paid.*")


def channel_by(places: Places, own_host: str) -> Callable[[Hit], str]:
    """Give the function from a hit to its channel, by the published order of rules."""

    def channel_of(hit: Hit) -> str:
        source, medium, campaign = (tag.lower() for tag in hit.tags)
        if source or medium or campaign:
            return tagged(source, medium, places)
        host = (urlsplit(hit.referrer).hostname or "").lower()
        if not host or host == own_host or host.endswith("." + own_host):
            return "Direct"
        return BY_KIND.get(places.kind_of(host), "Referral")

    return channel_of


def tagged(source: str, medium: str, places: Places) -> str:
    kind = places.kind_of(source) or places.names.get(source, "")
    if PAID.fullmatch(medium):
        return {"search": "Paid search", "social": "Paid social", "video": "Paid video"}.get(kind, "Paid other")
    if kind in ("social", "video") or medium in ("social", "video"):
        return "Organic social" if "social" in (kind, medium) else "Organic video"
    if kind == "search" or medium == "organic":
        return "Organic search"
    known = {"email": "Email", "affiliate": "Affiliates", "referral": "Referral", "display": "Display"}
    return known.get(medium, "Unassigned")


# -- credit ----------------------------------------------------------------------------------------------------


def last_non_direct(conversions: Iterable[Hit], touches: Iterable[Touch]) -> Counter[str]:
    """Give each conversion to its visitor's last touch of the month before; to a direct one if there is no other."""
    by_visitor: dict[str, list[Touch]] = defaultdict(list)
    for touch in touches:
        by_visitor[touch.visitor].append(touch)
    credit: Counter[str] = Counter()
    for hit in conversions:
        before = [touch for touch in by_visitor[hit.visitor] if 0 <= hit.at - touch.at <= MONTH_SECONDS]
        told = [touch for touch in before if touch.channel != "Direct"] or before
        credit[max(told, key=lambda touch: (touch.at, touch.line)).channel] += 1
    return credit

"""A web server's access log in combined format to events; every line is an event or is counted as left out.

Who looked at a page says the log; who asked for its pictures, and which program did, is left out by
reason, in a fixed order, so that each line has one reason and the counts add up to the lines.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from hashlib import blake2b
from typing import BinaryIO

from tracking.agents import agent_of
from tracking.campaign import Address, address_of, without_www
from tracking.event import MAX_AHEAD_US, MAX_URL_CHARS, MINUTE_US, Event
from tracking.file_kinds import is_asset, is_download, is_feed
from tracking.import_file import MAX_LINE_BYTES, open_file
from tracking.occurrences import Occurrences
from tracking.times import us_of
from tracking.visitor import daily_visitor

PROTOCOL = "access_log"

# A file fetched in pieces (status 206) is one download: PDF viewers ask for dozens of ranges. Pieces further
# apart are a second visit, by the session gap that all reports use.
PIECES_GAP_US = 30 * MINUTE_US

# Servers write a line when a request ends, so lines of one second stand apart; by minutes, not by hours.
MOST_MOMENTS = 10_000


class LeftOutReason(StrEnum):
    """Why a line is no event, in the order in which the reasons are tried."""

    MALFORMED = "malformed"
    TIME_IN_FUTURE = "time_in_future"
    NOT_GET = "not_get"  # HEAD, POST, OPTIONS: no page was looked at
    ERROR = "error"  # status 400 and above
    REDIRECT = "redirect"  # the request that follows is counted; 304 is none, it is a page seen again
    BOT = "bot"  # a crawler, a preview, or no User-Agent at all
    ASSET = "asset"  # pictures, styles, scripts, and files for machines
    FEED = "feed"  # a reader program fetches it for hours without a person
    PIECE = "piece"  # another range of a download that is counted already


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that is no event; `text` is its beginning where it was malformed, else empty."""

    line: int
    reason: LeftOutReason
    text: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One request as the log has it."""

    ip: str
    time_us: int
    day: date  # UTC, for the salt
    method: str
    target: str
    status: int
    referrer: str
    user_agent: str


@dataclass(slots=True, kw_only=True)
class Reader:
    """Reads one log; it remembers identical lines and downloads in pieces, so use one for each file.

    site      what to put before paths, such as "https://www.example.org"; None: events have paths only
    salt_of   secret for visitors of a UTC day, at most 64 bytes
    now_us    the time of the import: it becomes received_us, and later lines are left out
    """

    source_id: int
    salt_of: Callable[[date], bytes]
    now_us: int
    site: str | None = None
    own_hosts_seen: Counter[str] = field(default_factory=Counter)
    _occurrences: Occurrences = field(default_factory=Occurrences)
    _in_moment: dict[int, int] = field(default_factory=dict)
    _downloads: dict[tuple[str, str], int] = field(default_factory=dict)

    def read(self, stream: BinaryIO) -> Iterator[Event | LeftOut]:
        """Give an event or a LeftOut for each line that is not empty; raises UnreadableFileError."""
        file = open_file(stream)
        number = 0
        while line := file.readline(MAX_LINE_BYTES):
            number += 1
            text = line.rstrip(b"\r\n")
            if text:
                yield self.outcome_of(number, text)

    def outcome_of(self, number: int, line: bytes) -> Event | LeftOut:
        """Judge one line; `number` is for the reader of the errors only."""
        hit = hit_of(line.decode("utf-8", "replace"))
        if hit is None:
            return LeftOut(number, LeftOutReason.MALFORMED, line[:200].decode("utf-8", "replace"))
        sequence = self._place_in_moment(hit.time_us)
        address = address_of(hit.target)
        reason = self._reason_against(hit, address)
        return LeftOut(number, reason) if reason else self._event_of(hit, address, line, sequence)

    def _reason_against(self, hit: Hit, address: Address) -> LeftOutReason | None:
        if hit.time_us > self.now_us + MAX_AHEAD_US:
            return LeftOutReason.TIME_IN_FUTURE
        refusal = _refusal_by_protocol(hit)
        if refusal:
            return refusal
        agent = agent_of(hit.user_agent)
        if not hit.user_agent or agent.is_bot or agent.is_preview:
            return LeftOutReason.BOT
        path = (address.path or "/").lower()
        if is_asset(path):
            referred = address_of(hit.referrer).host
            if referred:  # a page that shows this site's pictures is mostly the site itself
                self.own_hosts_seen[without_www(referred)] += 1
            return LeftOutReason.ASSET
        if is_feed(path, hit.target):
            return LeftOutReason.FEED
        return LeftOutReason.PIECE if self._is_another_piece(hit, path) else None

    def _is_another_piece(self, hit: Hit, path: str) -> bool:
        if hit.status not in {200, 206}:
            return False
        key = (f"{hit.ip} {hit.user_agent}", path)
        last_us = self._downloads.get(key)
        if hit.status == 206 and last_us is not None and abs(hit.time_us - last_us) <= PIECES_GAP_US:
            return True
        if hit.status == 206 or is_download(path):
            self._downloads[key] = hit.time_us
        return False

    def _place_in_moment(self, time_us: int) -> int:
        """Count the lines of the same second so far: a log has whole seconds, and its order is the visits' order.

        Lines that are left out count as well, so that a better detector of bots does not change what is stored.
        """
        place = self._in_moment.get(time_us, 0)
        self._in_moment[time_us] = place + 1
        if len(self._in_moment) > MOST_MOMENTS:
            for old in sorted(self._in_moment)[: MOST_MOMENTS // 2]:
                del self._in_moment[old]
        return place

    def _event_of(self, hit: Hit, address: Address, line: bytes, sequence: int) -> Event:
        agent = agent_of(hit.user_agent)
        path = address.path or "/"
        url = hit.target if address.host else (self.site or "").rstrip("/") + hit.target
        host = address.host or (address_of(self.site).host if self.site else None)
        return Event(
            event_id=self._id_of(line),
            name="file_download" if is_download(path.lower()) else "page_view",
            time_us=hit.time_us,
            received_us=self.now_us,
            visitor_id=daily_visitor(
                salt=self.salt_of(hit.day), ip=hit.ip, user_agent=hit.user_agent, source_id=self.source_id
            ),
            protocol=PROTOCOL,
            sequence=sequence,
            url=url[:MAX_URL_CHARS],
            host=host,
            path=path,
            referrer=hit.referrer[:MAX_URL_CHARS] or None,
            click_id_type=address.click_id_type,
            click_id=address.click_id,
            device=agent.device,
            browser=agent.browser,
            os=agent.os,
            utm_source=address.tags.get("utm_source"),
            utm_medium=address.tags.get("utm_medium"),
            utm_campaign=address.tags.get("utm_campaign"),
            utm_content=address.tags.get("utm_content"),
            utm_term=address.tags.get("utm_term"),
            utm_id=address.tags.get("utm_id"),
        )

    def _id_of(self, line: bytes) -> str:
        """Hash source, line and how often the line was there before: a re-import gives the same ids, and two
        honest identical lines (a second click within one second) stay two.
        """
        content = blake2b(line, digest_size=16).digest()
        said = b"%d:%d:%b" % (self.source_id, self._occurrences.count(content), content)
        return blake2b(said, digest_size=16).hexdigest()


# Apache's and nginx's "combined", an optional virtual host before it and anything after it. Quotes inside a
# quoted field are escaped with a backslash, which is why the fields are not simply [^"]*.
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_LINE = re.compile(
    r"(?:\S+:\d+ )?(\S+) \S+ .*?"
    r"\[(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\] "
    rf"{_QUOTED} (\d{{3}}) (?:\d+|-) {_QUOTED} {_QUOTED}(?: .*)?"
)
_REQUEST = re.compile(r"([A-Z]{3,16}) (\S+)(?: HTTP/[0-9.]+)?")
# Not strptime's %b: it depends on the locale of the machine.
_MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
    "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip


def hit_of(line: str) -> Hit | None:
    """Take a line apart; None where it is not in combined format."""
    found = _LINE.fullmatch(line)
    request = _REQUEST.fullmatch(found[11]) if found else None
    when = _time_of(found) if found else None
    if found is None or request is None or when is None:
        return None
    referrer, user_agent = (_unescaped(found[group]) for group in (13, 14))
    return Hit(
        ip=found[1],
        time_us=us_of(when),
        day=when.astimezone(UTC).date(),
        method=request[1],
        target=_unescaped(request[2]),
        status=int(found[12]),
        referrer="" if referrer == "-" else referrer,
        user_agent="" if user_agent == "-" else user_agent,
    )


def _time_of(found: re.Match[str]) -> datetime | None:
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = found.groups()[1:10]
    offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
    try:
        zone = timezone(-offset if sign == "-" else offset)
        return datetime(int(year), _MONTHS.get(month, 0), int(day), int(hour), int(minute), int(second), tzinfo=zone)
    except ValueError:  # the 31st of Jun, a month that is none
        return None


def _unescaped(text: str) -> str:
    return text.replace('\\"', '"').replace("\\\\", "\\") if "\\" in text else text


def _refusal_by_protocol(hit: Hit) -> LeftOutReason | None:
    if hit.method != "GET":
        return LeftOutReason.NOT_GET
    if hit.status >= 400:
        return LeftOutReason.ERROR
    if hit.status >= 300 and hit.status != 304:
        return LeftOutReason.REDIRECT
    return None

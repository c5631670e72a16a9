import gzip
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import ua_parser
from crawlerdetect import CrawlerDetect
from hypothesis import given
from hypothesis import strategies as st

from tracking.access_log import LeftOut, LeftOutReason, Reader, hit_of
from tracking.event import Event, is_cookieless
from tracking.import_file import UnreadableFileError

LOG = Path(__file__).resolve().parents[3] / "shared/data/access_log/access.log.gz"
NOW_US = 1_795_297_679_000_000
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


def reader(**settings: object) -> Reader:
    known = {"source_id": 1, "salt_of": lambda day: day.isoformat().encode(), "now_us": NOW_US}
    return Reader(**{**known, **settings})


def line(
    path: str = "/",
    *,
    ip: str = "192.0.2.7",
    time: str = "17/May/2015:10:05:03 +0000",
    method: str = "GET",
    status: int = 200,
    referrer: str = "-",
    agent: str = FIREFOX,
) -> str:
    return f'{ip} - - [{time}] "{method} {path} HTTP/1.1" {status} 512 "{referrer}" "{agent}"'


def outcomes(*lines: str, **settings: object) -> list[Event | LeftOut]:
    return list(reader(**settings).read(io.BytesIO("\n".join(lines).encode())))


def events(*lines: str, **settings: object) -> list[Event]:
    return [outcome for outcome in outcomes(*lines, **settings) if isinstance(outcome, Event)]


LEFT_OUT = {
    "no log line": ("hello", LeftOutReason.MALFORMED),
    "cut off": (line()[:-20], LeftOutReason.MALFORMED),
    "the 31st of June": (line(time="31/Jun/2015:10:05:03 +0000"), LeftOutReason.MALFORMED),
    "a handshake on the wrong port": (line().replace("GET / HTTP/1.1", "\\x16\\x03"), LeftOutReason.MALFORMED),
    "tomorrow": (line(time="22/Nov/2026:22:00:00 +0000"), LeftOutReason.TIME_IN_FUTURE),
    "HEAD": (line(method="HEAD"), LeftOutReason.NOT_GET),
    "POST": (line(method="POST"), LeftOutReason.NOT_GET),
    "not found": (line(status=404), LeftOutReason.ERROR),
    "server error": (line(status=500), LeftOutReason.ERROR),
    "moved": (line(status=301), LeftOutReason.REDIRECT),
    "found": (line(status=302), LeftOutReason.REDIRECT),
    "a crawler": (line(agent="Mozilla/5.0 (compatible; Googlebot/2.1)"), LeftOutReason.BOT),
    "a preview": (line(agent="facebookexternalhit/1.1"), LeftOutReason.BOT),
    "no user agent": (line(agent="-"), LeftOutReason.BOT),
    "a style": (line("/style.css?v=3"), LeftOutReason.ASSET),
    "a picture": (line("/images/A.PNG"), LeftOutReason.ASSET),
    "robots.txt": (line("/robots.txt"), LeftOutReason.ASSET),
    "a sitemap": (line("/sitemap.xml"), LeftOutReason.ASSET),
    "well-known": (line("/.well-known/gpc.json"), LeftOutReason.ASSET),
    "a feed by its query": (line("/blog?flav=rss20"), LeftOutReason.FEED),
    "a feed by its path": (line("/blog/feed/"), LeftOutReason.FEED),
    "a feed by its file": (line("/atom.xml"), LeftOutReason.FEED),
    "a crawler for a missing page": (line(agent="Googlebot/2.1", status=404), LeftOutReason.ERROR),
}


@pytest.mark.parametrize(("text", "reason"), LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_a_line_that_is_no_visit_has_one_reason(text, reason):
    (outcome,) = outcomes(text)
    assert isinstance(outcome, LeftOut)
    assert (outcome.line, outcome.reason) == (1, reason)
    assert bool(outcome.text) == (reason is LeftOutReason.MALFORMED)


KEPT = {
    "a page": (line("/about"), "page_view", "/about"),
    "a page seen again": (line("/about", status=304), "page_view", "/about"),
    "a page with an ending": (line("/xdotool.xhtml"), "page_view", "/xdotool.xhtml"),
    "a source file": (line("/files/x.py"), "page_view", "/files/x.py"),
    "a jar": (line("/files/a-1.2.jar"), "file_download", "/files/a-1.2.jar"),
    "a PDF": (line("/brosjyre%20h%C3%B8st.PDF?x=1"), "file_download", "/brosjyre høst.PDF"),
    "escaped quotes": (line("/", referrer='https://a.example/?q=\\"x\\"', agent=FIREFOX), "page_view", "/"),
    "a virtual host before it": ("www.example.org:443 " + line("/v"), "page_view", "/v"),
    "more behind it": (line("/m") + ' "-" 0.004', "page_view", "/m"),
    "a user's name with a space": (line("/u").replace("- -", "- ola nordmann"), "page_view", "/u"),
    "IPv6": (line("/six", ip="2001:db8::7"), "page_view", "/six"),
}


@pytest.mark.parametrize(("text", "name", "path"), KEPT.values(), ids=KEPT.keys())
def test_a_visit_is_an_event(text, name, path):
    (event,) = events(text)
    assert (event.name, event.path) == (name, path)
    assert event.time_us == 1_431_857_103_000_000
    assert event.received_us == NOW_US
    assert is_cookieless(event.visitor_id)
    assert (event.browser, event.device) == ("Firefox", "desktop")


def test_an_event_tells_where_its_visitor_came_from():
    text = line("/a?utm_source=avisa&utm_medium=email&gclid=g", referrer="https://www.google.com/")
    (event,) = events(text, site="https://www.example.org/")
    assert event.url == "https://www.example.org/a?utm_source=avisa&utm_medium=email&gclid=g"
    assert (event.host, event.referrer) == ("www.example.org", "https://www.google.com/")
    assert (event.utm_source, event.utm_medium, event.click_id_type) == ("avisa", "email", "gclid")


def test_times_are_read_in_their_zone():
    (event,) = events(line(time="17/May/2015:12:05:03 +0200"))
    assert event.time_us == 1_431_857_103_000_000


def test_a_file_in_pieces_is_one_download():
    pieces = [line("/a.pdf", status=206, time=f"17/May/2015:10:{minute:02}:00 +0000") for minute in (5, 3, 20, 34)]
    later = line("/a.pdf", status=206, time="17/May/2015:10:36:00 +0000")
    other = line("/a.pdf", status=206, ip="192.0.2.8")
    found = outcomes(*pieces, later, other)
    assert [isinstance(outcome, Event) for outcome in found] == [True, False, False, False, True, True]
    assert found[1].reason is LeftOutReason.PIECE


def test_pieces_after_a_whole_request_belong_to_it_and_whole_requests_count_each():
    found = events(line("/a.pdf"), line("/a.pdf", status=206), line("/a.pdf"))
    assert len(found) == 2


def test_the_same_file_again_gives_the_same_ids_and_two_equal_lines_are_two():
    lines = [line("/a"), line("/a"), line("/b")]
    first, again = events(*lines), events(*lines)
    assert [event.event_id for event in first] == [event.event_id for event in again]
    assert len({event.event_id for event in first}) == 3
    assert {event.event_id for event in events(*lines, source_id=2)}.isdisjoint(event.event_id for event in first)


def test_a_visitor_lasts_a_day():
    first, same, next_day = events(line(), line("/b"), line(time="18/May/2015:10:05:03 +0000"))
    assert first.visitor_id == same.visitor_id != next_day.visitor_id
    assert "192.0.2.7" not in repr(first)


def test_the_salt_is_that_of_the_day_in_utc():
    asked: list[date] = []
    events(line(time="18/May/2015:01:00:00 +0200"), salt_of=lambda day: asked.append(day) or b"s")
    assert asked == [date(2015, 5, 17)]


def test_the_sites_own_host_shows_in_who_asks_for_its_pictures():
    log = reader()
    list(log.read(io.BytesIO(line("/a.png", referrer="https://www.example.org/x").encode())))
    assert log.own_hosts_seen == {"example.org": 1}


def test_a_cut_off_gzip_says_so_after_what_could_be_read():
    packed = gzip.compress("\n".join(line(f"/{n}") for n in range(1_000)).encode())
    with pytest.raises(UnreadableFileError, match="cut off"):
        list(reader().read(io.BytesIO(packed[:-10])))


@given(st.text(alphabet='0aG ET/[]":-+\\.May2015', max_size=80))
def test_no_line_is_an_error(text):
    hit_of(text)


# The independent count: a few lines that share nothing with the product but the two detectors of bots.
ASSET = re.compile(r"\.(css|js|png|jpe?g|gif|ico|svg|ttf|woff|swf|xsl|xml|json)$|^/robots\.txt$", re.IGNORECASE)
FILE = re.compile(r"\.(jar|gz|pdf|exe|deb|doc|zip|gem|tgz|war)$", re.IGNORECASE)


def count_by_hand(lines: Iterator[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    crawlers = CrawlerDetect()
    pieces: dict[tuple[str, str, str], list[int]] = {}
    for text in lines:
        parts = text.rstrip("\n").split('"')
        if len(parts) != 7:
            counts["malformed"] += 1
            continue
        ip, method, target = parts[0].split()[0], *parts[1].split()[:2]
        status, agent, path = int(parts[2].split()[0]), parts[5], target.split("?")[0]
        device = ua_parser.parse(agent).device
        if method != "GET":
            counts["not_get"] += 1
        elif status >= 400:
            counts["error"] += 1
        elif status in (301, 302):
            counts["redirect"] += 1
        elif agent == "-" or crawlers.is_crawler(agent) or (device and device.family == "Spider"):
            counts["bot"] += 1
        elif ASSET.search(path):
            counts["asset"] += 1
        elif "flav=" in target:
            counts["feed"] += 1
        elif FILE.search(path):
            counted = pieces.setdefault((ip, agent, path), [])
            at = minutes_of(parts[0])
            is_piece = status == 206 and any(abs(at - other) <= 30 for other in counted)
            counts["piece" if is_piece else "file_download"] += 1
            counted.extend([] if is_piece or status == 304 else [at])
        else:
            counts["page_view"] += 1
    return counts


def minutes_of(before_quotes: str) -> int:
    day, hour, minute = re.search(r"\[(\d+)/May/2015:(\d+):(\d+)", before_quotes).groups()
    return (int(day) * 24 + int(hour)) * 60 + int(minute)


@pytest.mark.skipif(not LOG.exists(), reason="the real log of ../shared/data/access_log is not on this machine")
def test_the_real_log_is_counted_as_an_independent_count_has_it():
    with LOG.open("rb") as file:
        found = list(reader(site="https://www.semicomplete.com").read(file))
    with gzip.open(LOG, "rt", encoding="utf-8", errors="replace") as lines:
        expected = count_by_hand(lines)
    counts = Counter(outcome.reason.value if isinstance(outcome, LeftOut) else outcome.name for outcome in found)
    assert counts == expected
    assert counts.total() == len(found) == 10_000
    kept = [outcome for outcome in found if isinstance(outcome, Event)]
    assert len({event.event_id for event in kept}) == len(kept)

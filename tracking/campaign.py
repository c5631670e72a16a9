"""What an address says of the campaign that brought someone: utm tags and the ad platforms' click ids."""

from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote, unquote_plus

from tracking.event import MAX_TEXT_CHARS


@dataclass(frozen=True, slots=True)
class ClickId:
    """What a platform's click id tells of the touch that carries it.

    source, medium  what to assume where the address has no utm tags
    proves_paid     False where the platform adds the id to unpaid links too
    """

    source: str
    medium: str
    proves_paid: bool = True


# In order of precedence: the first one found in an address is kept.
CLICK_IDS = {
    "gclid": ClickId("google", "cpc"),
    "gbraid": ClickId("google", "cpc"),
    "wbraid": ClickId("google", "cpc"),
    "dclid": ClickId("google", "display"),
    "msclkid": ClickId("bing", "cpc"),
    "li_fat_id": ClickId("linkedin", "paid-social"),
    "ttclid": ClickId("tiktok", "paid-social"),
    "twclid": ClickId("twitter", "paid-social"),
    "rdt_cid": ClickId("reddit", "paid-social"),
    "sccid": ClickId("snapchat", "paid-social"),
    "oppref": ClickId("chatgpt", "cpc"),
    "irclickid": ClickId("impact", "affiliate"),
    "awc": ClickId("awin", "affiliate"),
    "cjevent": ClickId("cj", "affiliate"),
    # Facebook and Pinterest mark links in ordinary posts too: the platform is known, a payment is not.
    "fbclid": ClickId("facebook", "social", proves_paid=False),
    "epik": ClickId("pinterest", "social", proves_paid=False),
}
UTM_TAGS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "utm_id")
_WANTED = frozenset((*UTM_TAGS, *CLICK_IDS))

# Characters that a percent-encoded address can smuggle in: NUL breaks PostgreSQL, the others break terminals.
_CONTROLS = dict.fromkeys([*range(32), 127], "\ufffd")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address that events keep; `tags` has only the utm tags that are there."""

    host: str | None
    path: str | None
    tags: dict[str, str]
    click_id_type: str | None
    click_id: str | None
    campaign: tuple[str | None, ...] = field(init=False)  # the tags in the order of UTM_TAGS, all six

    def __post_init__(self) -> None:
        object.__setattr__(self, "campaign", tuple(map(self.tags.get, UTM_TAGS)))


@lru_cache(maxsize=8_192)
def address_of(url: str) -> Address:
    """Take an address apart; what has no host (a bare path, `data:`) gives None for it, never an error."""
    before_fragment, _, fragment = url.partition("#")
    before_query, _, query = before_fragment.partition("?")
    host, path = _host_and_path(before_query)
    found = _wanted_in(query)
    if "utm_" in fragment:  # AdWords for single-page sites puts the tags behind the #
        found = _wanted_in(fragment.rpartition("?")[2]) | found
    click_id_type = next((name for name in CLICK_IDS if name in found), None) if found else None
    return Address(
        host=host,
        path=path,
        tags={tag: found[tag] for tag in UTM_TAGS if tag in found} if found else {},
        click_id_type=click_id_type,
        click_id=found[click_id_type] if click_id_type else None,
    )


def host_of(url: str) -> str | None:
    """Give the lower-case host of an address, without user and port; None where there is none."""
    return address_of(url).host


def without_click_ids(url: str) -> str:
    """Take the ad platforms' ids out of an address and leave everything else as it was."""
    before, mark, rest = url.partition("?")
    query, hash_mark, fragment = rest.partition("#")
    kept = "&".join(pair for pair in query.split("&") if pair.partition("=")[0].lower() not in CLICK_IDS)
    return before + (mark if kept else "") + kept + hash_mark + fragment


def without_www(host: str) -> str:
    """Drop a leading `www.`: nobody means another site by it."""
    return host.removeprefix("www.")


def _host_and_path(location: str) -> tuple[str | None, str | None]:
    scheme, separator, rest = location.partition("://")
    if not separator:
        # "/about" is a path; "data:text/html" and "javascript:" are no place at all.
        return None, _readable(location) if location.startswith("/") else None
    authority, slash, path = rest.partition("/")
    if not scheme.replace("-", "").isalnum():  # http, https, android-app; not "/go?to=https"
        return None, None
    host = authority.rpartition("@")[2].lower()
    # An IPv6 host has colons of its own, within brackets.
    host = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    host = host.rstrip(".")
    return _readable(host) or None, _readable(slash + path) or "/"


def _wanted_in(query: str) -> dict[str, str]:
    """Give the utm tags and click ids of a query string, first value each, decoded and not empty."""
    found: dict[str, str] = {}
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        name = key.lower()  # ScCid and UTM_Source are seen in the wild
        if name in _WANTED and name not in found:
            text = unquote_plus(value).translate(_CONTROLS).strip()
            if text and len(text) <= MAX_TEXT_CHARS:
                found[name] = text
    return found


def _readable(text: str) -> str:
    """Decode percent signs, so that people can write rules on `/søk`, without letting controls in."""
    return unquote(text).translate(_CONTROLS) if "%" in text else text

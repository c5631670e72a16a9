"""One of Matomo's tracking requests in the words of our own JSON: whose it is, when and where, and what it says.

source  PROTOCOLS A.4
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracking.event import DAY_US, SECOND_US, Drop, DropReason
from tracking.protocols.json_items import Json
from tracking.protocols.matomo.campaign import remembered, tags_in
from tracking.protocols.matomo.kinds import kind_of
from tracking.protocols.matomo.values import listed, number
from tracking.protocols.translating import said
from tracking.times import EARLIEST_US, moment_of

Told = Mapping[str, str]
FREE_US = DAY_US  # Matomo's own default: an older time needs token_auth
_HEXADECIMAL = re.compile(r"[0-9a-f]{16}")
_OFFSET = re.compile(r"[+-]?([0-9]{1,10})")
_EPOCH = re.compile(r"[0-9]{9,14}(\.[0-9]{1,6})?")
_DIMENSION = re.compile(r"dimension[0-9]{1,3}")
_CAMPAIGN_ASIDE = ("campaign_group", "campaign_placement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a hit is read by.

    now_us      of receipt
    is_server   the source is a server, and its requests' own browser is nobody's
    is_trusted  it is, and was named by a secret: it may speak of other addresses and of times long ago
    currency    of the source: Matomo sends none
    page        the header Referer, which is the page that an image stands on
    """

    now_us: int
    is_server: bool = False
    is_trusted: bool = False
    currency: str | None = None
    page: str = ""


def fields_of(told: Told, given: Given) -> Json | Drop:
    """Translate a request; a Drop says why it means nothing."""
    if told.get("rec") != "1":
        return Drop(DropReason.INVALID_SHAPE, "rec=1 is missing: nothing is to be recorded", "/rec")
    visitor = _visitor(told)
    if isinstance(visitor, Drop):
        return visitor
    at_us = when_of(told, given)
    if isinstance(at_us, Drop):
        return at_us
    url = _url(told, given)
    kind = kind_of(told, url)
    if isinstance(kind, Drop):
        return kind
    brought = tags_in(url) or remembered(told, url, at_us=given.now_us if at_us is None else at_us)
    aside = {name: brought.pop(name) for name in _CAMPAIGN_ASIDE if name in brought}
    properties = _custom(told) | aside | kind.pop("properties", {})
    worth = _worth(kind, properties, given)
    place = _place(told, given, url)
    time = None if at_us is None else Decimal(at_us) / SECOND_US
    user = told.get("uid")
    return said(**worth, **place, **brought, time=time, visitor_id=visitor, user_id=user, properties=properties or None)


def when_of(told: Told, given: Given) -> int | Drop | None:
    """Read `cdt`, a time in UTC, less `cdo` seconds; None where the request says neither."""
    text, offset = told.get("cdt", "").strip(), _OFFSET.fullmatch(told.get("cdo", "").strip())
    if not text and offset is None:
        return None
    moment = moment_of(Decimal(text) if _EPOCH.fullmatch(text) else text, pointer="/cdt") if text else None
    if isinstance(moment, Drop):
        return moment
    us = (moment.us if moment else given.now_us) - (int(offset[1]) * SECOND_US if offset else 0)
    if us < EARLIEST_US:
        return Drop(DropReason.TOO_OLD, "the time is before 1990", "/cdt")
    if us <= given.now_us - FREE_US and not given.is_trusted:
        detail = "a time more than 24 hours ago is taken from a server that is named by a secret"
        return Drop(DropReason.TOO_OLD, detail, "/cdt")
    return us


def _visitor(told: Told) -> str | Drop | None:
    """Give `cid`, which must be an id, else `_id`, which may be none; `uid` is the user's, beside either."""
    forced = told.get("cid", "").lower()
    if forced:
        wrong = Drop(DropReason.FIELD_TYPE, "cid must be 16 hexadecimal characters", "/cid")
        return forced if _HEXADECIMAL.fullmatch(forced) else wrong
    own = told.get("_id", "")[:16].lower()
    return own if _HEXADECIMAL.fullmatch(own) else None


def _url(told: Told, given: Given) -> str | None:
    """Give the page; that of an image without a word of it is the one that it stands on."""
    url = told.get("url", "").strip()
    if url or told.get("urlref"):
        return url or None
    return given.page or None


def _place(told: Told, given: Given, url: str | None) -> Json:
    """Say where it happened, and with what."""
    return {
        "url": url,
        "referrer": told.get("urlref"),
        "title": told.get("action_name"),
        "language": told.get("lang", "").split(",", 1)[0].split(";", 1)[0].strip(),
        "user_agent": told.get("ua") if given.is_server else None,
        "ip": told.get("cip") if given.is_trusted else None,
    }


def _worth(kind: Json, properties: Json, given: Given) -> Json:
    """Keep an amount of no known currency aside where the event counts without; an order does not, and is refused."""
    if "value" not in kind or given.currency is not None or kind["name"] == "purchase":
        return kind
    properties["revenue"] = number(kind["value"])
    return {name: value for name, value in kind.items() if name != "value"}


def _custom(told: Told) -> Json:
    """Give custom dimensions by their number, and custom variables by their name, of the visit and of the page."""
    found: dict[str, Any] = {name: value for name, value in told.items() if value and _DIMENSION.fullmatch(name)}
    for scope in ("_cvar", "cvar"):
        variables = listed(told.get(scope, ""))
        for name, value in variables.items() if isinstance(variables, dict) else ():
            pair = value if isinstance(value, list) and len(value) == 2 else (name, value)
            if isinstance(pair[0], str) and pair[0] and isinstance(pair[1], str | int | Decimal):
                found[pair[0]] = pair[1]
    return found

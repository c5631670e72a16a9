"""Plausible's events in, Events out: from its old tracker, its new one, and servers that send to its events API.

Visitors have no ids: they are known for a day by the hash that our own tag uses as well. The site is the key.
`engagement` says how long a page was looked at; it is kept, and is no event that anybody counts.
source  PROTOCOLS A.3
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracking.campaign import host_of, without_www
from tracking.event import MAX_EXACT_INTEGER, DropReason, Problem, Status
from tracking.protocols.answers import as_json, as_text
from tracking.protocols.bodies import refused, unpacked
from tracking.protocols.json_items import Decoded, Json
from tracking.protocols.parsed import Parsed
from tracking.protocols.seam import Cors, Incoming, Parcel, Protocol, Refusal, Reply, Route, Taken, Terms
from tracking.protocols.translating import Item, one_object, plain, read_items, said, text_in

NAME = "plausible"
MOST_SITES = 10  # that one event may be for
NAMES = {"pageview": "page_view"}
_ORDER_IDS = ("transaction_id", "order_id")


@dataclass(frozen=True, slots=True)
class Hit:
    """One event, and the browser that a server says it speaks for."""

    item: Item
    ip: str | None
    user_agent: str


def open_event(incoming: Incoming) -> Sequence[Parcel]:
    """Take the event apart: one parcel for each site that it names."""
    body = unpacked(incoming)
    if isinstance(body, Problem):
        return (Parcel(key=None, problem=body),)
    decoded = one_object(body)
    if isinstance(decoded, Problem):
        return (Parcel(key=None, problem=decoded),)
    told = decoded.fields
    url = text_in(told, "u") or text_in(told, "url")
    sites = _sites(told, url)
    problem = _problem(told, url, sites)
    if problem is not None:
        return [refused(site, problem, body) for site in sites or (None,)]
    hops = [hop.strip() for hop in incoming.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    item = Item(_fields(told, url or ""), body, decoded.is_mended)
    hit = Hit(item, hops[0] if hops else None, incoming.headers.get("user-agent", "")[:1_024])
    return [Parcel(key=site, content=hit) for site in sites]


def read(parcel: Parcel, terms: Terms) -> Parsed:
    """Judge the event; a server's key is trusted with the browser that it speaks for, as Plausible does with all."""
    hit: Hit = parcel.content
    item = hit.item
    if terms.rules.is_server:
        item = Item(item.fields | said(ip=hit.ip, user_agent=hit.user_agent), item.raw, item.is_mended)
    return read_items((item,), terms, protocol=NAME)


def accept(_incoming: Incoming, taken: Sequence[Taken]) -> Reply:
    """Say what Plausible says, which has a header for what it dropped."""
    dropped = {Status.FILTERED, Status.REJECTED}
    is_dropped = all(result.status in dropped for each in taken for result in each.results)
    return _ok(is_dropped=is_dropped)


def refuse(_incoming: Incoming, refusal: Refusal) -> Reply:
    """Say what Plausible says: an unknown site is dropped."""
    if refusal.status == 401:
        return _ok(is_dropped=True)
    status = 400 if refusal.status == 413 else refusal.status
    field = refusal.pointer.strip("/") or "request"
    return as_json(status, {"errors": {field: [refusal.detail]}})


def _ok(*, is_dropped: bool) -> Reply:
    return as_text(202, "ok", {"x-plausible-dropped": "1"} if is_dropped else {})


def _sites(told: Json, url: str | None) -> list[str]:
    named = text_in(told, "d") or text_in(told, "domain")
    if named is None:
        host = host_of(url) if url else None
        return [without_www(host)] if host else []
    sites = [site.strip() for site in named.split(",") if site.strip()]
    return list(dict.fromkeys(sites))[:MOST_SITES]


def _problem(told: Json, url: str | None, sites: Sequence[str]) -> Problem | None:
    if not (text_in(told, "n") or text_in(told, "name")):
        return Problem(400, DropReason.NAME_REQUIRED, "an event needs a name", pointer="/event_name")
    if url is None or url.lower().startswith("data:"):
        return Problem(400, DropReason.INVALID_SHAPE, "an event needs the address of its page", pointer="/url")
    if not sites:
        return Problem(400, DropReason.INVALID_SHAPE, "an event needs its site's domain", pointer="/domain")
    return None


def _fields(told: Json, url: str) -> Json:
    name = text_in(told, "n") or text_in(told, "name") or ""
    if name == "engagement":
        return said(name=name, url=url, properties=_engagement(told))
    properties = _properties(told)
    revenue = _object(told.get("$") if told.get("$") is not None else told.get("revenue"))
    if revenue and name.lower() == "purchase":
        name = "purchase"
    order = next((str(properties[each]) for each in _ORDER_IDS if name == "purchase" and each in properties), None)
    if (told["i"] if "i" in told else told.get("interactive")) is False:
        properties["interactive"] = False
    return said(
        name=NAMES.get(name, name),
        url=url,
        referrer=text_in(told, "r") or text_in(told, "referrer"),
        value=plain(revenue.get("amount")),
        currency=revenue.get("currency"),
        transaction_id=order,
        properties=properties or None,
    )


def _properties(told: Json) -> Json:
    """Give the custom properties: lists, objects, nulls and empty texts are left out, as Plausible does."""
    given = next((told[key] for key in ("p", "props", "m", "meta") if told.get(key) is not None), None)
    return {name: value for name, value in _object(given).items() if plain(value) not in (None, "")}


def _object(value: Any) -> Json:
    """Give the object; the old tracker sends it as JSON within a text."""
    if isinstance(value, str):
        decoded = one_object(value.encode("utf-8", "replace"))
        return decoded.fields if isinstance(decoded, Decoded) else {}
    return value if isinstance(value, dict) else {}


def _engagement(told: Json) -> Json:
    """Say how long the page was looked at and how far it was scrolled, in the words of our own tag."""
    spent_ms, scroll = _count(told, "e"), _count(told, "sd")
    return said(engaged_seconds=None if spent_ms is None else Decimal(spent_ms) / 1_000, scroll=scroll)


def _count(told: Json, key: str) -> int | None:
    value = told.get(key)
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_EXACT_INTEGER
    return value if is_count else None


PROTOCOL = Protocol(
    name=NAME,
    label="Plausible",
    key="domain",
    routes=(Route("api/event", open_event),),
    read=read,
    accept=accept,
    refuse=refuse,
    cors=Cors(headers="Content-Type, Content-Encoding, X-Debug-Request"),
)

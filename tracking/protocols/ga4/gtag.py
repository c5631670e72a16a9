"""Hits of Google's tag (gtag.js, Tag Manager) in browsers: names and values, in the address and in lines of a body.

Google documents none of this. The names are those that its tags are seen to send; what is not known is left alone.
What all events of a request share stands in the address; the body has a line for each event, or is missing.
source  PROTOCOLS A.1b
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any

from tracking.consents.google import of_hit
from tracking.event import MAX_EVENT_BYTES, MAX_ITEMS, QUARANTINE_BYTES, Drop, DropReason, Problem
from tracking.protocols import recipes
from tracking.protocols.bodies import too_many, unpacked
from tracking.protocols.ga4.events import fields_of
from tracking.protocols.ga4.hits import Hits, told_apart
from tracking.protocols.json_items import Json
from tracking.protocols.queries import Parameters, parameters_of, text_of_query
from tracking.protocols.seam import Incoming, Parcel
from tracking.protocols.translating import Item, Outcome, Refused, said

# What a retry may say otherwise than the first try: how long ago the page began, and how long the hit has waited.
_CHANGING = {"tfd", "qt"}
_PARAMS = {
    "dl": "page_location", "dr": "page_referrer", "dt": "page_title", "ul": "language", "sid": "session_id",
    "cu": "currency", "_et": "engagement_time_msec",
    "cs": "campaign_source", "cm": "campaign_medium", "cn": "campaign_name", "cc": "campaign_content",
    "ct": "campaign_term", "ck": "campaign_term", "ci": "campaign_id",
}  # fmt: skip
_LINE = {
    "id": "item_id", "nm": "item_name", "br": "item_brand", "ca": "item_category", "c2": "item_category2",
    "c3": "item_category3", "c4": "item_category4", "c5": "item_category5", "va": "item_variant", "pr": "price",
    "qt": "quantity", "ds": "discount", "cp": "coupon",
}  # fmt: skip
_COUNTED = {"price", "quantity", "discount"}
_LINES = range(1, MAX_ITEMS + 1)  # pr1 to pr200
_NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,4})?")
_NOT_FINITE = {"nan", "infinity", "-infinity"}


def open_hits(incoming: Incoming) -> Sequence[Parcel]:
    """Take a request apart; the measurement id stands in the address, or in the body's first line."""
    shared, body = parameters_of(text_of_query(incoming.query)), unpacked(incoming)
    if isinstance(body, Problem):
        return (Parcel(key=None, public_key=shared.values.get("tid"), problem=body),)
    lines = [line for line in re.split(rb"[\r\n]+", body) if line.strip()] or [b""]
    shown = shared.values.get("tid") or parameters_of(lines[0].decode("utf-8", "replace")).values.get("tid")
    if problem := too_many(len(lines), "events", pointer="/events"):
        return (Parcel(key=None, public_key=shown, problem=problem, raw=lines[0][:QUARANTINE_BYTES]),)
    hits = [_hit(shared, line) for line in lines]
    content = Hits(items=_items(hits), consent=lambda place, at_us: of_hit(hits[place].values, at_us=at_us))
    return (Parcel(key=None, public_key=shown, content=content, items=len(hits)),)


def _hit(shared: Parameters, line: bytes) -> Parameters:
    own = parameters_of(line.decode("utf-8", "replace"))
    return Parameters({**shared.values, **own.values}, is_mended=shared.is_mended or own.is_mended)


def _items(hits: Sequence[Parameters]) -> list[Outcome]:
    raws = told_apart([_written(hit.values) for hit in hits])
    return [_item(hit, raw, place) for place, (hit, raw) in enumerate(zip(hits, raws, strict=True))]


def _written(hit: Mapping[str, str]) -> bytes:
    """Write a hit as a retry has it again, whichever way round; readable, for quarantine."""
    pairs = (f"{name}={value}" for name, value in sorted(hit.items()) if name not in _CHANGING)
    return "&".join(pairs).encode("utf-8", "replace")


def _item(hit: Parameters, raw: bytes, place: int) -> Outcome:
    if len(raw) > MAX_EVENT_BYTES:
        detail = f"the event has {len(raw)} bytes; at most {MAX_EVENT_BYTES} are taken"
        return Refused(Drop(DropReason.EVENT_TOO_LARGE, detail), raw)
    fields = _fields(hit.values)
    if isinstance(fields, Drop):
        return Refused(fields, raw)
    is_order = fields.get("name") == "purchase" and fields.get("transaction_id")
    # A page load and its count of hits name a hit; an order is known by its transaction, from whichever page.
    is_named = hit.values.get("_p") and hit.values.get("_s") and not is_order
    event_id = recipes.digest(raw) if is_named else None
    return Item(fields | said(event_id=event_id, sequence=place), raw, hit.is_mended)


def _fields(hit: Mapping[str, str]) -> Json | Drop:
    params: dict[str, Any] = {ours: hit[theirs] for theirs, ours in _PARAMS.items() if hit.get(theirs)}
    for name, value in hit.items():
        kind, _, key = name.partition(".")
        if not key or kind not in {"ep", "epn"}:
            continue
        number = _number(value) if kind == "epn" else value
        if number is None:
            return Drop(DropReason.NUMBER_NOT_FINITE, "NaN, Infinity and numbers beyond 1e308 are refused", f"/{name}")
        params.setdefault(key, number)
    lines = [_line(hit[f"pr{n}"]) for n in _LINES if hit.get(f"pr{n}")]
    fields = fields_of({"name": hit.get("en"), "params": params | ({"items": lines} if lines else {})})
    return fields if isinstance(fields, Drop) else fields | said(visitor_id=hit.get("cid"), user_id=hit.get("uid"))


def _number(text: str) -> Decimal | str | None:
    """Give a number; what is none as text; None for what is no number by name."""
    if not _NUMBER.fullmatch(text):
        return None if text.strip().lower() in _NOT_FINITE else text
    return Decimal(text) if isfinite(float(text)) else None


def _line(text: str) -> Json:
    """Read a line of an order: two letters and a value for each part, between tildes; a doubled tilde is one."""
    parts = (part.replace("\x00", "~") for part in text.replace("~~", "\x00").split("~"))
    named = {_LINE[part[:2]]: part[2:] for part in parts if part[:2] in _LINE and part[2:]}
    return {name: _amount(value) if name in _COUNTED else value for name, value in named.items()}


def _amount(text: str) -> Decimal | str:
    number = _number(text)
    return text if number is None else number

"""Bodies of GA4's Measurement Protocol, from servers and apps: taken apart into events, and who they are of."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec

from tracking.consents.google import of_measurement_protocol
from tracking.event import QUARANTINE_BYTES, SECOND_US, Drop, DropReason, Problem
from tracking.protocols.bodies import too_many, unpacked
from tracking.protocols.ga4.events import fields_of
from tracking.protocols.ga4.hits import Hits, told_apart
from tracking.protocols.json_items import Json, decode_item
from tracking.protocols.json_split import Split, split, split_single
from tracking.protocols.queries import parameters_of, text_of_query
from tracking.protocols.seam import Incoming, Parcel
from tracking.protocols.translating import Item, Outcome, id_text, object_of, said, text_in, translated
from tracking.rules import WRITE_KEYS_BEGIN

# Of the body, beside its events; `user_data`, `user_properties` and `user_location` are about people, and not read.
_READ = (
    "client_id", "app_instance_id", "user_id", "timestamp_micros", "consent", "non_personalized_ads", "ip_override",
    "user_agent", "device",
)  # fmt: skip
_DEVICES = {"desktop", "mobile", "tablet", "tv"}
_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def open_collect(incoming: Incoming) -> Sequence[Parcel]:
    """Take a request apart; its keys stand in the address."""
    return (open_one(incoming),)


def open_one(incoming: Incoming) -> Parcel:
    """Take a request apart, which is of one stream."""
    asked = parameters_of(text_of_query(incoming.query)).values
    shown = asked.get("measurement_id") or asked.get("firebase_app_id")
    parcel = partial(Parcel, key=_key(shown, asked.get("api_secret")), public_key=shown)
    body = unpacked(incoming)
    if isinstance(body, Problem):
        return parcel(problem=body)
    parts = _apart(body)
    if isinstance(parts, Problem):
        return parcel(problem=parts, raw=body[:QUARANTINE_BYTES])
    hits = _hits(parts)
    if isinstance(hits, Problem):  # of the body only an event is kept, where nobody's data stands
        return parcel(problem=hits, raw=b"".join(parts.items[:1])[:QUARANTINE_BYTES])
    return parcel(content=hits, items=len(hits.items))


def _key(shown: str | None, secret: str | None) -> str | None:
    """Give the key that only a server knows: the stream's id, which every page shows, together with the API secret."""
    if secret and secret.startswith(WRITE_KEYS_BEGIN):
        return secret  # a server may send our own write key in place of Google's secret
    return f"{shown}:{secret}" if shown and secret else None


def _apart(body: bytes) -> Split | Problem:
    parts = split(body, items_key="events", known=_READ)
    if isinstance(parts, Split) or parts.code is not DropReason.INVALID_SHAPE:
        return parts
    alone = split_single(body)  # ga4mp sends a postponed event by itself, without the list around it
    try:
        members = {} if isinstance(alone, Problem) else _object(alone.items[0])
    except msgspec.DecodeError:
        return parts
    event = bytes(members.pop("events", b""))
    return Split([event], {name: bytes(raw) for name, raw in members.items()}) if event[:1] == b"{" else parts


def _hits(parts: Split) -> Hits | Problem:
    if problem := too_many(len(parts.items), "events", pointer="/events"):
        return problem
    known = b",".join(b'"%b":%b' % (name.encode(), parts.members[name]) for name in _READ if name in parts.members)
    decoded = decode_item(b"{" + known + b"}")
    if isinstance(decoded, Drop):
        return Problem(400, decoded.reason, decoded.message, pointer=decoded.pointer)
    body = decoded.fields
    visitor, user = id_text(body.get("client_id")) or id_text(body.get("app_instance_id")), id_text(body.get("user_id"))
    if visitor is None and user is None:
        detail = "a body needs client_id, or app_instance_id of an app"
        return Problem(400, DropReason.INVALID_SHAPE, detail, pointer="/client_id")
    shared = said(visitor_id=visitor, user_id=user, **_device(body.get("device")))
    return Hits(
        items=_items(parts.items, shared, at=body.get("timestamp_micros")),
        consent=lambda _place, at_us: of_measurement_protocol(body, at_us=at_us),
        visitor=said(ip=text_in(body, "ip_override"), user_agent=text_in(body, "user_agent")),
    )


def _items(raws: Sequence[bytes], shared: Json, *, at: Any) -> list[Outcome]:  # Any: a JSON value
    read = [translated(raw, partial(_event, shared, at, place)) for place, raw in enumerate(raws)]
    return [
        Item(item.fields, raw, item.is_mended) if isinstance(item, Item) else item
        for item, raw in zip(read, told_apart(raws), strict=True)
    ]


def _event(shared: Json, at: Any, place: int, event: Json) -> Json | Drop:  # Any: a JSON value
    fields = fields_of(event)
    if isinstance(fields, Drop):
        return fields
    own_at = event.get("timestamp_micros")
    # Events of one body are often of one moment, and then their order in it is all that tells which was first.
    return shared | fields | said(time=_time(at if own_at is None else own_at), sequence=place)


def _time(micros: Any) -> Any:  # Any: JSON values
    """Give the time in seconds, exactly; what is no number is left for the reader to refuse."""
    if isinstance(micros, str) and micros.isascii() and micros.isdecimal() and len(micros) <= 20:
        micros = int(micros)
    is_number = isinstance(micros, int | Decimal) and not isinstance(micros, bool)
    return Decimal(micros) / SECOND_US if is_number else micros


def _device(told: Any) -> Json:  # Any: a JSON value
    device = object_of(told)
    category = (text_in(device, "category") or "").lower()
    return said(device=category if category in _DEVICES else None, language=text_in(device, "language"))

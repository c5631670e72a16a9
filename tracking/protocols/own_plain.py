"""The quick way to an event of our own JSON, for an item in which nothing is out of the ordinary.

Most items are: known fields of the right type within their limits, and no money. msgspec checks that while it decodes.
Whatever else an item holds, `own_event` reads it; tests hold the two together.
"""

from decimal import Decimal
from typing import Annotated, Any, Required, TypedDict

import msgspec
from msgspec import Meta

from tracking.campaign import address_of
from tracking.event import (
    MAX_EVENT_BYTES,
    MAX_EXACT_INTEGER,
    MAX_ID_CHARS,
    MAX_KEY_CHARS,
    MAX_NAME_CHARS,
    MAX_PERSON_ID_CHARS,
    MAX_PROPERTIES,
    MAX_TEXT_CHARS,
    MAX_URL_CHARS,
    Drop,
    Event,
)
from tracking.protocols.json_items import finite_number, hides_quotes
from tracking.protocols.own_event import Reading
from tracking.protocols.own_fields import MAX_DIGITS, encode
from tracking.protocols.parsed import Arrival
from tracking.times import moment_of, timing_of

_Person = Annotated[str, Meta(min_length=1, max_length=MAX_PERSON_ID_CHARS)]
_Url = Annotated[str, Meta(min_length=1, max_length=MAX_URL_CHARS)]
_Text = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT_CHARS)]
_Word = Annotated[str, Meta(min_length=1, max_length=MAX_KEY_CHARS)]


class _Said(TypedDict, total=False):
    """The fields of an ordinary item."""

    event_id: Required[Annotated[str, Meta(min_length=1, max_length=MAX_ID_CHARS)]]
    name: Required[Annotated[str, Meta(min_length=1, max_length=MAX_NAME_CHARS)]]
    visitor_id: _Person
    user_id: _Person
    session_id: _Person
    url: _Url
    referrer: _Url
    title: _Text
    utm_source: _Text
    utm_medium: _Text
    utm_campaign: _Text
    utm_content: _Text
    utm_term: _Text
    utm_id: _Text
    device: _Word
    language: _Word
    time: str
    properties: Annotated[dict[_Word, Any], Meta(max_length=MAX_PROPERTIES)]  # Any: each value is looked at below


_decode = msgspec.json.Decoder(_Said, float_hook=finite_number).decode


def plain_event(raw: bytes, reading: Reading, *, index: int) -> Arrival | None:
    """Make the event of an ordinary item; None where the exact way has to look, which may say the same."""
    if len(raw) > MAX_EVENT_BYTES or hides_quotes(raw):
        return None
    try:
        said: dict[str, Any] = _decode(raw)  # type: ignore[assignment]  # taken apart below
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    quotes, properties, time = raw.count(b'"'), said.pop("properties", None), said.pop("time", None)
    if properties is not None:
        texts = _texts_in(properties)
        if texts is None:
            return None
        quotes -= 2 * (1 + len(properties) + texts)
        if properties:
            said["properties"] = encode(properties).decode()
            quotes += 4
    # As in json_items.decode_plainly: where quotes are left, a key is there twice, or is none of these.
    if quotes != 4 * (len(said) + (time is not None)):
        return None
    time_us = reading.received_us if time is None else _time_us(time, reading)
    # What the item says itself wins over what its address says.
    kept = reading.base | address_of(said["url"]).fields | said if "url" in said else reading.base | said
    name: str = said["name"]
    if time_us is None or "visitor_id" not in kept or not name.isprintable() or name.isspace():
        return None
    return Arrival(index, Event(time_us=time_us, **kept), reading.user_agent)


def _texts_in(properties: dict[str, Any]) -> int | None:
    """Count the values that are text; None where a value is not kept as it is."""
    texts = 0
    for value in properties.values():
        kind = type(value)
        if kind is str and len(value) <= MAX_TEXT_CHARS:
            texts += 1
        elif not (
            (kind is int and -MAX_EXACT_INTEGER <= value <= MAX_EXACT_INTEGER)
            or (kind is Decimal and len(value.as_tuple().digits) <= MAX_DIGITS)
            or kind is bool
            or value is None
        ):
            return None
    return texts


def _time_us(said: str, reading: Reading) -> int | None:
    """Give the time of an item whose clock is right; None where there is more to say of it."""
    moment = moment_of(said)
    if isinstance(moment, Drop) or not moment.has_zone:
        return None
    timing = timing_of(
        moment,
        received_us=reading.received_us,
        sent_us=reading.sent_us,
        max_age_us=reading.max_age_us,
        max_ahead_us=reading.max_ahead_us,
    )
    return None if isinstance(timing, Drop) or timing.client_time_us is not None else timing.time_us

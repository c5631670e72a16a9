"""The quick way to events of our own JSON, for items in which nothing is out of the ordinary.

Most items are: known fields of the right type within their limits, and no money. msgspec checks that while it decodes,
a whole batch at once. Whatever else an item holds, `own_event` reads it; tests hold the two together.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, Any

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


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What an ordinary item says; None: nothing, for which a null is out of the ordinary."""

    event_id: Annotated[str, Meta(min_length=1, max_length=MAX_ID_CHARS)]
    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME_CHARS)]
    visitor_id: _Person | None = None
    user_id: _Person | None = None
    session_id: _Person | None = None
    url: _Url | None = None
    referrer: _Url | None = None
    title: _Text | None = None
    utm_source: _Text | None = None
    utm_medium: _Text | None = None
    utm_campaign: _Text | None = None
    utm_content: _Text | None = None
    utm_term: _Text | None = None
    utm_id: _Text | None = None
    device: _Word | None = None
    language: _Word | None = None
    time: str | None = None
    properties: Annotated[dict[_Word, Any], Meta(max_length=MAX_PROPERTIES)] | None = None  # Any: looked at below


_BROKEN = (msgspec.DecodeError, ValueError, RecursionError)
_decode = msgspec.json.Decoder(Said, float_hook=finite_number).decode
_decode_all = msgspec.json.Decoder(list[Said], float_hook=finite_number).decode


def said_in(raw: bytes) -> Said | None:
    """Read an item; None where the exact way has to look, which may say the same."""
    try:
        said = _decode(raw)
    except _BROKEN:
        return None
    return _unless_odd(said, raw)


def said_in_all(text: bytes, raws: Sequence[msgspec.Raw]) -> list[Said | None]:
    """Read a list of items as `said_in` reads each; `raws` are its items."""
    try:
        told = _decode_all(text)
    except _BROKEN:
        return [said_in(bytes(raw)) for raw in raws]
    if max(map(len, raws), default=0) > MAX_EVENT_BYTES or not _is_all(told, text):
        return [_unless_odd(said, bytes(raw)) for said, raw in zip(told, raws, strict=True)]
    return [said if _is_plain(said.properties) else None for said in told]


def plain_reader(reading: Reading) -> Callable[[Said, int], Arrival | None]:
    """Give what makes the event of an ordinary item and its place; None where the exact way has to look."""
    given, user_agent, received_us = reading.base.get, reading.user_agent, reading.received_us
    visitor, device, language = given("visitor_id"), given("device"), given("language")
    protocol, browser, system = reading.base["protocol"], given("browser"), given("os")

    def read(said: Said, index: int) -> Arrival | None:
        name = said.name
        visitor_id = said.visitor_id or visitor
        time_us = received_us if said.time is None else _time_us(said.time, reading)
        if time_us is None or visitor_id is None or not name.isprintable() or name.isspace():
            return None
        address = address_of(said.url) if said.url else _NOWHERE
        source, medium, campaign, content, term, number = address.campaign
        event = Event(
            event_id=said.event_id,
            name=name,
            time_us=time_us,
            received_us=received_us,
            visitor_id=visitor_id,
            protocol=protocol,
            user_id=said.user_id,
            session_id=said.session_id,
            url=said.url,
            host=address.host,
            path=address.path,
            title=said.title,
            referrer=said.referrer,
            # What the item says itself wins over what its address says.
            utm_source=said.utm_source or source,
            utm_medium=said.utm_medium or medium,
            utm_campaign=said.utm_campaign or campaign,
            utm_content=said.utm_content or content,
            utm_term=said.utm_term or term,
            utm_id=said.utm_id or number,
            click_id_type=address.click_id_type,
            click_id=address.click_id,
            device=said.device or device,
            browser=browser,
            os=system,
            language=said.language or language,
            properties=encode(said.properties).decode() if said.properties else None,
        )
        return Arrival(index, event, user_agent)

    return read


_NOWHERE = address_of("")


def _unless_odd(said: Said, raw: bytes) -> Said | None:
    return said if len(raw) <= MAX_EVENT_BYTES and _is_all(said, raw) and _is_plain(said.properties) else None


def _is_all(told: Said | list[Said], text: bytes) -> bool:
    """Tell whether nothing of the text was passed over: no unknown or doubled key, no null.

    Written anew, what was told has two quotes for each of its keys and texts, unless a text holds one itself. What was
    passed over had at least its key's two beside them.
    """
    again = encode(told)
    return not hides_quotes(again) and again.count(b'"') == text.count(b'"')


def _is_plain(properties: dict[str, Any] | None) -> bool:
    """Tell whether each value is kept as it is, and none has others within."""
    for value in properties.values() if properties else ():
        kind = type(value)
        if not (
            (kind is str and len(value) <= MAX_TEXT_CHARS)
            or (kind is int and -MAX_EXACT_INTEGER <= value <= MAX_EXACT_INTEGER)
            or (kind is Decimal and len(value.as_tuple().digits) <= MAX_DIGITS)
            or kind is bool
            or value is None
        ):
            return False
    return True


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

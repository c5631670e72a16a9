"""A vendor's items told in the words of our own JSON, and judged by its one reader: limits, money, time, consent.

A vendor's protocol translates; it refuses only what has no meaning in the vendor's own words. What our own JSON would
reject is rejected here for the same reason, counted and kept in quarantine as it was sent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tracking.event import MAX_ID_CHARS, QUARANTINE_BYTES, Drop, DropReason, Problem, Quarantined, Result, Status
from tracking.protocols import recipes
from tracking.protocols.json_items import Decoded, Json, decode_item
from tracking.protocols.json_split import split_single
from tracking.protocols.own_event import ANOTHER_DAY, Reading, event_of, reading_of
from tracking.protocols.parsed import Arrival, Parsed
from tracking.protocols.seam import Terms
from tracking.times import moment_of


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the vendor's client sent, in our words.

    fields         as docs/reference/collect-api.md lists them; without `event_id` the recipe names it
    raw            as it was sent: for quarantine, and for the recipe
    is_mended      characters were replaced while it was decoded
    says_when      its time is the client's own, which a retry says again
    is_time_exact  its time is no reading of the client's clock, and is not corrected by it
    """

    fields: Json
    raw: bytes
    is_mended: bool = False
    says_when: bool = True
    is_time_exact: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """One thing that was sent and means nothing."""

    drop: Drop
    raw: bytes


Outcome = Item | Refused


def one_object(body: bytes) -> Decoded | Problem:
    """Decode an unpacked body that is one JSON object, by the same exact rules as our own."""
    parts = split_single(body)
    if isinstance(parts, Problem):
        return parts
    decoded = decode_item(parts.items[0])
    if isinstance(decoded, Drop):
        return Problem(
            400, decoded.reason, decoded.message or "the body must be a JSON object", pointer=decoded.pointer
        )
    return decoded


def member(raw: bytes | None) -> Any:
    """Decode a member of an envelope, JSON of any kind; None where there is none, or none that can be read."""
    wrapped = decode_item(b'{"it":%b}' % raw) if raw else None
    return wrapped.fields["it"] if isinstance(wrapped, Decoded) else None


def translated(raw: bytes, translate: Callable[[Json], Json | Drop]) -> Outcome:
    """Decode one item of a batch and have it translated."""
    decoded = decode_item(raw)
    if isinstance(decoded, Drop):
        return Refused(decoded, raw)
    fields = translate(decoded.fields)
    return Refused(fields, raw) if isinstance(fields, Drop) else Item(fields, raw, decoded.is_mended)


def read_items(items: Iterable[Outcome], terms: Terms, *, protocol: str, sent_at: Any = None) -> Parsed:
    """Judge the items of a parcel.

    protocol  stands on the events
    sent_at   the client's clock as it was sent; one that cannot be read is as good as none: vendors do not require it
    """
    moment = moment_of(sent_at) if sent_at is not None else None
    reading = reading_of(
        rules=terms.rules,
        sender=terms.sender,
        salt=terms.salt,
        received_us=terms.now_us,
        sent_us=None if moment is None or isinstance(moment, Drop) else moment.us,
        protocol=protocol,
    )
    exact = replace(reading, sent_us=None)
    parsed = Parsed()
    for index, item in enumerate(items):
        if isinstance(item, Refused):
            read: Arrival | Drop = item.drop
        else:
            read = _read(item, exact if item.is_time_exact else reading, index)
        if isinstance(read, Drop):
            _reject(parsed, index, read, item.raw)
            if read.reason in ANOTHER_DAY and isinstance(item, Item):
                whole = _read(item, reading.at_any_time(), index)
                parsed.another_day.extend([whole] if isinstance(whole, Arrival) else [])
        else:
            parsed.arrivals.append(read)
            parsed.results.append(accepted(read))
    return parsed


def accepted(read: Arrival) -> Result:
    """Say of an arrival that it is accepted, with its first warning."""
    if not read.notes:
        return Result(read.index, read.event.event_id, _ACCEPTED)
    first = read.notes[0]
    return Result(read.index, read.event.event_id, _ACCEPTED, first.code, first.message, warnings=read.notes)


def order_line(**parts: Any) -> Json:  # Any: JSON values
    """Give a line of an order in our words, from id, name, brand, category, variant, price, quantity and coupon.

    What is None is left out. The words are those that GA4 made common, so that all protocols' lines read alike.
    """
    named = {_LINE_WORDS.get(word, word): value for word, value in parts.items()}
    return {word: value for word, value in named.items() if value is not None}


def order_lines(listed: Any, line: Callable[[Json], Json]) -> list[Json] | None:  # Any: a JSON value
    """Give the objects of a list as lines of an order; None where there is no list."""
    return [line(each) for each in listed if isinstance(each, dict)] if isinstance(listed, list) else None


def id_text(value: Any) -> str | None:  # Any: a JSON value
    """Give an id as it was written; some look like numbers (111.222), and are sent as such."""
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def fitted_id(value: Any) -> str | None:  # Any: a JSON value
    """Give a client's event id; a longer one than is kept by its hash, which a retry has as well."""
    text = id_text(value)
    return text if text is None or len(text) <= MAX_ID_CHARS else recipes.digest(text.encode("utf-8", "replace"))


def said(**fields: Any) -> Json:  # Any: JSON values
    """Give the fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None and value != ""}


def text_in(fields: Json, *path: str) -> str | None:
    """Give the text at a path of keys; None for anything else that is there, and for no text."""
    value = value_in(fields, *path)
    return value if isinstance(value, str) and value else None


def value_in(fields: Json, *path: str) -> Any:
    """Give what is at a path of keys, None where there is no such thing."""
    value: Any = fields
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def object_of(value: Any) -> Json:
    """Give the object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def plain(value: Any) -> Any:
    """Give a property's value where it is text, a number or a truth; None for lists, objects and nothing."""
    return value if isinstance(value, str | int | Decimal) else None


_LINE_WORDS = {part: f"item_{part}" for part in ("id", "name", "brand", "category", "variant")}
_ACCEPTED = Status.ACCEPTED  # looked up once: an attribute of an enumeration is slow, and this is per event


def _read(item: Item, reading: Reading, index: int) -> Arrival | Drop:
    if item.fields.get("event_id"):
        return event_of(Decoded(item.fields, item.is_mended), reading, index=index)
    stand_in = item.fields | {"event_id": recipes.digest(item.raw)}
    arrival = event_of(Decoded(stand_in, item.is_mended), reading, index=index)
    if isinstance(arrival, Drop):
        return arrival
    return recipes.named(arrival, content=item.raw, says_when=item.says_when and item.fields.get("time") is not None)


def _reject(parsed: Parsed, index: int, drop: Drop, raw: bytes) -> None:
    parsed.results.append(Result(index, None, Status.REJECTED, drop.reason, drop.message, pointer=drop.pointer))
    parsed.quarantine.append(Quarantined(index, DropReason(drop.reason), drop.message, raw[:QUARANTINE_BYTES]))

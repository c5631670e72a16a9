"""The one record that every protocol becomes, and what is said of an item that does not become one.

Times are int64 microseconds since the epoch, UTC (`_us`). Money is millionths of the currency's unit
(`_micros`), so that sums stay exact. Nothing here knows a database or a framework.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from hashlib import blake2b
from zlib import crc32

import msgspec

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
DAY_US = 86_400 * SECOND_US

# What one request may hold: more than any tag sends, little enough for a web worker's memory.
MAX_EVENTS_PER_REQUEST = 2_000
MAX_BODY_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 20_000_000  # stops a gzip bomb: a real batch of 2,000 events unpacks to about 2 MB
MAX_EVENT_BYTES = 32_768  # Segment's limit for one message, so that its users need not shrink theirs
MAX_DEPTH = 20  # levels of [ and { from the body's root; real payloads stay under 8
QUARANTINE_BYTES = 2_048  # of the raw input: enough to see the fault, too little to be a second store

# What one event may hold. Names and ids are never cut: a cut name would count as another event.
MAX_NAME_CHARS = 128
MAX_ID_CHARS = 64  # event_id; the ledger's index stays small
MAX_PERSON_ID_CHARS = 256  # visitor, user and session ids of other tools are longer than ours
MAX_TRANSACTION_ID_CHARS = 128
MAX_PROPERTIES = 50
MAX_KEY_CHARS = 64
MAX_TEXT_CHARS = 1_024  # property strings, titles and campaign fields
MAX_URL_CHARS = 8_192  # what web servers accept as a request line
MAX_ITEMS = 200  # lines of one order; gtag's own limit
MAX_EXACT_INTEGER = 2**53  # above it, JavaScript and DuckDB's DOUBLE round silently
MAX_AMOUNT_MICROS = 10**18  # a trillion units: the sum of 9 of them still fits int64

# When an event may have happened.
MAX_SKEW_US = 60 * SECOND_US  # a client clock that is off by more is corrected with sent_at
MAX_AHEAD_US = 5 * MINUTE_US  # allows for honest clocks; more would put conversions into the future
MAX_AGE_US = 60 * DAY_US  # reports are recomputed this far back; older history comes by import

COOKIELESS_PREFIX = "d."  # visitor ids that hold for a day only; reports mark what they cannot see beyond it


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One thing that happened, valid and complete; immutable once accepted.

    The fields are the columns of the lake without day, source_id and import_id, which the writer knows.
    Serialised by name, not by position: an inbox row written before an upgrade must be readable after it.
    """

    event_id: str
    # Up to `protocol` stands what two tries to send the same event may differ in; see fingerprint.
    time_us: int
    received_us: int
    visitor_id: str
    client_time_us: int | None = None  # what the client's clock said, when it was corrected
    click_id: str | None = None  # its value; dropped when ads consent is denied
    consent: str | None = None  # JSON text: purpose to true or false, as stated at the event's time
    device: str | None = None  # desktop, mobile, tablet, tv, other
    browser: str | None = None
    os: str | None = None
    protocol: str
    name: str
    user_id: str | None = None
    session_id: str | None = None  # the client's own; kept, but it does not cut our sessions
    sequence: int | None = None  # the client's order of events within the same microsecond
    refund: bool = False
    url: str | None = None
    host: str | None = None  # of url, lower case, without port
    path: str | None = None  # of url, without query and fragment
    title: str | None = None
    referrer: str | None = None
    utm_source: str | None = None
    utm_medium: str | None = None
    utm_campaign: str | None = None
    utm_content: str | None = None
    utm_term: str | None = None
    utm_id: str | None = None
    click_id_type: str | None = None  # gclid, msclkid, ...; stays when ads consent is denied
    value_micros: int | None = None  # negative for refunds only
    currency: str | None = None  # ISO 4217, upper case
    transaction_id: str | None = None
    items: str | None = None  # JSON text: a list of objects
    language: str | None = None
    properties: str | None = None  # JSON text: an object


class DropReason(StrEnum):
    """Why something that arrived did not become an event; the code that senders and counters see."""

    # The whole request is refused; nothing in it was processed.
    INVALID_WRITE_KEY = "invalid_write_key"
    ORIGIN_NOT_ALLOWED = "origin_not_allowed"
    BODY_TOO_LARGE = "body_too_large"
    INVALID_JSON = "invalid_json"
    INVALID_SHAPE = "invalid_shape"  # JSON, but neither an event nor a list of events
    TOO_DEEP = "too_deep"
    TOO_MANY_EVENTS = "too_many_events"
    # One item is rejected: its sender can mend it and send it again.
    NOT_AN_OBJECT = "not_an_object"
    EVENT_TOO_LARGE = "event_too_large"
    DUPLICATE_KEY = "duplicate_key"
    NUMBER_NOT_FINITE = "number_not_finite"
    NAME_REQUIRED = "name_required"
    NAME_TOO_LONG = "name_too_long"
    EVENT_ID_REQUIRED = "event_id_required"
    EVENT_ID_TOO_LONG = "event_id_too_long"
    FIELD_TYPE = "field_type"
    FIELD_TOO_LONG = "field_too_long"
    AMOUNT_FORMAT = "amount_format"
    AMOUNT_NEGATIVE = "amount_negative"
    CURRENCY_REQUIRED = "currency_required"
    CURRENCY_UNKNOWN = "currency_unknown"
    TIME_FORMAT = "time_format"
    TIME_IN_FUTURE = "time_in_future"
    TOO_OLD = "too_old"
    # One item is held back by a strict source: it is well formed, and not what was planned.
    UNPLANNED = "unplanned"
    SCHEMA_VIOLATION = "schema_violation"
    # One item is filtered: it is well formed, and by our rules or its visitor's wish it must not count.
    BOT = "bot"
    PREFETCH = "prefetch"
    PREVIEW = "preview"
    CONSENT_DENIED = "consent_denied"
    OWN_ADDRESS = "own_address"
    DO_NOT_TRACK = "do_not_track"
    ERASED = "erased"  # found when it was to be stored: its person asked to be forgotten


# With one event in the request there is nobody else to protect, so these two answer 400 there.
REFUSED_WHEN_ALONE = frozenset({DropReason.EVENT_ID_REQUIRED, DropReason.DUPLICATE_KEY})


class Drop(msgspec.Struct, frozen=True):
    """An item that is not kept; `pointer` is the JSON pointer within the item, "" for all of it."""

    reason: DropReason
    message: str = ""
    pointer: str = ""


class WarningCode(StrEnum):
    """What was kept, but not as it was sent."""

    CHARACTERS_REPLACED = "characters_replaced"
    NUMBER_AS_TEXT = "number_as_text"
    PROPERTIES_LEFT_OUT = "properties_left_out"
    UNKNOWN_FIELDS_LEFT_OUT = "unknown_fields_left_out"
    FIELDS_LEFT_OUT = "fields_left_out"
    ITEMS_LEFT_OUT = "items_left_out"
    AMOUNT_ROUNDED = "amount_rounded"
    TIME_WITHOUT_ZONE = "time_without_zone"
    CLOCK_CORRECTED = "clock_corrected"
    SCHEMA_WARNING = "schema_warning"


class WarningNote(msgspec.Struct, frozen=True, omit_defaults=True):
    """One warning to the sender of an accepted item; `keys` names what it is about."""

    code: WarningCode
    message: str
    keys: tuple[str, ...] = ()


class Status(StrEnum):
    """What became of one item, as its sender reads it."""

    ACCEPTED = "accepted"
    UNPLANNED = "unplanned"
    DUPLICATE = "duplicate"
    DUPLICATE_CONFLICT = "duplicate_conflict"
    REJECTED = "rejected"
    FILTERED = "filtered"


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to one item of a request; encodes to the JSON of `results`."""

    index: int
    id: str | None
    status: Status
    code: str = ""
    message: str = ""
    pointer: str = ""
    warnings: tuple[WarningNote, ...] = ()


class Quarantined(msgspec.Struct, frozen=True):
    """A rejected input as it came, cut at QUARANTINE_BYTES; kept 30 days, to be mended and replayed.

    name  of the event, where it has one
    held  what taking it in after all needs, of tracking.held; empty: it cannot be
    """

    index: int | None  # None: the whole body
    reason: DropReason
    message: str
    raw: bytes
    name: str = ""
    held: bytes = b""


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a whole request is refused: the facts of its RFC 9457 body.

    position   byte offset of the fault in the (unpacked) body, where known
    limit      the limit that was passed, where one was
    """

    status: int
    code: DropReason
    detail: str
    position: int | None = None
    limit: int | None = None
    pointer: str = ""


def is_cookieless(visitor_id: str) -> bool:
    """Tell whether the id is a daily hash, which cannot join one day to the next."""
    return visitor_id.startswith(COOKIELESS_PREFIX)


def fingerprint(event: Event, packed: bytes | None = None) -> bytes:
    """Sum up what the sender said, 8 bytes; a retry of the same event gives the same.

    Left out is all that a retry changes without the sender's doing: the time of receipt and what it corrects, the daily
    visitor hash, which changes with the network and at midnight, and what consent and the parser of browsers decide.
    The first half is a CRC-32, the second the time that was said. A sum is enough: it is held against one other, and
    what hangs on it is whether a repeat is called a conflict, never whether it counts.

    packed  the event as `pack_each` gives it, where that is there already
    """
    packed = packed or _ENCODER.encode(event)
    check = crc32(packed[packed.index(_FROM_HERE) :])
    check = crc32(_kept_visitor(event).encode(), check)
    said_us = event.client_time_us or (0 if event.time_us == event.received_us else event.time_us)
    return (check << 32 | said_us & 0xFFFF_FFFF).to_bytes(8)


def former_fingerprint(event: Event) -> bytes:
    """Give the 8 bytes that the ledger has of events that came before there was `fingerprint`."""
    said_us = event.client_time_us or (None if event.time_us == event.received_us else event.time_us)
    said: dict[str, object] = {name: getattr(event, name) for name in _FORMER}
    said |= {"time_us": said_us or 0, "received_us": 0, "visitor_id": _kept_visitor(event)}
    return blake2b(_ENCODER.encode(_Former(**said)), digest_size=16).digest()[:8]


def _kept_visitor(event: Event) -> str:
    return "" if is_cookieless(event.visitor_id) else event.visitor_id


def pack(events: list[Event]) -> bytes:
    """Serialise events for an inbox row."""
    return _ENCODER.encode(events)


def pack_each(events: Iterable[Event]) -> list[bytes]:
    """Serialise events one by one, for whoever needs them so as well; see `pack_all`."""
    return list(map(_ENCODER.encode, events))


def pack_all(each: Sequence[bytes]) -> bytes:
    """Give what `pack` gives, of events that are serialised already: a list's head stands before them."""
    count = len(each)
    head = bytes([0x90 | count]) if count < 16 else b"\xdc" + count.to_bytes(2) if count < 65_536 else b""
    return b"".join([head or b"\xdd" + count.to_bytes(4), *each])


def unpack(packed: bytes) -> list[Event]:
    """Give back what `pack` took; raises msgspec.DecodeError for anything else."""
    return _DECODER.decode(packed)


# The key behind which all is the sender's word, as MessagePack has it.
_FROM_HERE = b"\xa8protocol"
# In the order of the first release, which its fingerprints keep.
_FORMER = (
    "event_id", "name", "time_us", "received_us", "visitor_id", "protocol",
    "user_id", "session_id", "sequence", "refund", "url", "host", "path", "title", "referrer",
    "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "utm_id", "click_id_type",
    "value_micros", "currency", "transaction_id", "items", "language", "properties",
)  # fmt: skip
_Former = msgspec.defstruct(
    "_Former",
    [(name, object) if index < 6 else (name, object, False if name == "refund" else None)
     for index, name in enumerate(_FORMER)],
    omit_defaults=True,
)  # fmt: skip
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Event])

"""The fields of an event in our own JSON: how each is read into a draft, and which faults it can have."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import islice
from typing import Any

import msgspec

from tracking.campaign import CLICK_IDS, UTM_TAGS
from tracking.consent import consent_text
from tracking.event import (
    MAX_EXACT_INTEGER,
    MAX_ID_CHARS,
    MAX_ITEMS,
    MAX_KEY_CHARS,
    MAX_NAME_CHARS,
    MAX_PERSON_ID_CHARS,
    MAX_PROPERTIES,
    MAX_TEXT_CHARS,
    MAX_TRANSACTION_ID_CHARS,
    MAX_URL_CHARS,
    Drop,
    DropReason,
    WarningCode,
    WarningNote,
)

MAX_DIGITS = 30  # of a number that stays one; more is an id that was not quoted
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
encode = msgspec.json.Encoder(decimal_format="number").encode


class Draft:
    """An event half read: what is certain stands in `kept` by Event's names, the rest waits in `said`.

    aside  names of what is kept out or changed, by the warning that will say so
    """

    __slots__ = ("aside", "is_server", "kept", "notes", "said")

    def __init__(self, kept: dict[str, Any], *, is_server: bool) -> None:
        self.kept = kept
        self.is_server = is_server
        self.said: dict[str, Any] = {}
        self.notes: list[WarningNote] = []
        self.aside: dict[WarningCode, list[str]] = {}

    def put_aside(self, code: WarningCode, name: str) -> None:
        """Remember a name for one of the warnings in ASIDE."""
        self.aside.setdefault(code, []).append(name)

    def note(self, code: WarningCode, message: str, keys: Iterable[str] = ()) -> None:
        """Add a warning for the sender; of many keys the first ten are named."""
        self.notes.append(WarningNote(code, message, tuple(key[:MAX_KEY_CHARS] for key in islice(keys, 10))))


Reader = Callable[[Draft, str, Any], Drop | None]

ASIDE = {
    WarningCode.UNKNOWN_FIELDS_LEFT_OUT: "these fields are not known here, or not from this kind of source",
    WarningCode.FIELDS_LEFT_OUT: "these fields are too long",
    WarningCode.PROPERTIES_LEFT_OUT: (
        f"beyond {MAX_PROPERTIES} properties, keys of {MAX_KEY_CHARS} or texts of {MAX_TEXT_CHARS} characters"
    ),
    WarningCode.NUMBER_AS_TEXT: f"integers above 2^53 and numbers above {MAX_DIGITS} digits are kept as text",
}


def read_fields(draft: Draft, fields: dict[str, Any]) -> Drop | None:
    """Read every field of an item; null is: not sent. Gives the first fault."""
    for key, value in fields.items():
        limit = TEXT_LIMITS.get(key)
        if limit is not None and type(value) is str and 0 < len(value) <= limit:
            draft.kept[key] = value  # most fields of most events: spared the reader's call
            continue
        if value is None:
            continue
        reader = READERS.get(key)
        if reader is None:
            draft.put_aside(WarningCode.UNKNOWN_FIELDS_LEFT_OUT, key)
            continue
        fault = reader(draft, key, value)
        if fault is not None:
            return fault
    for code, names in draft.aside.items():
        draft.note(code, ASIDE[code], names)
    return None


def _name(draft: Draft, _key: str, value: Any) -> Drop | None:
    if type(value) is not str or not value.strip():
        return Drop(DropReason.NAME_REQUIRED, "an event needs a name", "/name")
    if len(value) > MAX_NAME_CHARS:
        message = f"the name has {len(value)} characters; at most {MAX_NAME_CHARS} are taken"
        return Drop(DropReason.NAME_TOO_LONG, message, "/name")
    if not value.isprintable() and _CONTROL.search(value):
        return Drop(DropReason.NAME_REQUIRED, "the name has control characters; send a readable one", "/name")
    draft.kept["name"] = value
    return None


def _event_id(draft: Draft, key: str, value: Any) -> Drop | None:
    text = _id_text(value)
    if text is None:
        return _wrong_type(key, "text")
    if len(text) > MAX_ID_CHARS:
        message = f"the id has {len(text)} characters; at most {MAX_ID_CHARS} are taken"
        return Drop(DropReason.EVENT_ID_TOO_LONG, message, "/event_id")
    if text:
        draft.kept["event_id"] = text
    return None


def _id(limit: int) -> Reader:
    """Read an id, which is never cut and never left out: an event on the wrong person is worse than none."""

    def read(draft: Draft, key: str, value: Any) -> Drop | None:
        text = _id_text(value)
        if text is None:
            return _wrong_type(key, "text")
        if len(text) > limit:
            message = f"{key} has {len(text)} characters; at most {limit} are taken"
            return Drop(DropReason.FIELD_TOO_LONG, message, f"/{key}")
        if text:
            draft.kept[key] = text
        return None

    return read


def _text(limit: int) -> Reader:
    """Read text that describes; where it is too long, the event counts without it."""

    def read(draft: Draft, key: str, value: Any) -> Drop | None:
        if type(value) is not str:
            return _wrong_type(key, "text")
        if len(value) > limit:
            draft.put_aside(WarningCode.FIELDS_LEFT_OUT, key)
        elif value:
            draft.kept[key] = value
        return None

    return read


def _later(draft: Draft, key: str, value: Any) -> Drop | None:
    """Keep a value that can be judged only with others: money with its currency, time with the clock."""
    draft.said[key] = value
    return None


def _click_id(draft: Draft, key: str, value: Any) -> Drop | None:
    if type(value) is not str:
        return _wrong_type(key, "text")
    if len(value) > MAX_TEXT_CHARS:
        draft.put_aside(WarningCode.FIELDS_LEFT_OUT, key)
    elif value:
        draft.said.setdefault("click_ids", {})[key] = value
    return None


def _server_only(draft: Draft, key: str, value: Any) -> Drop | None:
    if not draft.is_server:  # a page could claim to be anyone
        draft.put_aside(WarningCode.UNKNOWN_FIELDS_LEFT_OUT, key)
        return None
    if type(value) is not str:
        return _wrong_type(key, "text")
    draft.said[key] = value
    return None


def _type(draft: Draft, _key: str, value: Any) -> Drop | None:
    if value not in ("event", "refund"):  # a list cannot be looked up in a set
        return _wrong_type("type", '"event" or "refund"')
    draft.said["refund"] = value == "refund"
    return None


def _sequence(draft: Draft, key: str, value: Any) -> Drop | None:
    if type(value) is not int or not 0 <= value <= MAX_EXACT_INTEGER:
        return _wrong_type(key, "a whole number from 0")
    draft.kept[key] = value
    return None


def _consent(draft: Draft, key: str, value: Any) -> Drop | None:
    if type(value) is not dict:
        return _wrong_type(key, "an object")
    text = consent_text(value)
    if isinstance(text, Drop):
        return text
    draft.kept[key] = text
    return None


def _items(draft: Draft, key: str, value: Any) -> Drop | None:
    if type(value) is not list or not all(type(item) is dict for item in value):
        return _wrong_type(key, "a list of objects")
    if len(value) > MAX_ITEMS:
        draft.note(WarningCode.ITEMS_LEFT_OUT, f"{len(value)} items were sent; the first {MAX_ITEMS} are kept")
    if value:
        draft.kept[key] = encode([_exact(draft, key, item) for item in value[:MAX_ITEMS]]).decode()
    return None


def _properties(draft: Draft, key: str, value: Any) -> Drop | None:
    if type(value) is not dict:
        return _wrong_type(key, "an object")
    kept: dict[str, Any] = {}
    for name, inner in value.items():
        is_long = type(inner) is str and len(inner) > MAX_TEXT_CHARS
        if is_long or len(name) > MAX_KEY_CHARS or len(kept) >= MAX_PROPERTIES:
            draft.put_aside(WarningCode.PROPERTIES_LEFT_OUT, name)
        else:
            kept[name] = inner if type(inner) is str else _exact(draft, name, inner)
    if kept:
        draft.kept[key] = encode(kept).decode()
    return None


def _exact(draft: Draft, name: str, value: Any) -> Any:
    """Give the value with numbers that readers of JSON would round as text; notes their property's name."""
    kind = type(value)
    if kind is dict:
        return {key: _exact(draft, name, inner) for key, inner in value.items()}
    if kind is list:
        return [_exact(draft, name, inner) for inner in value]
    if kind is int and not -MAX_EXACT_INTEGER <= value <= MAX_EXACT_INTEGER:
        draft.put_aside(WarningCode.NUMBER_AS_TEXT, name)
        return str(value)
    if kind is Decimal and len(value.as_tuple().digits) > MAX_DIGITS:
        draft.put_aside(WarningCode.NUMBER_AS_TEXT, name)
        return str(value)
    return value


def _id_text(value: Any) -> str | None:
    """Give an id as text; tools with numeric ids send them as numbers."""
    if type(value) is str:
        return value
    return str(value) if type(value) is int else None


def _wrong_type(key: str, wanted: str) -> Drop:
    return Drop(DropReason.FIELD_TYPE, f"{key} must be {wanted}", f"/{key}")


# Fields that are kept as they are when they are text within their limit.
TEXT_LIMITS: dict[str, int] = {
    "event_id": MAX_ID_CHARS,
    **dict.fromkeys(("visitor_id", "user_id", "session_id"), MAX_PERSON_ID_CHARS),
    "transaction_id": MAX_TRANSACTION_ID_CHARS,
    **dict.fromkeys(("url", "referrer"), MAX_URL_CHARS),
    **dict.fromkeys(("title", *UTM_TAGS), MAX_TEXT_CHARS),
    **dict.fromkeys(("device", "language"), MAX_KEY_CHARS),
}
_IDS = ("visitor_id", "user_id", "session_id", "transaction_id")
_DESCRIPTIONS = tuple(key for key in TEXT_LIMITS if key not in {"event_id", *_IDS})

READERS: dict[str, Reader] = {
    "event_id": _event_id,
    "name": _name,
    "type": _type,
    "time": _later,
    "sequence": _sequence,
    "value": _later,
    "currency": _later,
    "items": _items,
    "properties": _properties,
    "consent": _consent,
    "ip": _server_only,
    "user_agent": _server_only,
    **{key: _id(TEXT_LIMITS[key]) for key in _IDS},
    **{key: _text(TEXT_LIMITS[key]) for key in _DESCRIPTIONS},
    **dict.fromkeys(CLICK_IDS, _click_id),
}

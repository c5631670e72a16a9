"""One JSON item decoded to Python values, exactly, and fast where it can be shown that nothing is wrong.

Two ways lead to the same answer. The plain one is msgspec, which is fast and does not see a doubled key.
The exact one is the standard library with hooks, which sees everything. Tests hold the two together.
"""

import json
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from math import isinf
from typing import Any

import msgspec

from tracking.event import MAX_EVENT_BYTES, Drop, DropReason

Json = dict[str, Any]  # Any: what a sender wrote; every reader checks the type of what it takes


class Decoded(msgspec.Struct, frozen=True):
    """An item as Python values, decimals exact; `is_mended` where characters were replaced."""

    fields: Json
    is_mended: bool = False


def decode_item(raw: bytes) -> Decoded | Drop:
    """Decode one item whose syntax is known to be right and whose depth is known to be allowed.

    returns  Decoded, or Drop with event_too_large, not_an_object, duplicate_key or number_not_finite
    """
    if len(raw) > MAX_EVENT_BYTES:
        return Drop(DropReason.EVENT_TOO_LARGE, f"the event has {len(raw)} bytes; at most {MAX_EVENT_BYTES} are taken")
    return decode_plainly(raw) or decode_exactly(raw)


def decode_plainly(raw: bytes) -> Decoded | None:
    """Decode by msgspec; None wherever the exact way might say something else.

    Why counting quotes proves that no key is doubled: without `\\"` every quote opens or closes a string, so
    half of them is the number of strings in the text, keys and values. A doubled key is decoded once, and
    then the decoded item has fewer.
    """
    if hides_quotes(raw):
        return None
    try:
        value = _PLAIN.decode(raw)
    except (msgspec.DecodeError, ValueError, RecursionError):  # lone surrogates, 1e400, endless integers
        return None
    if type(value) is not dict or raw.count(b'"') != 2 * _strings_in(value):
        return None
    return Decoded(value)


def hides_quotes(raw: bytes) -> bool:
    """Tell whether a string may have a quote in it, or a NUL: then counting quotes proves nothing."""
    return b"\\" in raw and (b'\\"' in raw or b"\\u0000" in raw)


def decode_exactly(raw: bytes) -> Decoded | Drop:
    """Decode by the standard library with hooks that see doubled keys, NaN and broken characters."""
    value = _EXACT.decode(raw.decode())
    if not isinstance(value, dict):
        return Drop(DropReason.NOT_AN_OBJECT, "an event is a JSON object")
    fault = _fault_in(value, "")
    if fault is not None:
        return fault
    mended = _mended(value)
    return Decoded(mended, is_mended=mended != value)


_BROKEN = re.compile("[\x00\ud800-\udfff]")
_MAX_INT_DIGITS = 4_300  # Python's own limit: more take quadratic time


def _strings_in(value: Json) -> int:
    """Count keys and string values at any depth."""
    return len(value) + _strings_among(value.values())


def _strings_among(values: Iterable[Any]) -> int:
    count = 0
    for inner in values:
        kind = type(inner)
        if kind is str:
            count += 1
        elif kind is dict:
            count += _strings_in(inner)
        elif kind is list:
            count += _strings_among(inner)
    return count


class _Doubled(dict[str, Any]):
    """An object in which `key` stands twice."""

    key = ""


class _NotFinite:
    """Stands where a number was that is none: NaN, Infinity, 1e400."""


def _pairs(pairs: list[tuple[str, object]]) -> Json:
    # Mended first: "a\u0000" and "a\ud800" would otherwise become one key after this check.
    mended = [_BROKEN.sub("\ufffd", key) for key, _ in pairs]
    if len(set(mended)) == len(mended):
        return dict(pairs)
    doubled = _Doubled(pairs)
    doubled.key = next(key for key in mended if mended.count(key) > 1)
    return doubled


def _number(literal: str) -> object:
    try:
        return _NotFinite() if isinf(float(literal)) else Decimal(literal)
    except InvalidOperation:  # an exponent beyond Decimal's: 1e-99999999999999999999
        return _NotFinite()


def finite_number(literal: str) -> Decimal:
    """Read a number with a fraction or an exponent exactly; raise ValueError where it is beyond 1e308."""
    if isinf(float(literal)):
        raise ValueError(literal)
    return Decimal(literal)


def _integer(literal: str) -> int | str:
    return int(literal) if len(literal) <= _MAX_INT_DIGITS else literal


def _not_finite(_literal: str) -> object:
    return _NotFinite()


def _nothing(_literal: str) -> None:
    return None


def _fault_in(value: object, pointer: str) -> Drop | None:
    if isinstance(value, _NotFinite):
        return Drop(DropReason.NUMBER_NOT_FINITE, "NaN, Infinity and numbers beyond 1e308 are refused", pointer)
    if isinstance(value, _Doubled):
        return Drop(DropReason.DUPLICATE_KEY, f'"{value.key[:64]}" is there twice', pointer)
    inner: list[tuple[object, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    faults = (_fault_in(member, f"{pointer}/{_escaped(key)}") for key, member in inner)
    return next((fault for fault in faults if fault is not None), None)


def _escaped(key: object) -> str:
    return _BROKEN.sub("\ufffd", str(key)).replace("~", "~0").replace("/", "~1")[:64]  # RFC 6901


def _mended(value: Any) -> Any:
    """Put U+FFFD for each NUL and lone surrogate, in keys and strings at any depth."""
    if isinstance(value, str):
        return _BROKEN.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_BROKEN.sub("\ufffd", key): _mended(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mended(inner) for inner in value]
    return value


_PLAIN = msgspec.json.Decoder(float_hook=finite_number)
_EXACT = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=_number, parse_int=_integer, parse_constant=_not_finite)

"""Reads JSON bodies of the API: everything that would break later is refused here, by name."""

import json
import math
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import JSONParser

from workspaces.problems import BadBody

DEEPEST = 20  # levels of nesting; Python's own parser fails at about a thousand
LARGEST = 2**63 - 1  # what a column holds
UNSTORABLE = "A text holds a NUL character or half of a surrogate pair; neither can be stored."


class StrictJson(JSONParser):
    """`application/json` in UTF-8: no duplicate members, no NaN, no character that PostgreSQL can't store."""

    def parse(self, stream: IO[Any], *_unused: Any) -> Any:  # the JSON value of the body
        """Give the body's value; BadBody for one that can't be taken."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise RequestDataTooBig(f"more than {limit} bytes")
        return load(raw)


def load(raw: bytes) -> Any:  # the JSON value
    """Parse the bytes; BadBody says what is wrong and where."""
    try:
        text = raw.decode("utf-8-sig")
        value = json.loads(
            text, object_pairs_hook=_members, parse_constant=_constant, parse_int=_integer, parse_float=_float
        )
    except RecursionError:
        raise BadBody("too_deep", f"Values are nested more than {DEEPEST} levels deep.") from None
    except UnicodeDecodeError as fault:
        raise BadBody("invalid_json", f"The body is not UTF-8: byte {fault.start} cannot be read.") from None
    except json.JSONDecodeError as fault:
        raise BadBody("invalid_json", f"Not JSON: {fault.msg} at line {fault.lineno}, column {fault.colno}.") from None
    _check(value, may_hold_unstorable="\\u" in text)
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        twice = next(key for key in members if sum(name == key for name, _ in pairs) > 1)
        raise BadBody("duplicate_key", f'"{_printable(twice)}" stands twice in one object.')
    return members


def _constant(name: str) -> Any:
    raise BadBody("number_not_finite", f"{name} is no number in JSON.")


def _integer(digits: str) -> int:
    # The length first: Python refuses to read thousands of digits.
    if len(digits) > 20 or abs(value := int(digits)) > LARGEST:
        raise BadBody("number_too_large", f"A whole number is larger than {LARGEST}.")
    return value


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise BadBody("number_not_finite", f"{digits[:40]} is too large for a number.")
    return value


def _check(value: Any, *, may_hold_unstorable: bool) -> None:
    """Walk the value level by level: its depth, and the texts that escapes can spoil."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST + 1:
            raise BadBody("too_deep", f"Values are nested more than {DEEPEST} levels deep.")
        if may_hold_unstorable and any(isinstance(each, str) and not _is_storable(each) for each in level):
            raise BadBody("invalid_character", UNSTORABLE)
        keys = [key for each in level if isinstance(each, dict) for key in each]
        if may_hold_unstorable and not all(_is_storable(key) for key in keys):
            raise BadBody("invalid_character", UNSTORABLE)
        level = [inner for each in level for inner in _inside(each)]


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:80]

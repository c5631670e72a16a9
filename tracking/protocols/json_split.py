"""JSON requests as clients send them: unpacked, and split into items that are still JSON text.

msgspec splits what is well formed. What it refuses goes through the standard library's scanner, which
tolerates the NaN of one item for the sake of the others, and says where a fault is.
"""

import json
import re
import zlib
from json.decoder import JSONDecodeError

import msgspec

from tracking.event import MAX_BODY_BYTES, MAX_DEPTH, MAX_UNPACKED_BYTES, DropReason, Problem

_GZIP_MAGIC = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


class Split(msgspec.Struct, frozen=True):
    """A request taken apart: its items and the other members of its envelope, all still JSON text.

    levels  how many [ and { stand around an item
    """

    items: list[bytes]
    members: dict[str, bytes] = {}
    levels: int = 0


class Listed(msgspec.Struct, frozen=True):
    """A well-formed batch at whose items nobody has looked: neither their depth is known nor what they say.

    text   of the list with all its items
    """

    text: bytes
    items: list[msgspec.Raw]
    members: dict[str, bytes] = {}
    levels: int = 0


def unpack(body: bytes) -> bytes | Problem:
    """Undo gzip, told by its first bytes because clients get the header wrong; refuse what is too large."""
    if len(body) > MAX_BODY_BYTES:
        return too_large(MAX_BODY_BYTES, "the body")
    if not body.startswith(_GZIP_MAGIC):
        return body
    inflater = zlib.decompressobj(wbits=31)
    try:
        unpacked = inflater.decompress(body, MAX_UNPACKED_BYTES + 1)
    except zlib.error:
        return _invalid("the gzip stream is damaged", 0)
    if len(unpacked) > MAX_UNPACKED_BYTES:
        return too_large(MAX_UNPACKED_BYTES, "the unpacked body")
    if not inflater.eof or inflater.unused_data:
        return _invalid("the gzip stream is cut off or followed by other bytes", 0)
    return unpacked


def split(body: bytes, *, items_key: str, known: tuple[str, ...]) -> Split | Problem:
    """Take a batch apart: a list of items, or an object that has them under `items_key`.

    body   unpacked; a UTF-8 byte order mark is allowed
    known  the members that matter; one of them twice is refused, because half a batch would be lost
    """
    text = _text_of(body)
    if isinstance(text, Problem):
        return text
    plain = body.removeprefix(_BOM)
    try:
        parts = _split_plainly(plain, items_key, (items_key, *known)) or _split_exactly(text, items_key, known)
    except RecursionError:
        return _TOO_DEEP
    except JSONDecodeError as fault:
        return _malformed(fault, body)
    if isinstance(parts, Split) and is_too_deep(parts):
        return _TOO_DEEP
    return parts


def listed(body: bytes, *, items_key: str, known: tuple[str, ...]) -> Listed | None:
    """Take a batch apart as `split` does; None where `split` has to say what is odd about it."""
    if isinstance(_text_of(body), Problem):
        return None
    try:
        return _listed_plainly(body, items_key, (items_key, *known))
    except RecursionError:
        return None


def split_single(body: bytes) -> Split | Problem:
    """Check a body that is one item; its depth and its syntax, not yet what it says."""
    text = _text_of(body)
    if isinstance(text, Problem):
        return text
    raw = body.removeprefix(_BOM).strip(b" \t\n\r")
    if not _is_an_object(raw):
        try:
            _, end = _SKIPPING.raw_decode(text, _after_space(text, 0))
            _expect_end(text, end)
        except RecursionError:
            return _TOO_DEEP
        except JSONDecodeError as fault:
            return _malformed(fault, body)
    parts = Split([raw])
    return _TOO_DEEP if is_too_deep(parts) else parts


def is_too_deep(parts: Split) -> bool:
    """Check the depth from the body's root; counting brackets first spares nearly all items the scan."""
    allowed = MAX_DEPTH - parts.levels
    return any(raw.count(b"{") + raw.count(b"[") > allowed and depth_of(raw) > allowed for raw in parts.items) or any(
        depth_of(raw) >= MAX_DEPTH for raw in parts.members.values()
    )


def depth_of(raw: bytes) -> int:
    """Count the deepest nesting of [ and {, not counting those inside strings."""
    deepest = depth = 0
    for token in _BRACKETS.finditer(raw):
        if token[0] in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in b"]}":
            depth -= 1
    return deepest


def too_large(limit: int, what: str) -> Problem:
    """Give the problem of a body beyond a limit in bytes."""
    return Problem(413, DropReason.BODY_TOO_LARGE, f"{what} has more than {limit} bytes", limit=limit)


# Strings are matched whole so that brackets inside them are passed over.
_BRACKETS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)
_SPACE = re.compile(r"[ \t\n\r]*")
# A letter, an underscore, written as an escape: the only way to hide a known key from a search for its text.
_HIDDEN_LETTERS = (b"\\u005", b"\\u006", b"\\u007")
_TOO_DEEP = Problem(400, DropReason.TOO_DEEP, f"the body is nested more than {MAX_DEPTH} levels deep", limit=MAX_DEPTH)


_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _nothing(_literal: str) -> None:
    """Take the place of a number that is only passed over, whatever its size."""


_SKIPPING = json.JSONDecoder(parse_float=_nothing, parse_int=_nothing, parse_constant=_nothing)


def _text_of(body: bytes) -> str | Problem:
    if body.startswith(_UTF16_BOMS):
        return _invalid("the body is UTF-16; send UTF-8", 0)
    try:
        return body.removeprefix(_BOM).decode()
    except UnicodeDecodeError as fault:
        offset = len(_BOM) if body.startswith(_BOM) else 0
        return _invalid("the body is not UTF-8", fault.start + offset)


def _is_an_object(raw: bytes) -> bool:
    """Tell a well-formed object by msgspec; False where it may be one yet, with a NaN."""
    try:
        _OBJECT.decode(raw)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False
    return True


def _split_plainly(body: bytes, items_key: str, known: tuple[str, ...]) -> Split | None:
    found = _listed_plainly(body, items_key, known)
    if found is None:
        return None
    return Split([bytes(raw) for raw in found.items], found.members, found.levels)


def _listed_plainly(body: bytes, items_key: str, known: tuple[str, ...]) -> Listed | None:
    """List by msgspec; None where the body is malformed, of another shape, or may have a known key twice."""
    try:
        if body.lstrip()[:1] == b"[":
            return Listed(body, _LIST.decode(body), levels=1)
        envelope = _OBJECT.decode(body)
        text = bytes(envelope.pop(items_key))
        raws = _LIST.decode(text)
    except (msgspec.DecodeError, ValueError, KeyError):
        return None
    if any(body.count(b'"%b"' % key.encode()) > 1 for key in known if key == items_key or key in envelope):
        return None
    if b"\\u00" in body and any(letters in body for letters in _HIDDEN_LETTERS):
        return None
    return Listed(text, raws, {key: bytes(raw) for key, raw in envelope.items()}, levels=2)


def _split_exactly(text: str, items_key: str, known: tuple[str, ...]) -> Split | Problem:
    """Split by the standard library's scanner, which tolerates NaN and says where a fault is."""
    at = _after_space(text, 0)
    if text[at : at + 1] == "[":
        spans, end = _elements(text, at)
        _expect_end(text, end)
        return Split([text[a:b].encode() for a, b in spans], levels=1)
    if text[at : at + 1] != "{":
        _SKIPPING.raw_decode(text, at)  # says what is wrong with it, if it is no JSON at all
        return _shapeless(items_key)
    members, end = _members(text, at)
    _expect_end(text, end)
    envelope = {key: (a, b) for key, a, b in members}
    keys = [key for key, _, _ in members]
    doubled = next((key for key in (items_key, *known) if keys.count(key) > 1), None)
    if doubled is not None:
        return Problem(400, DropReason.DUPLICATE_KEY, f'"{doubled}" is there twice', pointer=f"/{doubled}")
    span = envelope.pop(items_key, None)
    if span is None or text[span[0]] != "[":
        return _shapeless(items_key)
    spans, _ = _elements(text, span[0])
    return Split(
        [text[a:b].encode() for a, b in spans],
        {key: text[a:b].encode() for key, (a, b) in envelope.items()},
        levels=2,
    )


def _elements(text: str, at: int) -> tuple[list[tuple[int, int]], int]:
    """Give the spans of a list's elements, and where the list ends; `at` is its bracket."""
    spans: list[tuple[int, int]] = []
    at = _after_space(text, at + 1)
    if text[at : at + 1] == "]":
        return spans, at + 1
    while True:
        _, end = _SKIPPING.raw_decode(text, at)
        spans.append((at, end))
        at = _after_space(text, end)
        if text[at : at + 1] == "]":
            return spans, at + 1
        at = _after_space(text, _expect(text, at, ","))


def _members(text: str, at: int) -> tuple[list[tuple[str, int, int]], int]:
    """Give key and value's span of an object's members, and where the object ends; `at` is its brace."""
    members: list[tuple[str, int, int]] = []
    at = _after_space(text, at + 1)
    if text[at : at + 1] == "}":
        return members, at + 1
    while True:
        _expect(text, at, '"')
        key, at = _SKIPPING.raw_decode(text, at)
        at = _after_space(text, _expect(text, _after_space(text, at), ":"))
        _, end = _SKIPPING.raw_decode(text, at)
        members.append((key, at, end))
        at = _after_space(text, end)
        if text[at : at + 1] == "}":
            return members, at + 1
        at = _after_space(text, _expect(text, at, ","))


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _expect(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise JSONDecodeError(f"Expecting {sign}", text, at)
    return at + 1


def _expect_end(text: str, at: int) -> None:
    end = _after_space(text, at)
    if end != len(text):
        raise JSONDecodeError("Extra data", text, end)


def _invalid(detail: str, position: int) -> Problem:
    return Problem(400, DropReason.INVALID_JSON, detail, position=position)


def _malformed(fault: JSONDecodeError, body: bytes) -> Problem:
    """Say where the fault is as a byte offset in the body, as senders count."""
    offset = len(_BOM) if body.startswith(_BOM) else 0
    return _invalid(f"the body is not JSON: {fault.msg}", len(fault.doc[: fault.pos].encode()) + offset)


def _shapeless(items_key: str) -> Problem:
    return Problem(400, DropReason.INVALID_SHAPE, f'the body must be a list of events, or an object with "{items_key}"')

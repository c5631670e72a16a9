"""A request's body as its client meant it: unpacked, and within the limits."""

import base64
import binascii
import zlib

from tracking.event import MAX_EVENTS_PER_REQUEST, MAX_UNPACKED_BYTES, QUARANTINE_BYTES, DropReason, Problem
from tracking.protocols.json_split import too_large, unpack
from tracking.protocols.seam import Incoming, Parcel


def unpacked(incoming: Incoming) -> bytes | Problem:
    """Undo gzip, told by its first bytes, and deflate, told by its header; say what is wrong otherwise."""
    if incoming.fault is not None:
        return incoming.fault
    if incoming.headers.get("content-encoding", "").strip().lower() == "deflate":
        return _inflated(incoming.body)
    return unpack(incoming.body)


def too_many(count: int, what: str, *, most: int = MAX_EVENTS_PER_REQUEST, pointer: str = "") -> Problem | None:
    """Give the problem of a request that speaks of more than it may; None where it does not."""
    if count <= most:
        return None
    detail = f"there are {count} {what}; at most {most} are taken, and none was"
    return Problem(413, DropReason.TOO_MANY_EVENTS, detail, limit=most, pointer=pointer)


def refused(key: str | None, problem: Problem, body: bytes | Problem) -> Parcel:
    """Give the parcel of a request that cannot be taken apart, with its beginning to be kept."""
    return Parcel(key=key, problem=problem, raw=body[:QUARANTINE_BYTES] if isinstance(body, bytes) else b"")


def from_base64(text: str) -> bytes | None:
    """Decode base64 as clients write it: of either alphabet, without its padding, its plus unescaped; None for none."""
    packed = text.replace(" ", "+").rstrip("=").translate(_WEB_SAFE)
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None


_WEB_SAFE = str.maketrans("+/", "-_")


def _inflated(body: bytes) -> bytes | Problem:
    # HTTP's deflate is zlib's format; some clients send the bare stream, which never starts with zlib's first byte.
    inflater = zlib.decompressobj(wbits=15 if body[:1] == b"\x78" else -15)
    try:
        plain = inflater.decompress(body, MAX_UNPACKED_BYTES + 1)
    except zlib.error:
        # Browsers' proxies undo the packing at times, and leave the header.
        return body if body[:1] in {b"{", b"["} else _damaged()
    if len(plain) > MAX_UNPACKED_BYTES:
        return too_large(MAX_UNPACKED_BYTES, "the unpacked body")
    return plain if inflater.eof and not inflater.unused_data else _damaged()


def _damaged() -> Problem:
    return Problem(400, DropReason.INVALID_JSON, "the deflate stream is damaged, cut off or followed by other bytes")

"""A request's body as its client meant it: unpacked, and within the limits."""

import zlib

from tracking.event import MAX_UNPACKED_BYTES, DropReason, Problem
from tracking.protocols.json_split import too_large, unpack
from tracking.protocols.seam import Incoming


def unpacked(incoming: Incoming) -> bytes | Problem:
    """Undo gzip, told by its first bytes, and deflate, told by its header; say what is wrong otherwise."""
    if incoming.fault is not None:
        return incoming.fault
    if incoming.headers.get("content-encoding", "").strip().lower() == "deflate":
        return _inflated(incoming.body)
    return unpack(incoming.body)


def too_many(count: int, what: str, most: int) -> Problem:
    """Give the problem of a request that speaks of more than it may."""
    return Problem(413, DropReason.TOO_MANY_EVENTS, f"there are {count} {what}; at most {most} are taken, and none was")


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

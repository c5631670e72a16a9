"""PostHog's bodies as its clients meant them: what they are packed in is told by their bytes, not by their headers."""

from collections.abc import Mapping

import pyarrow as pa

from tracking.event import MAX_UNPACKED_BYTES, DropReason, Problem
from tracking.protocols.bodies import from_base64, unpacked
from tracking.protocols.json_split import too_large
from tracking.protocols.queries import parameters_of, text_of_query
from tracking.protocols.seam import Incoming

_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_TAKEN = frozenset({"", "identity", "none", "gzip", "gzip-js", "deflate", "zstd", "base64"})


def json_of(incoming: Incoming) -> bytes | Problem:
    """Give the JSON text of a request: of its body, or of the `data` in the query of a GET."""
    if incoming.method == "GET":
        return _from_form(incoming.query.encode("latin-1", "replace"))
    asked = packing_of(incoming)
    if not asked <= _TAKEN:
        names = ", ".join(sorted(asked - _TAKEN))[:60]
        # 415 ends it: no client of PostHog's sends the same again after it.
        return Problem(415, DropReason.INVALID_SHAPE, f"bodies packed by {names} are not taken; send gzip")
    plain = _from_zstd(incoming.body) if incoming.body.startswith(_ZSTD_MAGIC) else unpacked(incoming)
    return _from_form(plain) if isinstance(plain, bytes) else plain


def packing_of(incoming: Incoming) -> frozenset[str]:
    """Name what the client says it packed the body by: in its header, in its address, or nowhere."""
    stated = [*incoming.headers.get("content-encoding", "").split(","), query_of(incoming).get("compression", "")]
    return frozenset(each.strip().lower() for each in stated)


def query_of(incoming: Incoming) -> Mapping[str, str]:
    """Give the query's fields."""
    return parameters_of(text_of_query(incoming.query)).values


def _from_form(body: bytes) -> bytes | Problem:
    """Take `data` out of a form; it is JSON, plain or in base64."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return body
    text = parameters_of(body.decode("utf-8", "replace")).values.get("data")
    if text is None:
        return body  # no JSON either: whoever reads it says what is wrong
    if text.lstrip()[:1] in {"{", "["}:
        return text.encode("utf-8", "replace")
    packed = from_base64(text)
    return Problem(400, DropReason.INVALID_JSON, "data is neither JSON nor base64") if packed is None else packed


def _from_zstd(body: bytes) -> bytes | Problem:
    """Unpack a frame that tells its size: it is unpacked in one piece, which takes no memory but the result's."""
    size = _size_of(body)
    if size is None:
        return Problem(400, DropReason.INVALID_JSON, "the zstd frame does not tell its size; send it, or gzip")
    if size > MAX_UNPACKED_BYTES:
        return too_large(MAX_UNPACKED_BYTES, "the unpacked body")
    try:
        plain: bytes = pa.Codec("zstd").decompress(body, size, asbytes=True)
    except (OSError, ValueError):
        return Problem(400, DropReason.INVALID_JSON, "the zstd frame is damaged or cut off")
    return plain


def _size_of(frame: bytes) -> int | None:
    """Read the unpacked size in a frame's header; RFC 8878, 3.1.1.1."""
    if len(frame) < 5:
        return None
    descriptor = frame[4]
    is_single = descriptor >> 5 & 1
    at = 5 + (0 if is_single else 1) + (0, 1, 2, 4)[descriptor & 3]
    length = (is_single, 2, 4, 8)[descriptor >> 6]
    field = frame[at : at + length]
    if not length or len(field) < length:
        return None
    return int.from_bytes(field, "little") + (256 if length == 2 else 0)

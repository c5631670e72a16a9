"""Answers that clients of several vendors expect: JSON, a line of text, the smallest picture."""

import base64
from collections.abc import Mapping
from typing import Any

import msgspec

from tracking.protocols.seam import Reply

NOTHING: Mapping[str, str] = {}
_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_encode = msgspec.json.Encoder().encode


def as_json(status: int, said: Any, headers: Mapping[str, str] = NOTHING) -> Reply:
    """Answer with what msgspec can write as JSON."""
    return Reply(status, _encode(said), {"Content-Type": "application/json", **headers})


def as_text(status: int, said: str, headers: Mapping[str, str] = NOTHING) -> Reply:
    """Answer with plain text."""
    return Reply(status, said.encode("utf-8", "replace"), {"Content-Type": "text/plain; charset=utf-8", **headers})


def as_pixel(status: int, headers: Mapping[str, str] = NOTHING) -> Reply:
    """Answer with a transparent picture of one pixel, which no browser keeps."""
    return Reply(status, _PIXEL, {"Content-Type": "image/gif", "Cache-Control": "no-store", **headers})

"""Segment's calls in, Events out: from its server libraries, its browser library, and whoever speaks like them.

One call an address (`/v1/track`, in browsers `/v1/t`), or many in a batch. Everything is answered 200, as Segment does,
but for bodies that cannot be read; its clients retry 429 and 5xx, and a message keeps its messageId then.
source  PROTOCOLS A.2
"""

import base64
import binascii
import re
from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec

from tracking.event import Drop, Problem
from tracking.protocols.answers import as_json
from tracking.protocols.bodies import refused, too_many, unpacked
from tracking.protocols.json_split import split
from tracking.protocols.parsed import Parsed
from tracking.protocols.seam import Cors, Incoming, Parcel, Protocol, Refusal, Reply, Route, Taken, Terms
from tracking.protocols.segment.calls import fields_of
from tracking.protocols.translating import Item, Outcome, Refused, member, one_object, read_items, text_in, translated

NAME = "segment"
CALLS = ("track", "identify", "page", "screen", "group", "alias")
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")


class Calls(msgspec.Struct, frozen=True):
    """What a request holds: its calls, and the client's clock when it sent them."""

    items: Sequence[Outcome]
    sent_at: Any  # JSON that nobody has looked at yet


def open_call(kind: str, incoming: Incoming) -> Sequence[Parcel]:
    """Take apart a body that is one call; the address says which."""
    key, body = key_in(incoming), unpacked(incoming)
    if isinstance(body, Problem):
        return (Parcel(key=key, problem=body),)
    decoded = one_object(body)
    if isinstance(decoded, Problem):
        return (refused(key, decoded, body),)
    fields = fields_of(decoded.fields, kind)
    item = Refused(fields, body) if isinstance(fields, Drop) else Item(fields, body, decoded.is_mended)
    content = Calls((item,), decoded.fields.get("sentAt"))
    return (Parcel(key=key or text_in(decoded.fields, "writeKey"), content=content),)


def open_batch(incoming: Incoming) -> Sequence[Parcel]:
    """Take apart a body of many calls, each of which says what it is."""
    key, body = key_in(incoming), unpacked(incoming)
    parts = split(body, items_key="batch", known=("writeKey", "sentAt")) if isinstance(body, bytes) else body
    if isinstance(parts, Problem):
        return (refused(key, parts, body),)
    envelope = {name: member(parts.members.get(name)) for name in ("writeKey", "sentAt")}
    key = key or text_in(envelope, "writeKey")
    if problem := too_many(len(parts.items), "calls"):
        return (Parcel(key=key, problem=problem),)
    calls = Calls([translated(raw, fields_of) for raw in parts.items], envelope["sentAt"])
    return (Parcel(key=key, content=calls, items=len(calls.items)),)


def settings_of(incoming: Incoming) -> Reply:
    """Tell the browser's library where to send: to where it asked."""
    key = incoming.path.rstrip("/").split("/")[-2]
    host = incoming.headers.get("host", "")
    if not _HOST.fullmatch(host):
        return as_json(400, {"success": False, "message": "the header Host is missing"})
    scheme = "https" if incoming.is_secure else "http"
    there = {"apiKey": key, "apiHost": f"{host}/v1", "protocol": scheme}
    return as_json(200, {"integrations": {"Segment.io": there}}, {"Cache-Control": "no-store"})


def key_in(incoming: Incoming) -> str | None:
    """Give the write key of Authorization: Basic, which has it as the user's name."""
    scheme, _, coded = incoming.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None  # Bearer is Segment's own OAuth, which says nothing here
    try:
        plain = base64.b64decode(coded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return plain.partition(":")[0] or None


def read(parcel: Parcel, terms: Terms) -> Parsed:
    """Judge the calls by their source's rules."""
    calls: Calls = parcel.content
    return read_items(calls.items, terms, protocol=NAME, sent_at=calls.sent_at)


def accept(_incoming: Incoming, _taken: Sequence[Taken]) -> Reply:
    """Say what Segment says; what became of each call is shown under tracking health."""
    return as_json(200, {"success": True})


def refuse(_incoming: Incoming, refusal: Refusal) -> Reply:
    """Say what Segment says: an unknown key is no fault to its clients, and nothing is sent again in vain."""
    status = {401: 200, 413: 400}.get(refusal.status, refusal.status)
    return as_json(status, {"success": False, "code": refusal.code, "message": refusal.detail})


def _routes() -> list[Route]:
    single = [Route(f"v1/{address}", partial(open_call, kind)) for kind in CALLS for address in (kind, kind[0])]
    batch = [Route(f"v1/{address}", open_batch) for address in ("batch", "b", "import")]
    return [*single, *batch, Route("v1/projects/<str:key>/settings", settings_of, methods=("GET",))]


PROTOCOL = Protocol(
    name=NAME,
    label="Segment",
    key="write key",
    keys_are_public=True,
    routes=_routes(),
    read=read,
    accept=accept,
    refuse=refuse,
    cors=Cors(headers="Authorization, Content-Type, Content-Encoding, X-Retry-Count"),
)

"""Umami's events in, Events out: from its tracker, its Python and Node clients, and servers that send in batches.

Visitors have no ids: they are known for a day by the hash that our own tag uses as well, and by `id` where the site
says who it is. The website's id is the key.
source  PROTOCOLS A.5
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from uuid import UUID

import msgspec

from tracking.event import (
    Drop,
    DropReason,
    Problem,
    Result,
    Status,
)
from tracking.protocols.answers import as_json
from tracking.protocols.bodies import refused, too_many, unpacked
from tracking.protocols.json_items import Json, decode_item
from tracking.protocols.json_split import split
from tracking.protocols.parsed import Parsed
from tracking.protocols.seam import REASON, Cors, Incoming, Parcel, Protocol, Refusal, Reply, Route, Taken, Terms
from tracking.protocols.translating import Item, Outcome, Refused, object_of, one_object, read_items, said, text_in
from tracking.protocols.umami.payload import fields_of
from tracking.visitor import daily_visitor

NAME = "umami"
MOST_SITES = 50  # in one batch: each is looked up
CACHE = "x-umami-cache"
KEYS = ("website", "link", "pixel")  # exactly one of them names what the event belongs to
_OURS = re.compile(r"[0-9a-f]{32}")
_NO_VISIT = {DropReason.BOT, DropReason.PREFETCH, DropReason.PREVIEW}
_CODES = {400: "bad-request", 403: "forbidden", 413: "bad-request", 429: "too-many-requests", 503: "server-error"}
_UNCACHED = {"Cache-Control": "no-cache"}


class Sent(msgspec.Struct, frozen=True):
    """One event, decoded; `kind` and `key` are its type, and the word that its key stands under."""

    kind: str
    key: str
    payload: Json
    raw: bytes
    is_mended: bool


class Batch(msgspec.Struct, frozen=True):
    """The events for one website.

    places      of each in the batch
    hop         the address that the sender says it speaks for
    user_agent  of the sender, or of the browser that it speaks for
    is_many     the sender waits for counts, and not for one visit
    """

    events: Sequence[Sent | Refused]
    places: Sequence[int]
    hop: str
    user_agent: str
    is_many: bool = False


def open_send(incoming: Incoming) -> Sequence[Parcel]:
    """Take one event apart."""
    body = unpacked(incoming)
    if isinstance(body, Problem):
        return (Parcel(key=None, problem=body),)
    decoded = one_object(body)
    if isinstance(decoded, Problem):
        return (Parcel(key=None, problem=decoded),)
    key, sent = _sent(decoded.fields, body, decoded.is_mended)
    if isinstance(sent, Refused):
        problem = Problem(400, sent.drop.reason, sent.drop.message, pointer=sent.drop.pointer)
        return (refused(key, problem, body),)
    return (Parcel(key=key, content=_batch(incoming, [(0, sent)])),)


def open_batch(incoming: Incoming) -> Sequence[Parcel] | Reply:
    """Take a list of events apart: one parcel for each website in it."""
    body = unpacked(incoming)
    parts = split(body, items_key="", known=()) if isinstance(body, bytes) else body
    if isinstance(parts, Problem) and parts.code is DropReason.INVALID_SHAPE:
        parts = Problem(400, DropReason.INVALID_SHAPE, "the body must be a list of events")
    if isinstance(parts, Problem):
        return (Parcel(key=None, problem=parts),)
    if problem := too_many(len(parts.items), "events"):
        return (Parcel(key=None, problem=problem),)
    by_key: dict[str | None, list[tuple[int, Sent | Refused]]] = {}
    for place, raw in enumerate(parts.items):
        key, sent = _of_batch(raw)
        by_key.setdefault(key, []).append((place, sent))
    if problem := too_many(len(by_key), "websites", most=MOST_SITES):
        return (Parcel(key=None, problem=problem),)
    return [_parcel(key, _batch(incoming, placed, is_many=True)) for key, placed in by_key.items()] or _counts(
        incoming, 0, []
    )


def read(parcel: Parcel, terms: Terms) -> Parsed:
    """Judge the events; a server's key is trusted with the browser and the address that it speaks for."""
    content: Batch = parcel.content
    return read_items([_outcome(sent, content, terms) for sent in content.events], terms, protocol=NAME)


def accept(incoming: Incoming, taken: Sequence[Taken]) -> Reply:
    """Say what Umami says: a visit for one event, counts for many; a program hears `beep`."""
    contents: list[Batch] = [each.parcel.content for each in taken]
    if contents[0].is_many:
        errors = sorted(_errors(taken), key=lambda told: int(told["index"]))
        return _counts(incoming, sum(len(each.events) for each in contents), errors)
    [result] = taken[0].results
    if result.status is Status.REJECTED:
        return as_json(400, _error(400, result.message), _UNCACHED | {REASON: result.code})
    if result.code in _NO_VISIT:
        return as_json(200, {"beep": "boop"}, _UNCACHED)
    return as_json(200, _visit(incoming, result), _UNCACHED)


def refuse(_incoming: Incoming, refusal: Refusal) -> Reply:
    """Say what Umami says; a website that nobody entered here is none."""
    message = "Website not found." if refusal.status == 401 else refusal.detail
    status = 400 if refusal.status == 401 else refusal.status
    return as_json(status, _error(status, message), _UNCACHED)


def _outcome(sent: Sent | Refused, content: Batch, terms: Terms) -> Outcome:
    if isinstance(sent, Refused):
        return sent
    fields = fields_of(sent.kind, sent.payload, belongs_to=sent.key, currency=terms.rules.currency)
    if isinstance(fields, Drop):
        return Refused(fields, sent.raw)
    ip = fields.pop("ip", None) or content.hop
    user_agent = fields.pop("user_agent", None) or content.user_agent
    if terms.rules.is_server:  # a page could claim to be anyone
        visitor = ip and daily_visitor(
            salt=terms.salt, ip=ip, user_agent=user_agent, source_id=terms.rules.source_id
        )  # beside the user, if there is one: Umami knows both
        fields |= said(visitor_id=visitor, user_agent=user_agent)
    return Item(fields, sent.raw, sent.is_mended)


def _visit(incoming: Incoming, result: Result) -> Json:
    """Name the visit for the tracker, which sends `cache` with its next event and asks for nothing else.

    Nothing is in it: what the tracker has is given back, and otherwise made of the event's id, which is no secret.
    """
    cache = _cache_of(incoming, result.id or "")
    return {
        "cache": cache,
        "sessionId": str(UUID(_name_of("session", cache))),
        "visitId": str(UUID(_name_of("visit", cache))),
    }


def _cache_of(incoming: Incoming, told: str) -> str:
    held = incoming.headers.get(CACHE, "")
    return held if _OURS.fullmatch(held) else _name_of("cache", told or blake2b(incoming.body).hexdigest())


def _name_of(use: str, told: str) -> str:
    return blake2b(f"{use}:{told}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def _counts(incoming: Incoming, size: int, errors: Sequence[Json]) -> Reply:
    told = {"size": size, "processed": size - len(errors), "errors": len(errors), "details": errors}
    return as_json(200, told | {"cache": _cache_of(incoming, "")}, _UNCACHED)


def _errors(taken: Sequence[Taken]) -> Iterator[Json]:
    for each in taken:
        places = each.parcel.content.places
        if each.refusal is not None:
            message = "Website not found." if each.refusal.status == 401 else each.refusal.detail
            yield from ({"index": place, "response": _error(400, message)} for place in places)
        rejected = (result for result in each.results if result.status is Status.REJECTED)
        yield from ({"index": places[one.index], "response": _error(400, one.message)} for one in rejected)


def _error(status: int, message: str) -> Json:
    return {"error": {"message": message, "code": _CODES.get(status, "bad-request"), "status": status}}


def _of_batch(raw: bytes) -> tuple[str | None, Sent | Refused]:
    decoded = decode_item(raw)
    if isinstance(decoded, Drop):
        return None, Refused(decoded, raw)
    return _sent(decoded.fields, raw, decoded.is_mended)


def _sent(told: Json, raw: bytes, is_mended: bool) -> tuple[str | None, Sent | Refused]:
    """Give the event's key, None where it has none, and the event."""
    payload = object_of(told.get("payload"))
    named = [word for word in KEYS if text_in(payload, word)]
    if len(named) != 1:
        detail = "exactly one of website, link or pixel must be there"
        return None, Refused(Drop(DropReason.INVALID_SHAPE, detail, "/payload/website"), raw)
    kind = text_in(told, "type") or ""
    return payload[named[0]], Sent(kind, named[0], payload, raw, is_mended)


def _batch(incoming: Incoming, placed: Sequence[tuple[int, Sent | Refused]], *, is_many: bool = False) -> Batch:
    places, events = zip(*placed, strict=True)
    hop = incoming.headers.get("x-forwarded-for", "").split(",", 1)[0].strip()
    return Batch(events, places, hop, incoming.headers.get("user-agent", "")[:1_024], is_many)


def _parcel(key: str | None, content: Batch) -> Parcel:
    nobody = Problem(400, DropReason.INVALID_SHAPE, "exactly one of website, link or pixel must be there")
    return Parcel(key=key, content=content, items=len(content.events), problem=nobody if key is None else None)


PROTOCOL = Protocol(
    name=NAME,
    label="Umami",
    key="website id",
    routes=(Route("api/send", open_send), Route("api/batch", open_batch)),
    read=read,
    accept=accept,
    refuse=refuse,
    cors=Cors(
        headers=f"Content-Type, Content-Encoding, Authorization, {CACHE}, x-umami-website-id, x-umami-hostname",
    ),
)

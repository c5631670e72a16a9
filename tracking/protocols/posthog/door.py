"""PostHog's events in, Events out: from its libraries for browsers, servers and apps, by its old and its new protocol.

Its libraries take nothing but 200 for success, and send again after everything that is neither 200 nor 4xx; those for
browsers give up at 429, so a source that sends too fast hears 503. The new protocol is answered event by event.
source  PROTOCOLS A.7
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tracking.event import Drop, DropReason, Problem, Result, Status
from tracking.protocols.answers import as_json
from tracking.protocols.bodies import refused, too_many
from tracking.protocols.json_items import Decoded, Json, decode_item
from tracking.protocols.json_split import Split, split, split_single
from tracking.protocols.own import write_key_in
from tracking.protocols.parsed import Parsed
from tracking.protocols.posthog.bodies import json_of, query_of
from tracking.protocols.posthog.events import fields_of, is_time_exact, of_v1, offset_ms, token_in, uuid_in
from tracking.protocols.posthog.settings import flags_of, recorded, script_of, settings_of
from tracking.protocols.seam import Cors, Incoming, Opener, Parcel, Protocol, Refusal, Reply, Route, Taken, Terms
from tracking.protocols.translating import Item, Outcome, Refused, member, read_items, text_in

NAME = "posthog"
V1 = "i/v1/analytics/events"
_ADDRESSES = ("batch", "capture", "e", "i/v0/e", "i/v0/ai/batch", "track", "engage")
_MEMBERS = ("api_key", "token", "sent_at")


@dataclass(frozen=True, slots=True)
class Sent:
    """One event as it was sent: what it says in our words, the client's id of it, and how long ago it says it was."""

    outcome: Outcome
    uuid: str | None = None
    ago_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What a request holds: its events, and the client's clock when it sent them."""

    sent: Sequence[Sent]
    sent_at: Any  # JSON that nobody has looked at yet


def open_events(incoming: Incoming) -> Sequence[Parcel]:
    """Take apart a body of the old protocol: one event, a list, or a batch with its key."""
    query = query_of(incoming)
    asked = query.get("api_key") or query.get("token")
    body = json_of(incoming)
    parts = _parts(body) if isinstance(body, bytes) else body
    if isinstance(parts, Problem):
        return (refused(asked, parts, body),)
    envelope = {name: member(parts.members.get(name)) for name in _MEMBERS}
    events = [decode_item(raw) for raw in parts.items]
    readable = [event.fields for event in events if isinstance(event, Decoded)]
    key = asked or text_in(envelope, "api_key") or text_in(envelope, "token")
    # Beside a key of the whole, a property named token is the site's own.
    keys = {token for event in readable if (token := token_in(event))} if key is None else {key}
    if len(keys) > 1:
        problem = Problem(400, DropReason.INVALID_SHAPE, "the events of one request are for one project")
        return (refused(None, problem, body),)
    clocks = (envelope["sent_at"], *(event.get("sent_at") for event in readable[:1]), _clock_in(query))
    sent_at = next((each for each in clocks if each is not None), None)
    sent = [_sent(*each) for each in zip(events, parts.items, strict=True)]
    return (_parcel(next(iter(keys), None), parts, sent, sent_at),)


def open_v1(incoming: Incoming) -> Sequence[Parcel]:
    """Take apart a batch of the new protocol, whose key and clock stand in headers."""
    key = write_key_in(incoming.headers)
    body = json_of(incoming)
    parts = split(body, items_key="batch", known=()) if isinstance(body, bytes) else body
    if isinstance(parts, Problem):
        return (refused(key, parts, body),)
    sent = [_sent(decode_item(raw), raw, of_v1) for raw in parts.items]
    return (_parcel(key, parts, sent, incoming.headers.get("posthog-request-timestamp")),)


def read(parcel: Parcel, terms: Terms) -> Parsed:
    """Judge the events by their source's rules."""
    batch: Batch = parcel.content
    items = [_by_terms(sent, terms) for sent in batch.sent]
    return read_items(items, terms, protocol=NAME, sent_at=batch.sent_at)


def accept(incoming: Incoming, taken: Sequence[Taken]) -> Reply:
    """Say what PostHog says: of the new protocol's events, each; of others, that they are here."""
    if not _is_v1(incoming):
        return as_json(200, {"status": 1})
    results: dict[str, dict[str, str]] = {}
    for each in taken:
        batch: Batch = each.parcel.content
        for result in each.results:
            uuid = batch.sent[result.index].uuid
            if uuid is not None:
                results[uuid] = _verdict(result)
    return as_json(200, {"results": results})


def refuse(incoming: Incoming, refusal: Refusal) -> Reply:
    """Say it so that what is worth sending again is sent again, and nothing else."""
    statuses = {429: 503} if _is_v1(incoming) else {429: 503, 401: 200}
    said_so = {"type": "error", "code": refusal.code, "detail": refusal.detail}
    said_so |= {"error": refusal.code, "error_description": refusal.detail}
    return as_json(statuses.get(refusal.status, refusal.status), said_so)


def _parts(body: bytes) -> Split | Problem:
    parts = split(body, items_key="batch", known=_MEMBERS)
    is_single = isinstance(parts, Problem) and parts.code == DropReason.INVALID_SHAPE
    return split_single(body) if is_single else parts


def _sent(decoded: Decoded | Drop, raw: bytes, told_as: Callable[[Json], Json] = dict) -> Sent:
    if isinstance(decoded, Drop):
        return Sent(Refused(decoded, raw))
    event = told_as(decoded.fields)
    fields = fields_of(event)
    if isinstance(fields, Drop):
        return Sent(Refused(fields, raw), uuid_in(event))
    item = Item(fields, raw, is_mended=decoded.is_mended, is_time_exact=is_time_exact(event))
    return Sent(item, uuid_in(event), offset_ms(event))


def _parcel(key: str | None, parts: Split, sent: Sequence[Sent], sent_at: Any) -> Parcel:
    if problem := too_many(len(parts.items), "events"):
        return Parcel(key=key, problem=problem)
    return Parcel(key=key, content=Batch(sent, sent_at), items=len(sent))


def _clock_in(query: Mapping[str, str]) -> int | None:
    """Read the client's clock in an address, in milliseconds."""
    text = query.get("sent_at") or query.get("_") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 16 else None


def _by_terms(sent: Sent, terms: Terms) -> Outcome:
    """Say what depends on the source and on the server's clock."""
    item = sent.outcome
    if isinstance(item, Refused):
        return item
    if not terms.rules.is_server:  # a page speaks for its own browser only
        own = {name: value for name, value in item.fields.items() if name not in {"ip", "user_agent"}}
        item = replace(item, fields=own)
    if sent.ago_ms is None:
        return item
    when_ms = terms.now_us // 1_000 - sent.ago_ms
    return replace(item, fields=item.fields | {"time": when_ms}, is_time_exact=True, says_when=False)


def _verdict(result: Result) -> dict[str, str]:
    if result.status is Status.REJECTED:
        return {"result": "drop", "details": f"{result.code}: {result.message}"}
    if result.status is Status.DUPLICATE_CONFLICT:
        return {"result": "warning", "details": result.message}
    return {"result": "ok"}


def _is_v1(incoming: Incoming) -> bool:
    return incoming.path.strip("/") == V1


def _routes() -> list[Route]:
    """Give the addresses, each with and without the slash at its end, as libraries of different ages have them."""
    both: dict[str, Opener] = dict.fromkeys(_ADDRESSES, open_events)
    both |= {"flags": flags_of, "decide": flags_of, "s": recorded}
    routes = [
        Route(f"{address}{end}", opened, methods=("POST", "GET"))
        for address, opened in both.items()
        for end in ("", "/")
    ]
    return [
        *routes,
        Route(V1, open_v1),
        Route("array/<str:key>/config", settings_of, methods=("GET",)),
        Route("array/<str:key>/config.js", script_of, methods=("GET",)),
    ]


_HEADERS = ("Authorization", "Content-Type", "Content-Encoding", "X-Requested-With")
_V1_HEADERS = ("PostHog-Sdk-Info", "PostHog-Attempt", "PostHog-Request-Id", "PostHog-Request-Timestamp")

PROTOCOL = Protocol(
    name=NAME,
    label="PostHog",
    key="project API key",
    keys_are_public=True,
    routes=_routes(),
    read=read,
    accept=accept,
    refuse=refuse,
    cors=Cors(headers=", ".join((*_HEADERS, *_V1_HEADERS)), credentials=True),
)

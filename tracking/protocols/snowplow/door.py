"""Snowplow's hits in, Events out: from its trackers for browsers, servers and apps, by POST and by GET.

A tracker sends again, without end, after every answer but 2xx, 400, 401, 403, 410 and 422: so an unknown app is told
200, and what cannot be taken 400 or 422. The app's id (`aid`) is the key; a request may bring the hits of several apps.
source  PROTOCOLS A.6
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from tracking.consents.banners import of_snowplow
from tracking.consents.statement import Statement, settled_text
from tracking.event import Drop, Problem
from tracking.protocols.answers import as_pixel, as_text
from tracking.protocols.bodies import refused, too_many, unpacked
from tracking.protocols.json_items import Decoded, decode_item
from tracking.protocols.json_split import split
from tracking.protocols.parsed import Arrival, Parsed
from tracking.protocols.seam import Cors, Incoming, Parcel, Protocol, Refusal, Reply, Route, Taken, Terms
from tracking.protocols.snowplow.events import fields_of, is_time_exact, sent_at
from tracking.protocols.snowplow.hits import Hit, hit_of, query_of
from tracking.protocols.snowplow.orders import Lines, lines_in
from tracking.protocols.translating import Item, Outcome, Refused, read_items, said
from tracking.visitor import lone_visitor

NAME = "snowplow"


@dataclass(frozen=True, slots=True)
class Sent:
    """One hit as it was sent, and of which app; `hit` is a Drop where it means nothing."""

    hit: Hit | Drop
    raw: bytes
    app: str | None


@dataclass(frozen=True, slots=True)
class App:
    """What a request holds of one app.

    sent          its hits
    lines         the order lines among all hits of the request
    is_anonymous  the tracker asks that nobody be known by their address (SP-Anonymous)
    """

    sent: Sequence[Sent]
    lines: Lines
    is_anonymous: bool


def open_batch(incoming: Incoming) -> Sequence[Parcel] | Reply:
    """Take apart a body of many hits: one parcel for each app."""
    body = unpacked(incoming)
    parts = split(body, items_key="data", known=()) if isinstance(body, bytes) else body
    if isinstance(parts, Problem):
        return (refused(None, parts, body),)
    if problem := too_many(len(parts.items), "hits"):
        return (Parcel(key=None, problem=problem),)
    return _parcels(incoming, [_sent(decode_item(raw), raw) for raw in parts.items])


def open_pixel(incoming: Incoming) -> Sequence[Parcel] | Reply:
    """Take apart a query that is one hit."""
    return _parcels(incoming, [_sent(query_of(incoming.query), incoming.query.encode("utf-8", "replace"))])


def read(parcel: Parcel, terms: Terms) -> Parsed:
    """Judge an app's hits by its source's rules, and settle the consent that is attached to them."""
    app: App = parcel.content
    items = [_by_terms(_outcome(sent, app.lines), sent, app, terms) for sent in app.sent]
    hits = [sent.hit for sent in app.sent if isinstance(sent.hit, Hit)]
    parsed = read_items(items, terms, protocol=NAME, sent_at=sent_at(hits))
    arrivals = [_with_consent(each, app.sent[each.index]) for each in parsed.arrivals]
    return replace(parsed, arrivals=arrivals)


def accept(incoming: Incoming, _taken: Sequence[Taken]) -> Reply:
    """Say what Snowplow's collector says: ok, or the smallest picture."""
    if incoming.method == "GET":
        return as_pixel(200)
    return as_text(200, "ok")


def refuse(incoming: Incoming, refusal: Refusal) -> Reply:
    """Say what ends in no endless sending: 200 for an unknown app, 422 for what is too much."""
    if refusal.status == 401:
        return accept(incoming, ())
    return as_text(422 if refusal.status == 413 else refusal.status, refusal.detail)


def _sent(decoded: Decoded | Drop, raw: bytes) -> Sent:
    if isinstance(decoded, Drop):
        return Sent(decoded, raw, None)
    return Sent(hit_of(decoded), raw, Hit(decoded.fields).text("aid"))


def _parcels(incoming: Incoming, sent: Sequence[Sent]) -> Sequence[Parcel] | Reply:
    if not sent:
        return accept(incoming, ())
    apps: dict[str | None, list[Sent]] = {}
    # What cannot be read says no app: it came with the others'.
    first = next((each.app for each in sent if each.app), None)
    for each in sent:
        apps.setdefault(each.app or first, []).append(each)
    lines = lines_in(each.hit for each in sent if isinstance(each.hit, Hit))
    is_anonymous = "sp-anonymous" in incoming.headers
    return [
        Parcel(key=app, content=App(theirs, lines, is_anonymous), items=len(theirs)) for app, theirs in apps.items()
    ]


def _outcome(sent: Sent, lines: Lines) -> Outcome:
    if isinstance(sent.hit, Drop):
        return Refused(sent.hit, sent.raw)
    fields = fields_of(sent.hit, lines)
    if isinstance(fields, Drop):
        return Refused(fields, sent.raw)
    return Item(
        fields, _content(sent.hit, sent.raw), is_mended=sent.hit.is_mended, is_time_exact=is_time_exact(sent.hit)
    )


def _content(hit: Hit, raw: bytes) -> bytes:
    """Give what was sent; of a hit without an id what a retry sends again, which is not the time of sending."""
    if hit.text("eid"):
        return raw
    said_again = sorted((name, repr(value)) for name, value in hit.fields.items() if name != "stm")
    return repr(said_again).encode("utf-8", "replace")


def _by_terms(outcome: Outcome, sent: Sent, app: App, terms: Terms) -> Outcome:
    """Say what depends on whose hit it is: who speaks for others, whom nobody may know, what a value is worth."""
    if isinstance(outcome, Refused) or isinstance(sent.hit, Drop):
        return outcome
    fields = outcome.fields
    if not terms.rules.is_server:
        fields = {name: value for name, value in fields.items() if name not in {"ip", "user_agent"}}
    if app.is_anonymous and "visitor_id" not in fields:
        event_id = fields.get("event_id") or sent.raw.decode("utf-8", "replace")
        alone = lone_visitor(source_id=terms.rules.source_id, event_id=event_id)
        fields = fields | said(visitor_id=fields.get("session_id") or alone)
    return replace(outcome, fields=fields | _worth(sent.hit, terms))


def _worth(hit: Hit, terms: Terms) -> dict[str, object]:
    """Give a structured event's value as money: it has no currency of its own, so its source's, or it is none."""
    value = hit.number("se_va") if hit.text("e") == "se" else None
    is_money = terms.rules.currency is not None and value is not None and not isinstance(value, str) and value >= 0
    return {"value": value} if is_money else {}


def _with_consent(arrival: Arrival, sent: Sent) -> Arrival:
    if isinstance(sent.hit, Drop):
        return arrival
    event, statements = arrival.event, list[Statement]()
    for entity in sent.hit.entities:
        statements += of_snowplow(entity.schema, entity.data, at_us=event.time_us)
    if not statements:
        return arrival
    return msgspec.structs.replace(arrival, event=msgspec.structs.replace(event, consent=settled_text(statements)))


PROTOCOL = Protocol(
    name=NAME,
    label="Snowplow",
    key="app id",
    routes=(
        Route("com.snowplowanalytics.snowplow/tp2", open_batch),
        Route("i", open_pixel, methods=("GET",)),
    ),
    read=read,
    accept=accept,
    refuse=refuse,
    cors=Cors(headers="Content-Type, Content-Encoding, SP-Anonymous", credentials=True),
)

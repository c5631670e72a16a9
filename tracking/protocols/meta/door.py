"""Meta's Conversions API in, Events out: for servers that have sent their conversions to Meta.

A request is JSON or a form, as a page or `curl -F` sends it; its events are a list of objects, or of texts that hold
one each, as Meta's own libraries write them. Of what names a person only ids are read: hashes of e-mail addresses and
telephone numbers have no place here and are not kept.
source  PROTOCOLS A.8
"""

from collections.abc import Sequence
from dataclasses import replace
from email.message import MIMEPart
from email.parser import BytesParser
from email.policy import HTTP

import msgspec

from tracking.event import DropReason, Problem, Status
from tracking.protocols.answers import as_json
from tracking.protocols.bodies import too_many, unpacked
from tracking.protocols.json_split import Split, split, split_single
from tracking.protocols.meta.events import IDS, fields_of
from tracking.protocols.parsed import Parsed
from tracking.protocols.queries import parameters_of, text_of_query
from tracking.protocols.seam import Cors, Incoming, Parcel, Protocol, Refusal, Reply, Route, Taken, Terms
from tracking.protocols.translating import Outcome, member, read_items, translated
from tracking.rules import WRITE_KEYS_BEGIN

NAME = "meta"
MOST_PARTS = 20  # of a form; Meta's libraries send four
_KNOWN = ("access_token", "test_event_code")
# What a request may be refused for in Meta's numbers: an invalid parameter, a token, the rate, a passing fault.
_CODES = {401: 190, 429: 4, 503: 2}
_PARAMETER = 100
_encode = msgspec.json.Encoder().encode


def open_events(incoming: Incoming) -> Sequence[Parcel]:
    """Take a request apart: its token, and its events."""
    body = unpacked(incoming)
    told = _told(incoming, body) if isinstance(body, bytes) else body
    pixel = incoming.path.rstrip("/").split("/")[-2]
    token = parameters_of(text_of_query(incoming.query)).values.get("access_token", "")
    if isinstance(told, Problem):
        return (Parcel(key=_key(token, pixel), problem=told),)  # what cannot be read may name people: none is kept
    token = token or _text(told.members.get("access_token"))
    problem = _problem(told)
    items = () if problem else [_outcome(_unwrapped(raw)) for raw in told.items]
    return (Parcel(key=_key(token, pixel), content=items, items=len(told.items), problem=problem),)


def read(parcel: Parcel, terms: Terms) -> Parsed:
    """Judge the events by their source's rules."""
    return read_items(parcel.content, terms, protocol=NAME)


def accept(_incoming: Incoming, taken: Sequence[Taken]) -> Reply:
    """Say what Meta says; its messages name what was not taken, where Meta would refuse all of it."""
    results = [result for each in taken for result in each.results]
    lost = [result for result in results if result.status is Status.REJECTED]
    said = {
        "events_received": len(results) - len(lost),
        "messages": [f"event {each.index}: {each.code}: {each.message}" for each in lost],
        "fbtrace_id": "",
    }
    return as_json(200, said)


def refuse(_incoming: Incoming, refusal: Refusal) -> Reply:
    """Say what Meta says."""
    status = 400 if refusal.status in {401, 413} else refusal.status
    error = {
        "message": refusal.detail,
        "type": "OAuthException",
        "code": _CODES.get(refusal.status, _PARAMETER),
        "is_transient": refusal.wait_seconds is not None,
        "fbtrace_id": "",
    }
    return as_json(status, {"error": error})


def _key(token: str, pixel: str) -> str | None:
    """Give our own write key: the token, or what stands in the pixel's place where a token of Meta's is kept.

    A pixel's id is in every page, so it may not speak for a server; a token of Meta's is nothing to leave elsewhere.
    """
    return pixel if pixel.startswith(WRITE_KEYS_BEGIN) else token or None


def _told(incoming: Incoming, body: bytes) -> Split | Problem:
    """Read the body as what it is; a form's texts become the members of an object."""
    if body.lstrip()[:1] == b"{":
        return split(body, items_key="data", known=_KNOWN)
    kind = incoming.headers.get("content-type", "")
    form = (
        _parts(kind, body)
        if kind.lower().startswith("multipart/form-data")
        else parameters_of(body.decode("utf-8", "replace")).values
    )
    found = split(form.get("data", "").encode(), items_key="data", known=())
    if isinstance(found, Problem):
        return found
    return Split(found.items, {name: _encode(form[name]) for name in _KNOWN if name in form}, found.levels)


def _parts(kind: str, body: bytes) -> dict[str, str]:
    """Read a form as `curl -F` sends it."""
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        return {}
    named = [(part.get_param("name", header="content-disposition"), part) for part in message.iter_parts()]
    return {name: _content(part) for name, part in named[:MOST_PARTS] if isinstance(name, str)}


def _content(part: MIMEPart) -> str:
    raw = part.get_payload(decode=True)
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def _outcome(raw: bytes) -> Outcome:
    return replace(translated(raw, fields_of), raw=_nameless(raw))


def _nameless(raw: bytes) -> bytes:
    """Leave hashes of names and addresses out of what quarantine would keep."""
    try:
        event = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return b""
    if not isinstance(event, dict):
        return b""
    person = event.get("user_data")
    known = {name: person[name] for name in IDS if name in person} if isinstance(person, dict) else None
    return _encode(event | {"user_data": known})


def _unwrapped(raw: bytes) -> bytes:
    """Give the event that stands in a text; anything else as it is."""
    inner = _text(raw).encode("utf-8", "replace")
    return raw if isinstance(split_single(inner), Problem) else inner


def _text(raw: bytes | None) -> str:
    """Give a JSON text; empty for anything else."""
    found = member(raw)
    return found if isinstance(found, str) else ""


def _problem(told: Split) -> Problem | None:
    if not told.items:
        return Problem(400, DropReason.INVALID_SHAPE, "data must be a list of events", pointer="/data")
    return too_many(len(told.items), "events")


PROTOCOL = Protocol(
    name=NAME,
    label="Meta Conversions API",
    key="",
    routes=(Route("v<str:version>/<str:pixel>/events", open_events),),
    read=read,
    accept=accept,
    refuse=refuse,
    cors=Cors(),
)

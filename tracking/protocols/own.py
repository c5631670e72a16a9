"""Our own JSON in, Events out: one event, or a batch of up to 2,000, each answered by itself.

A batch is `{"events": [...], "sent_at"?: time, "write_key"?: text}` or a bare list; a single is one event,
with `sent_at` and `write_key` beside its fields. docs/reference/collect-api.md lists the fields.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from tracking.event import (
    QUARANTINE_BYTES,
    REFUSED_WHEN_ALONE,
    Drop,
    DropReason,
    Problem,
    Quarantined,
    Result,
    Status,
)
from tracking.protocols.bodies import too_many
from tracking.protocols.json_items import Decoded, decode_item
from tracking.protocols.json_split import Split, is_too_deep, listed, split, split_single, unpack
from tracking.protocols.own_event import ANOTHER_DAY, Reading, event_of, reading_of
from tracking.protocols.own_plain import Said, plain_reader, said_in, said_in_all
from tracking.protocols.parsed import Arrival, Parsed
from tracking.protocols.seam import Cors, Incoming, Opener, Parcel, Protocol, Reply, Route, Taken, Terms
from tracking.rules import Sender, SourceRules
from tracking.times import moment_of

_ENVELOPE = ("sent_at", "write_key")
_ACCEPTED = Status.ACCEPTED  # looked up once: an attribute of an enumeration is slow, and this is per event


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A request taken apart and not yet judged: enough to find its source by the write key.

    items     each item's JSON text, or what was decoded already: an ordinary one, or a single's
    sent_at   the client's clock as it was sent, not yet read
    raw       the unpacked body, for quarantine
    texts     of all items, where some are ordinary
    """

    items: Sequence[bytes | Said | Decoded | Drop]
    write_key: str | None
    sent_at: Any  # Any: JSON that nobody has looked at yet
    raw: bytes
    is_single: bool = False
    texts: Sequence[msgspec.Raw | bytes] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unopened:
    """A request that could not be taken apart: its problem, and the body's beginning for quarantine."""

    problem: Problem
    raw: bytes


def open_batch(body: bytes) -> Opened | Unopened:
    """Unpack a batch and split it; nothing of its events is decoded."""
    unpacked = unpack(body)
    if isinstance(unpacked, Problem):
        return Unopened(problem=unpacked, raw=b"")
    if (opened := _open_plainly(unpacked)) is not None:
        return opened
    parts = split(unpacked, items_key="events", known=_ENVELOPE)
    if isinstance(parts, Problem):
        return Unopened(problem=parts, raw=unpacked[:QUARANTINE_BYTES])
    if problem := too_many(len(parts.items), "events"):
        return Unopened(problem=problem, raw=b"")
    envelope = _envelope_of(parts.members)
    return Opened(items=parts.items, write_key=_key_in(envelope), sent_at=envelope.get("sent_at"), raw=unpacked)


def _open_plainly(body: bytes) -> Opened | None:
    """Open a batch of mostly ordinary items; None where there is something to say of it as a whole."""
    found = listed(body, items_key="events", known=_ENVELOPE)
    if found is None or too_many(len(found.items), "events"):
        return None
    items = [said or bytes(text) for said, text in zip(said_in_all(found.text, found.items), found.items, strict=True)]
    # What is ordinary is known not to be deep.
    others = [item for item in items if isinstance(item, bytes)]
    if is_too_deep(Split(others, found.members, found.levels)):
        return None
    envelope = _envelope_of(found.members)
    return Opened(
        items=items,
        write_key=_key_in(envelope),
        sent_at=envelope.get("sent_at"),
        raw=body,
        texts=found.items,
    )


def open_single(body: bytes) -> Opened | Unopened:
    """Unpack and decode a body that is one event."""
    unpacked = unpack(body)
    if isinstance(unpacked, Problem):
        return Unopened(problem=unpacked, raw=b"")
    if (said := said_in(unpacked)) is not None:
        return Opened(items=[said], write_key=None, sent_at=None, raw=unpacked, is_single=True, texts=[unpacked])
    parts = split_single(unpacked)
    if isinstance(parts, Problem):
        return Unopened(problem=parts, raw=unpacked[:QUARANTINE_BYTES])
    decoded = decode_item(parts.items[0])
    if isinstance(decoded, Drop) and decoded.reason is DropReason.NOT_AN_OBJECT:
        problem = Problem(400, DropReason.INVALID_SHAPE, "the body must be one event, a JSON object")
        return Unopened(problem=problem, raw=parts.items[0][:QUARANTINE_BYTES])
    if isinstance(decoded, Drop):
        return Opened(items=[decoded], write_key=None, sent_at=None, raw=parts.items[0], is_single=True)
    event = {key: value for key, value in decoded.fields.items() if key not in _ENVELOPE}
    return Opened(
        items=[Decoded(event, decoded.is_mended)],
        write_key=_key_in(decoded.fields),
        sent_at=decoded.fields.get("sent_at"),
        raw=parts.items[0],
        is_single=True,
    )


def parse(
    opened: Opened | Unopened,
    *,
    rules: SourceRules,
    sender: Sender,
    salt: bytes,
    now_us: int,
    historical: bool = False,
) -> Parsed:
    """Read an opened request by its source's rules.

    salt        today's secret for visitors without an id, at most 64 bytes
    historical  no age limit: for imports and replays from quarantine
    """
    if isinstance(opened, Unopened):
        return _refused(opened.problem, opened.raw)
    sent_us = None
    if opened.sent_at is not None:
        sent = moment_of(opened.sent_at, pointer="/sent_at")
        if isinstance(sent, Drop):
            return _refused(Problem(400, sent.reason, sent.message, pointer=sent.pointer), opened.raw)
        sent_us = sent.us
    reading = reading_of(
        rules=rules, sender=sender, salt=salt, received_us=now_us, sent_us=sent_us, historical=historical
    )
    return _read_all(opened, reading)


class Answer(msgspec.Struct, frozen=True):
    """The body of 202: received is the sum of the four."""

    received: int
    accepted: int
    duplicates: int
    rejected: int
    filtered: int
    results: list[Result]


def write_key_in(headers: Mapping[str, str]) -> str | None:
    """Give the write key of the headers, by lower-case name: X-Write-Key, or Authorization: Bearer."""
    if key := headers.get("x-write-key"):
        return key.strip()
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


def _opener(open_body: Callable[[bytes], Opened | Unopened]) -> Opener:
    def open_request(incoming: Incoming) -> Sequence[Parcel]:
        fault = incoming.fault
        opened = open_body(incoming.body) if fault is None else Unopened(problem=fault, raw=b"")
        key = write_key_in(incoming.headers)
        if isinstance(opened, Unopened):
            return (Parcel(key=key, problem=opened.problem, raw=opened.raw),)
        return (Parcel(key=key or opened.write_key, content=opened, items=len(opened.items)),)

    return open_request


def _read(parcel: Parcel, terms: Terms) -> Parsed:
    return parse(parcel.content, rules=terms.rules, sender=terms.sender, salt=terms.salt, now_us=terms.now_us)


def _accept(_incoming: Incoming, taken: Sequence[Taken]) -> Reply:
    results = list(taken[0].results)
    counts = Counter(result.status for result in results)
    answer = Answer(
        received=len(results),
        accepted=counts[Status.ACCEPTED] + counts[Status.UNPLANNED],
        duplicates=counts[Status.DUPLICATE] + counts[Status.DUPLICATE_CONFLICT],
        rejected=counts[Status.REJECTED],
        filtered=counts[Status.FILTERED],
        results=results,
    )
    return Reply(202, _encode(answer), _JSON)


def _read_all(opened: Opened, reading: Reading) -> Parsed:
    parsed = Parsed()
    read_plainly = plain_reader(reading)
    for index, item in enumerate(opened.items):
        if isinstance(item, Said):
            plain = read_plainly(item, index)
            if plain is not None:
                parsed.arrivals.append(plain)
                parsed.results.append(Result(index, item.event_id, _ACCEPTED))
                continue
            _read_exactly(parsed, bytes(opened.texts[index]), opened, reading, index=index)
        else:
            _read_exactly(parsed, item, opened, reading, index=index)
    if opened.is_single and parsed.quarantine and parsed.quarantine[0].reason in REFUSED_WHEN_ALONE:
        return _with_problem(parsed)
    return parsed


def _read_exactly(
    parsed: Parsed, item: bytes | Decoded | Drop, opened: Opened, reading: Reading, *, index: int
) -> None:
    decoded = decode_item(item) if isinstance(item, bytes) else item
    read = decoded if isinstance(decoded, Drop) else event_of(decoded, reading, index=index)
    if isinstance(read, Drop):
        _reject(parsed, index, read, decoded, item if isinstance(item, bytes) else opened.raw)
        if read.reason in ANOTHER_DAY and isinstance(decoded, Decoded):
            _keep_whole(parsed, event_of(decoded, reading.at_any_time(), index=index))
    else:
        parsed.arrivals.append(read)
        parsed.results.append(_accepted(read))


def _accepted(read: Arrival) -> Result:
    if not read.notes:
        return Result(read.index, read.event.event_id, _ACCEPTED)
    first = read.notes[0]
    return Result(read.index, read.event.event_id, _ACCEPTED, first.code, first.message, warnings=read.notes)


def _reject(parsed: Parsed, index: int, drop: Drop, decoded: Decoded | Drop, raw: bytes) -> None:
    sent_id = decoded.fields.get("event_id") if isinstance(decoded, Decoded) else None
    known_id = sent_id[:256] if isinstance(sent_id, str) else None
    parsed.results.append(Result(index, known_id, Status.REJECTED, drop.reason, drop.message, pointer=drop.pointer))
    parsed.quarantine.append(Quarantined(index, drop.reason, drop.message, raw[:QUARANTINE_BYTES]))


def _keep_whole(parsed: Parsed, read: Arrival | Drop) -> None:
    if isinstance(read, Arrival):
        parsed.another_day.append(read)


def _with_problem(parsed: Parsed) -> Parsed:
    result = parsed.results[0]
    problem = Problem(400, DropReason(result.code), result.message, pointer=result.pointer)
    return Parsed(results=parsed.results, quarantine=parsed.quarantine, problem=problem)


def _refused(problem: Problem, raw: bytes) -> Parsed:
    kept = [Quarantined(None, problem.code, problem.detail, raw[:QUARANTINE_BYTES])] if raw else []
    return Parsed(problem=problem, quarantine=kept)


def _envelope_of(members: Mapping[str, bytes]) -> dict[str, Any]:
    """Decode the members that matter; what is no plain value becomes itself's refusal later on."""
    envelope: dict[str, Any] = {}
    for key in _ENVELOPE:
        if key in members:
            wrapped = decode_item(b'{"%b":%b}' % (key.encode(), members[key]))
            envelope[key] = wrapped.fields[key] if isinstance(wrapped, Decoded) else ""
    return envelope


def _key_in(envelope: dict[str, Any]) -> str | None:
    key = envelope.get("write_key")
    return key if isinstance(key, str) else None


_JSON = {"Content-Type": "application/json"}
_encode = msgspec.json.Encoder().encode

PROTOCOL = Protocol(
    name="own",
    label="Measureplan",
    key="",
    routes=(
        Route("api/v1/collect", _opener(open_single)),
        Route("api/v1/collect/batch", _opener(open_batch)),
    ),
    read=_read,
    accept=_accept,
    cors=Cors(headers="Content-Type, Content-Encoding, Authorization, X-Write-Key"),
)

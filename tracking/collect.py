"""The door: find the source, read, pipeline, append, answer. What it accepts is committed; what it refuses, it counts.

Every protocol goes through it: what differs between them is in `tracking.protocols`, what they share is here. The door
waits for nobody: without database or disk it says so within three seconds, and the sender keeps its events.
docs/reference/collect-api.md and docs/reference/protocols.md list bodies, answers and limits.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

import structlog
from django.db import (
    DEFAULT_DB_ALIAS,
    InterfaceError,
    InternalError,
    OperationalError,
    connection,
    connections,
    transaction,
)
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from prometheus_client import Counter as Metric

from tracking import gate, inbox, limits, pipeline, quarantine, tasks
from tracking.event import DropReason, Problem, Quarantined, Result, Status
from tracking.gate import Gate
from tracking.incoming import incoming_of
from tracking.new_events import append_new
from tracking.protocols.parsed import Parsed
from tracking.protocols.seam import REASON, Cors, Incoming, Parcel, Protocol, Refusal, Reply, Route, Taken, Terms
from tracking.salts import salt_of
from tracking.sender import sender_from
from workspaces import scope
from workspaces.hints import hint
from workspaces.problems import Fault, problem

RETRY_SECONDS = 5
AGAIN_SECONDS = 0.5  # a connection that broke earlier fails at once; what fails later has waited long enough
STATEMENT_MS = 2_500  # a statement that waits longer is given up, so that 503 comes within three seconds
DRAIN_SECONDS = 2.0  # one hint speaks for the requests of so long; the first after a pause is not held up
PREFLIGHT_SECONDS = 86_400
# Where the database is, not what was asked of it: the sender keeps its events and tries again.
TROUBLE = (OperationalError, InterfaceError, InternalError)
UNKNOWN_KEY = Problem(401, DropReason.INVALID_WRITE_KEY, "The write key is missing, unknown or closed.")
NOT_FROM_HERE = Problem(403, DropReason.ORIGIN_NOT_ALLOWED, "Pages of this origin may not send to this source.")

REFUSED = Metric("measureplan_collect_refused_total", "Requests that the door refused as a whole.", ["code"])
log = structlog.get_logger(__name__)


def view_of(protocol: Protocol, route: Route) -> Callable[..., HttpResponse]:
    """Give Django's view of a protocol's address; parts of the path are the protocol's own business."""

    @csrf_exempt
    @transaction.non_atomic_requests
    def collect(request: HttpRequest, **_parts: str) -> HttpResponse:
        incoming = incoming_of(request.META, request.read, protocol=protocol, route=route)
        reply = answer(protocol, route, incoming)
        return HttpResponse(reply.body, status=reply.status, headers=dict(reply.headers))

    return collect


def answer(protocol: Protocol, route: Route, incoming: Incoming) -> Reply:
    """Answer a request with the headers that browsers ask for; trouble of ours is never the sender's."""
    if incoming.method == "OPTIONS":
        return _preflight(protocol.cors, route, incoming)
    if incoming.method not in route.methods:
        return _not_allowed(route, incoming)
    try:
        if limits.is_disk_low():
            reply = _unavailable(protocol, incoming, "The disk is nearly full.")
        else:
            reply = _over_a_fresh_connection(partial(_taken_in, protocol, route, incoming))
    except TROUBLE as fault:
        log.warning("collect_unavailable", fault=repr(fault))
        reply = _unavailable(protocol, incoming, "The database cannot be reached.")
    return reply if reply.status == 403 else _let_read(protocol.cors, incoming, reply)


def _over_a_fresh_connection(take: Callable[[], Reply]) -> Reply:
    """Do it once more where the connection turns out to have been broken since its last use.

    Whether the broken one's transaction was committed does not matter: what was stored is known by its ids.
    """
    link = connections[DEFAULT_DB_ALIAS]
    was_open = link.connection is not None and not link.in_atomic_block
    started = time.monotonic()
    try:
        return take()
    except TROUBLE:
        is_late = time.monotonic() - started > AGAIN_SECONDS
        if not was_open or is_late or link.connection is None or link.is_usable():
            raise
        link.close()
        return take()


def _taken_in(protocol: Protocol, route: Route, incoming: Incoming) -> Reply:
    now = timezone.now()
    opened = route.open(incoming)
    if isinstance(opened, Reply):
        return opened
    taken = [_take(protocol, parcel, incoming, now) for parcel in opened]
    refusals = [each.refusal for each in taken if each.refusal is not None]
    # What may be sent again is: parcels that were stored are known then by their ids.
    again = next((each for each in refusals if each.wait_seconds is not None), None)
    if again is None and len(refusals) < len(taken):
        return protocol.accept(incoming, taken)
    return _refuse(protocol, incoming, again or refusals[0])


def _take(protocol: Protocol, parcel: Parcel, incoming: Incoming, now: datetime) -> Taken:
    """Find the parcel's source, and store what its rules let through."""
    if parcel.key is None and parcel.public_key is None and parcel.problem is not None:
        return Taken(parcel, refusal=_refusal(parcel.problem))  # the key is in what cannot be read
    source = _source_of(parcel, protocol)
    if source is None:
        return Taken(parcel, refusal=_refusal(UNKNOWN_KEY))
    page = incoming.headers.get("origin")
    if not source.admits(page):
        return Taken(parcel, refusal=_shut_out(source, page or "", now))
    if wait := limits.wait_seconds(source.origin.source_id, parcel.items):
        return Taken(parcel, refusal=_slow_down(source, parcel.items, wait, now))
    parsed = _parsed(protocol, parcel, source, incoming, now)
    results = _stored(source, parsed, now)
    return Taken(parcel, results, _refusal(parsed.problem) if parsed.problem else None)


def _source_of(parcel: Parcel, protocol: Protocol) -> Gate | None:
    found = gate.find(parcel.key, protocol=protocol.name) if parcel.key else None
    if found is None and parcel.public_key:
        shown = gate.find(parcel.public_key, protocol=protocol.name)
        return shown.without_trust() if shown else None
    if found is not None and found.by_alias and protocol.keys_are_public:
        return found.as_programs_see_it()
    return found


def _parsed(protocol: Protocol, parcel: Parcel, source: Gate, incoming: Incoming, now: datetime) -> Parsed:
    if parcel.problem is not None:
        kept = [Quarantined(None, parcel.problem.code, parcel.problem.detail, parcel.raw)] if parcel.raw else []
        return Parsed(problem=parcel.problem, quarantine=kept)
    sender = sender_from(incoming.headers, incoming.address)
    terms = Terms(
        rules=source.rules,
        sender=sender,
        salt=salt_of(source.origin.workspace_id, now.astimezone(UTC).date()),
        now_us=int(now.timestamp()) * 1_000_000 + now.microsecond,
    )
    return pipeline.run_all(protocol.read(parcel, terms), rules=source.rules, sender=sender, salt=terms.salt)


def _stored(source: Gate, parsed: Parsed, now: datetime) -> list[Result]:
    """Store what was judged; its results are true once this returns."""
    if len(parsed.arrivals) == len(parsed.results) > 0 and parsed.problem is None and _is_all_new(source, parsed, now):
        hint(tasks.drain, source.origin.workspace_id, apart_seconds=DRAIN_SECONDS)
        return parsed.results
    counts = Counter(
        f"{result.status}:{result.code}"
        for result in parsed.results
        if result.status in {Status.REJECTED, Status.FILTERED}
    )
    if parsed.problem:
        counts = counts or Counter({f"{Status.REJECTED}:{parsed.problem.code}": 1})
    arrivals = [] if parsed.problem else parsed.arrivals
    with _inside(source):
        statuses = inbox.append(
            source.origin,
            [arrival.event for arrival in arrivals],
            positions=[arrival.index for arrival in arrivals],
            marks=[arrival.mark for arrival in arrivals],
            counts=counts,
            examples=[quarantine.example(each) for each in parsed.quarantine],
            also=[arrival.also_holds for arrival in arrivals],
            now=now,
        )
        hint(tasks.drain, source.origin.workspace_id, apart_seconds=DRAIN_SECONDS)
    return _merged(parsed, statuses) if arrivals else parsed.results


def _is_all_new(source: Gate, parsed: Parsed, now: datetime) -> bool:
    """Store a request of which nothing was refused; False, and nothing stored, where one of its ids is held."""
    events = [arrival.event for arrival in parsed.arrivals]
    marks = [arrival.mark for arrival in parsed.arrivals]
    also = [arrival.also_holds for arrival in parsed.arrivals]
    return append_new(source.origin, events, marks=marks, also=also, now=now, wait_ms=STATEMENT_MS)


def _merged(parsed: Parsed, statuses: Sequence[Status]) -> list[Result]:
    """Put what the ledger knew into the results."""
    results = list(parsed.results)
    for arrival, status in zip(parsed.arrivals, statuses, strict=True):
        if status is not Status.ACCEPTED:
            results[arrival.index] = Result(
                arrival.index, arrival.event.event_id, status, str(status), _REPEATED[status]
            )
    return results


_REPEATED = {
    Status.DUPLICATE: "This event was accepted before.",
    Status.DUPLICATE_CONFLICT: "This id was accepted before with other content, which stays.",
}


@contextmanager
def _inside(source: Gate) -> Iterator[None]:
    """Run the block in a transaction of the source's workspace whose statements do not wait for long."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # As scope.enter, in one round trip: the door makes few, and each is a tenth of its time.
            cursor.execute(
                "select set_config(%s, %s, true), set_config('statement_timeout', %s, true)",
                [scope.WORKSPACE, str(source.origin.workspace_id), str(STATEMENT_MS)],
            )
        yield


def _shut_out(source: Gate, page: str, now: datetime) -> Refusal:
    counts = Counter({f"{Status.REJECTED}:{DropReason.ORIGIN_NOT_ALLOWED}": 1})
    example = quarantine.Example(str(DropReason.ORIGIN_NOT_ALLOWED), "", page, b"")
    with _inside(source):
        inbox.append(source.origin, [], counts=counts, examples=[example], now=now)
    return _refusal(NOT_FROM_HERE)


def _slow_down(source: Gate, items: int, wait: int, now: datetime) -> Refusal:
    with _inside(source):
        inbox.append(source.origin, [], counts=Counter({"limited:rate": items}), now=now)
    detail = f"This source sends faster than it may; send the same again in {wait} seconds."
    return Refusal(status=429, code="rate_limited", detail=detail, wait_seconds=wait)


def _unavailable(protocol: Protocol, incoming: Incoming, why: str) -> Reply:
    detail = f"{why} Nothing was stored; send the same again in {RETRY_SECONDS} seconds."
    refusal = Refusal(status=503, code="unavailable", detail=detail, wait_seconds=RETRY_SECONDS)
    return _refuse(protocol, incoming, refusal)


def _refusal(fault: Problem) -> Refusal:
    facts = {"position": fault.position, "limit": fault.limit}
    known = {name: value for name, value in facts.items() if value is not None}
    return Refusal(status=fault.status, code=fault.code, detail=fault.detail, pointer=fault.pointer, facts=known)


def _refuse(protocol: Protocol, incoming: Incoming, refusal: Refusal) -> Reply:
    REFUSED.labels(refusal.code).inc()
    headers = {} if refusal.wait_seconds is None else {"Retry-After": str(refusal.wait_seconds)}
    if protocol.refuse is None:
        return _as_problem(refusal, headers)
    reply = protocol.refuse(incoming, refusal)
    return Reply(reply.status, reply.body, {**reply.headers, **headers, REASON: refusal.code})


def _not_allowed(route: Route, incoming: Incoming) -> Reply:
    detail = f"Send events with {' or '.join(route.methods)}."
    refusal = Refusal(status=405, code="method_not_allowed", detail=detail)
    reply = _as_problem(refusal, {"Allow": route.allow})
    return reply if incoming.method != "HEAD" else Reply(405, b"", reply.headers)


def _as_problem(refusal: Refusal, headers: Mapping[str, str]) -> Reply:
    errors = [Fault(refusal.pointer, refusal.code, refusal.detail)] if refusal.pointer else []
    said = problem(refusal.status, refusal.code, refusal.detail, errors=errors, headers=headers, facts=refusal.facts)
    return Reply(said.status_code, said.content, dict(said.items()))


def _preflight(cors: Cors, route: Route, incoming: Incoming) -> Reply:
    """Answer a browser that asks before it sends; the origin is judged when it does, by the source's key."""
    headers = {
        "Access-Control-Allow-Methods": route.allow,
        "Access-Control-Allow-Headers": cors.headers,
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
    return _let_read(cors, incoming, Reply(204, b"", headers))


def _let_read(cors: Cors, incoming: Incoming, reply: Reply) -> Reply:
    """Let the sending page read the answer; cookies are never read, so that no page acts in somebody's name."""
    page = incoming.headers.get("origin")
    if not page:
        return reply
    headers = {
        **reply.headers,
        "Access-Control-Allow-Origin": page,
        "Access-Control-Expose-Headers": cors.expose,
        "Vary": "Origin",
    }
    if cors.credentials:
        headers["Access-Control-Allow-Credentials"] = "true"
    return Reply(reply.status, reply.body, headers)

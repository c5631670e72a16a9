"""The door: parse, pipeline, append, answer. What it answers with 202 is committed; what it refuses, it counts.

docs/reference/collect-api.md lists bodies, answers and limits. The door waits for nobody: without database or disk it
says 503 within three seconds, and the sender keeps its events.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
import structlog
from django.db import InterfaceError, InternalError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from prometheus_client import Counter as Metric

from tracking import gate, inbox, limits, pipeline, quarantine, tasks
from tracking.event import MAX_BODY_BYTES, DropReason, Problem, Result, Status
from tracking.gate import Gate
from tracking.protocols import own
from tracking.protocols.own import Opened, Unopened
from tracking.protocols.parsed import Parsed
from tracking.salts import salt_of
from tracking.sender import KEY_HEADER, sender_of, write_key_of
from workspaces import scope
from workspaces.hints import hint
from workspaces.problems import Fault, problem

RETRY_SECONDS = 5
STATEMENT_MS = 2_500  # a statement that waits longer is given up, so that 503 comes within three seconds
DRAIN_SECONDS = 1.0  # one hint speaks for a second's requests
PREFLIGHT_SECONDS = 86_400
METHODS = "POST, OPTIONS"
# Where the database is, not what was asked of it: the sender keeps its events and tries again.
TROUBLE = (OperationalError, InterfaceError, InternalError)

REFUSED = Metric("measureplan_collect_refused_total", "Requests that the door refused as a whole.", ["code"])
log = structlog.get_logger(__name__)

Opener = Callable[[bytes], Opened | Unopened]


class Answer(msgspec.Struct, frozen=True):
    """The body of 202: received is the sum of the four."""

    received: int
    accepted: int
    duplicates: int
    rejected: int
    filtered: int
    results: list[Result]


@csrf_exempt
@transaction.non_atomic_requests
def collect(request: HttpRequest) -> HttpResponse:
    """Take one event."""
    return _guarded(request, own.open_single)


@csrf_exempt
@transaction.non_atomic_requests
def collect_batch(request: HttpRequest) -> HttpResponse:
    """Take up to 2,000 events."""
    return _guarded(request, own.open_batch)


def _guarded(request: HttpRequest, open_body: Opener) -> HttpResponse:
    """Answer with the headers that browsers ask for; trouble of ours is never the sender's."""
    if request.method == "OPTIONS":
        return _preflight(request)
    if request.method != "POST":
        return problem(405, "method_not_allowed", "Send events with POST.", headers={"Allow": METHODS})
    try:
        response = _unavailable("The disk is nearly full.") if limits.is_disk_low() else _answer(request, open_body)
    except TROUBLE as fault:
        log.warning("collect_unavailable", fault=repr(fault))
        response = _unavailable("The database cannot be reached.")
    if response.status_code != 403:
        _let_read(request, response)
    return response


def _answer(request: HttpRequest, open_body: Opener) -> HttpResponse:
    now = timezone.now()
    body = _body(request)
    opened = open_body(body) if isinstance(body, bytes) else Unopened(problem=body, raw=b"")
    write_key = write_key_of(request) or (opened.write_key if isinstance(opened, Opened) else None)
    if write_key is None and isinstance(opened, Unopened):
        return _refuse(opened.problem)  # the key is in what cannot be read
    source = gate.find(write_key) if write_key else None
    if source is None:
        return _refuse(Problem(401, DropReason.INVALID_WRITE_KEY, "The write key is missing, unknown or closed."))
    items = len(opened.items) if isinstance(opened, Opened) else 1
    page = request.headers.get("Origin")
    if not source.admits(page):
        return _shut_out(source, page or "", now)
    if wait := limits.wait_seconds(source.origin.source_id, items):
        return _slow_down(source, items, wait, now)
    return _take(source, _parsed(request, source, opened, now), now)


def _body(request: HttpRequest) -> bytes | Problem:
    """Read the body up to its limit; a longer one is not read to its end."""
    too_large = Problem(
        413, DropReason.BODY_TOO_LARGE, f"The body may have {MAX_BODY_BYTES} bytes.", limit=MAX_BODY_BYTES
    )
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
            return too_large
        body = request.read(MAX_BODY_BYTES + 1)
    except (ValueError, UnreadablePostError):
        return Problem(400, DropReason.INVALID_JSON, "The body broke off.")
    return too_large if len(body) > MAX_BODY_BYTES else body


def _parsed(request: HttpRequest, source: Gate, opened: Opened | Unopened, now: datetime) -> Parsed:
    sender = sender_of(request)
    salt = salt_of(source.origin.workspace_id, now.astimezone(UTC).date())
    now_us = int(now.timestamp()) * 1_000_000 + now.microsecond
    parsed = own.parse(opened, rules=source.rules, sender=sender, salt=salt, now_us=now_us)
    return pipeline.run_all(parsed, rules=source.rules, sender=sender)


def _take(source: Gate, parsed: Parsed, now: datetime) -> HttpResponse:
    """Store what was judged; answer once it is committed."""
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
            counts=counts,
            examples=[quarantine.example(each) for each in parsed.quarantine],
            now=now,
        )
        hint(tasks.drain, source.origin.workspace_id, after_seconds=DRAIN_SECONDS)
    if parsed.problem:
        return _refuse(parsed.problem)
    return _accepted(_merged(parsed, statuses))


def _merged(parsed: Parsed, statuses: list[Status]) -> list[Result]:
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


def _accepted(results: list[Result]) -> HttpResponse:
    counts = Counter(result.status for result in results)
    answer = Answer(
        received=len(results),
        accepted=counts[Status.ACCEPTED] + counts[Status.UNPLANNED],
        duplicates=counts[Status.DUPLICATE] + counts[Status.DUPLICATE_CONFLICT],
        rejected=counts[Status.REJECTED],
        filtered=counts[Status.FILTERED],
        results=results,
    )
    return HttpResponse(msgspec.json.encode(answer), status=202, content_type="application/json")


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


def _shut_out(source: Gate, page: str, now: datetime) -> HttpResponse:
    counts = Counter({f"{Status.REJECTED}:{DropReason.ORIGIN_NOT_ALLOWED}": 1})
    example = (str(DropReason.ORIGIN_NOT_ALLOWED), "", page, b"")
    with _inside(source):
        inbox.append(source.origin, [], counts=counts, examples=[example], now=now)
    return _refuse(Problem(403, DropReason.ORIGIN_NOT_ALLOWED, "Pages of this origin may not send to this source."))


def _slow_down(source: Gate, items: int, wait: int, now: datetime) -> HttpResponse:
    with _inside(source):
        inbox.append(source.origin, [], counts=Counter({"limited:rate": items}), now=now)
    REFUSED.labels("rate_limited").inc()
    detail = f"This source sends faster than it may; send the same again in {wait} seconds."
    return problem(429, "rate_limited", detail, headers={"Retry-After": str(wait)})


def _refuse(refusal: Problem) -> HttpResponse:
    REFUSED.labels(refusal.code).inc()
    errors = [Fault(refusal.pointer, refusal.code, refusal.detail)] if refusal.pointer else []
    facts = {"position": refusal.position, "limit": refusal.limit}
    known = {name: value for name, value in facts.items() if value is not None}
    return problem(refusal.status, refusal.code, refusal.detail, errors=errors, facts=known)


def _unavailable(why: str) -> HttpResponse:
    REFUSED.labels("unavailable").inc()
    detail = f"{why} Nothing was stored; send the same again in {RETRY_SECONDS} seconds."
    return problem(503, "unavailable", detail, headers={"Retry-After": str(RETRY_SECONDS)})


def _preflight(request: HttpRequest) -> HttpResponse:
    """Answer a browser that asks before it sends; the origin is judged when it does, by the write key."""
    response = HttpResponse(status=204)
    _let_read(request, response)
    response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = f"Content-Type, Content-Encoding, Authorization, {KEY_HEADER}"
    response["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    return response


def _let_read(request: HttpRequest, response: HttpResponse) -> None:
    """Let the sending page read the answer; without cookies, so that no page acts in somebody's name."""
    if page := request.headers.get("Origin"):
        response["Access-Control-Allow-Origin"] = page
        response["Access-Control-Expose-Headers"] = "Retry-After"
        response["Vary"] = "Origin"

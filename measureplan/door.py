"""The short way to the collectors: around Django's middleware, which knows sessions, pages and languages.

An event is collected thousands of times as often as a page is shown, and its sender has neither cookie nor form. What
the middleware does for it is done here as well: the request's id, its line in the log, its metrics, connections to the
database that end when their time is over. Django's own addresses of the doors stay for servers that start without this.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any

import structlog
from django.db import DEFAULT_DB_ALIAS, connections
from gunicorn.http.errors import ParseException

from measureplan.metrics import REQUESTS, SECONDS
from tracking import collect
from tracking.incoming import incoming_of
from tracking.protocols.registry import PROTOCOLS
from tracking.protocols.seam import Protocol, Reply, Route
from workspaces.problems import plain_problem

Environ = dict[str, Any]  # Any: as WSGI has it
Start = Callable[..., Any]  # WSGI's start_response
Application = Callable[[Environ, Start], Iterable[bytes]]
Door = tuple[Protocol, Route]

log = structlog.get_logger(__name__)
_levels = logging.getLogger(__name__)  # asked first: structlog finds out behind much else that nobody listens


class Doors:
    """WSGI: the collectors' addresses are answered here, every other one by the application."""

    def __init__(self, application: Application, protocols: Iterable[Protocol] = PROTOCOLS.values()) -> None:
        doors = [(protocol, route) for protocol in protocols for route in protocol.routes]
        self.application = application
        self.exact = {f"/{route.path}": (protocol, route) for protocol, route in doors if "<" not in route.path}
        self.patterns = [(_pattern(door[1].path), door) for door in doors if "<" in door[1].path]

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        door = self.exact.get(path) or self._by_pattern(path)
        if door is None:
            return self.application(environ, start)
        started = time.perf_counter()
        identity = str(uuid.uuid4())
        structlog.contextvars.bind_contextvars(request_id=identity)
        try:
            reply = _answered(door, environ)
            _note(door[1], environ, reply, started)
        finally:
            structlog.contextvars.clear_contextvars()
        headers = [*reply.headers.items(), ("Content-Length", str(len(reply.body))), ("X-Request-Id", identity)]
        start(f"{reply.status} {_PHRASES.get(reply.status, '')}", [*headers, ("X-Content-Type-Options", "nosniff")])
        return [reply.body]

    def _by_pattern(self, path: str) -> Door | None:
        return next((door for pattern, door in self.patterns if pattern.fullmatch(path)), None)


def _answered(door: Door, environ: Environ) -> Reply:
    protocol, route = door
    link = connections[DEFAULT_DB_ALIAS]
    link.close_if_unusable_or_obsolete()
    # Its question would be a third of the way to the database; a connection that broke meanwhile is found by its use.
    link.health_check_done = True  # type: ignore[attr-defined]  # the stubs lack it
    try:
        incoming = incoming_of(environ, _reader(environ), protocol=protocol, route=route)
        return collect.answer(protocol, route, incoming)
    except Exception:  # the outermost line: whatever happened, the sender hears it and keeps its events
        log.exception("request_failed")
        said = plain_problem(500)
        return Reply(said.status_code, said.content, dict(said.items()))
    finally:
        link.close_if_unusable_or_obsolete()


def _reader(environ: Environ) -> Callable[[int], bytes]:
    """Give a reader of the body that never waits for more than was announced."""
    source = environ["wsgi.input"]
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return partial(_in_chunks, source)
    return lambda most: source.read(min(most, int(environ.get("CONTENT_LENGTH") or 0)))


def _in_chunks(source: Any, most: int) -> bytes:  # Any: WSGI's
    """Read a body that comes in chunks; raise OSError where they are none."""
    try:
        return source.read(most)  # type: ignore[no-any-return]  # WSGI's
    except ParseException as fault:  # no OSError, unlike that of chunks that break off
        raise OSError(str(fault)) from fault


def _note(route: Route, environ: Environ, reply: Reply, started: float) -> None:
    method = environ["REQUEST_METHOD"]
    _counter(route.path, method, reply.status).inc()
    _duration(route.path).observe(time.perf_counter() - started)
    # What was taken is in the metrics; thousands of lines a second would say the same and cost a tenth of the door.
    level = logging.DEBUG if reply.status < 400 else logging.WARNING
    if _levels.isEnabledFor(level):
        log.log(level, "request_finished", code=reply.status, request=f"{method} {environ.get('PATH_INFO', '')}")


def _pattern(path: str) -> re.Pattern[str]:
    parts: Sequence[str] = re.split(r"<[^>]+>", path)
    return re.compile("/" + "[^/]+".join(map(re.escape, parts)))


# Finding a metric by its labels takes longer than counting.
_counter = lru_cache(REQUESTS.labels)
_duration = lru_cache(SECONDS.labels)
_PHRASES = {status.value: status.phrase for status in HTTPStatus}

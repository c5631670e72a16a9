"""A web server's request as protocols take it, read from the WSGI environment."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings

from tracking.event import DropReason, Problem
from tracking.protocols.seam import Incoming, Protocol, Route

Environ = Mapping[str, Any]  # Any: as WSGI has it
Reader = Callable[[int], bytes]


def incoming_of(environ: Environ, read: Reader, *, protocol: Protocol, route: Route) -> Incoming:
    """Read the request; the body of a method that has none here is left where it is.

    read  gives at most so many bytes of the body
    """
    method: str = environ["REQUEST_METHOD"]
    body = _body(environ, read, protocol.max_body_bytes) if method == "POST" and "POST" in route.methods else b""
    return Incoming(
        method=method,
        # WSGI gives the path's bytes as Latin-1.
        path=environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace"),
        query=environ.get("QUERY_STRING", ""),
        headers=headers_of(environ),
        body=body if isinstance(body, bytes) else b"",
        fault=None if isinstance(body, bytes) else body,
        address=environ.get("REMOTE_ADDR"),
        is_secure=settings.BASE_URL.startswith("https:") or environ.get("wsgi.url_scheme") == "https",
    )


def headers_of(environ: Environ) -> dict[str, str]:
    """Give the headers by lower-case name."""
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    if content_type := environ.get("CONTENT_TYPE"):
        headers["content-type"] = content_type
    return headers


def _body(environ: Environ, read: Reader, limit: int) -> bytes | Problem:
    """Read the body up to its limit; a longer one is not read to its end."""
    too_large = Problem(413, DropReason.BODY_TOO_LARGE, f"The body may have {limit} bytes.", limit=limit)
    broken = Problem(400, DropReason.INVALID_JSON, "The body broke off.")
    try:
        announced = int(environ.get("CONTENT_LENGTH") or 0)
        if announced > limit:
            return too_large
        body = read(limit + 1)
    except (ValueError, OSError):
        return broken
    # A server that lost the sender gives what came until then: of a form or of lines, less than was meant can be read.
    if len(body) < announced:
        return broken
    return too_large if len(body) > limit else body

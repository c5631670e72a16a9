"""Requests as the fast door hands them to a protocol: what Django refuses before a view, a protocol must take."""

from collections.abc import Mapping

from tests.tracking.protocols.senders import BROWSER
from tracking import collect
from tracking.protocols.registry import PROTOCOLS
from tracking.protocols.seam import Incoming, Reply


def fetch(path: str, query: str = "", headers: Mapping[str, str] | None = None) -> Reply:
    """GET as a page of a browser does; the query is raw, its characters are its bytes."""
    doors = ((protocol, route) for protocol in PROTOCOLS.values() for route in protocol.routes)
    protocol, route = next(door for door in doors if f"/{door[1].path}" == path)
    sent = {"user-agent": BROWSER} | {name.lower(): value for name, value in (headers or {}).items()}
    return collect.answer(protocol, route, Incoming(method="GET", path=path, query=query, headers=sent, address="::1"))

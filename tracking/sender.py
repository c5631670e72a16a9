"""Who sends: what the headers of a request say, behind as many proxies as are trusted."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest

from tracking.protocols.own import write_key_in
from tracking.rules import Sender


def sender_of(request: HttpRequest) -> Sender:
    """Read the headers that the pipeline judges by."""
    return sender_from(request.headers, request.META.get("REMOTE_ADDR"))


def sender_from(headers: Mapping[str, str], socket_address: str | None) -> Sender:
    """Read the sender from the headers, by lower-case name."""
    language = headers.get("accept-language", "").split(",", 1)[0].split(";", 1)[0].strip()
    return Sender(
        ip=_address(headers, socket_address),
        user_agent=headers.get("user-agent", "")[:1_024],
        language=language[:35] or None,
        has_gpc=headers.get("sec-gpc") == "1",
        has_dnt=headers.get("dnt") == "1",
        purpose=headers.get("sec-purpose") or headers.get("purpose") or headers.get("x-moz") or "",
    )


def address_of(request: HttpRequest) -> str | None:
    """Give the sender's address: of X-Forwarded-For only the entries that trusted proxies appended count."""
    return _address(request.headers, request.META.get("REMOTE_ADDR"))


def _address(headers: Mapping[str, str], socket_address: str | None) -> str | None:
    if not settings.TRUSTED_PROXIES:
        return socket_address or None
    hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    return hops[-settings.TRUSTED_PROXIES] if len(hops) >= settings.TRUSTED_PROXIES else socket_address or None


def write_key_of(request: HttpRequest) -> str | None:
    """Give the write key of the headers: X-Write-Key, or Authorization: Bearer."""
    return write_key_in(request.headers)

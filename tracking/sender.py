"""Who sends: what the headers of a request say, behind as many proxies as are trusted."""

from django.conf import settings
from django.http import HttpRequest

from tracking.rules import Sender

KEY_HEADER = "X-Write-Key"


def sender_of(request: HttpRequest) -> Sender:
    """Read the headers that the pipeline judges by."""
    headers = request.headers
    language = headers.get("Accept-Language", "").split(",", 1)[0].split(";", 1)[0].strip()
    return Sender(
        ip=address_of(request),
        user_agent=headers.get("User-Agent", "")[:1_024],
        language=language[:35] or None,
        has_gpc=headers.get("Sec-GPC") == "1",
        has_dnt=headers.get("DNT") == "1",
        purpose=headers.get("Sec-Purpose") or headers.get("Purpose") or headers.get("X-Moz") or "",
    )


def address_of(request: HttpRequest) -> str | None:
    """Give the sender's address: of X-Forwarded-For only the entries that trusted proxies appended count."""
    socket_address: str | None = request.META.get("REMOTE_ADDR") or None
    if not settings.TRUSTED_PROXIES:
        return socket_address
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    return hops[-settings.TRUSTED_PROXIES] if len(hops) >= settings.TRUSTED_PROXIES else socket_address


def write_key_of(request: HttpRequest) -> str | None:
    """Give the write key of the headers: X-Write-Key, or Authorization: Bearer."""
    if key := request.headers.get(KEY_HEADER):
        return key.strip()
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None

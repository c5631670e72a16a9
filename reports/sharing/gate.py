"""The password of a shared link: tried a few times, then remembered by a signed cookie for the link's address alone."""

from datetime import timedelta
from typing import Final

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse

from reports.models import SharedLink
from workspaces.tokens import hash_of

COOKIE: Final = "measureplan-shared"  # its path is the link's, so one name does for all
REMEMBERED: Final = timedelta(hours=12)  # a working day
ACTION: Final = "shared_password"  # of ACCOUNT_RATE_LIMITS


class TooManyTries(Exception):
    """The link, or the address of the network, has to wait."""


def is_open(request: HttpRequest, link: SharedLink) -> bool:
    """Say whether the link asks for no password, or this browser has given it."""
    if not link.password:
        return True
    shown = request.get_signed_cookie(COOKIE, default="", salt=link.secret_hash, max_age=REMEMBERED)
    return bool(shown) and shown == _proof(link)


def is_right(request: HttpRequest, link: SharedLink, password: str) -> bool:
    """Check what was typed; raise TooManyTries. What was right does not count as a try."""
    if not ratelimit.consume(request, action=ACTION, key=link.secret_hash):
        raise TooManyTries
    if not check_password(password, link.password):
        return False
    ratelimit.clear(request, action=ACTION, key=link.secret_hash)
    return True


def remember(response: HttpResponse, link: SharedLink, *, path: str) -> None:
    """Let this browser open the link without the password for a while."""
    response.set_signed_cookie(
        COOKIE, _proof(link), salt=link.secret_hash, max_age=REMEMBERED, path=path,
        secure=settings.SECURE_COOKIES, httponly=True, samesite="Lax",
    )  # fmt: skip


def _proof(link: SharedLink) -> str:
    return hash_of(link.password)  # of another password it is another

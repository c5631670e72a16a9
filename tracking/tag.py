"""Our own tag, tracking/mp.js: served small, at a name that stays and at one that changes with its content.

Pages of any site load it, so that it asks for no session, no database and no CORS; docs/reference/tag.md.
"""

import gzip
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

SOURCE: Final = Path(__file__).with_name("mp.js")
FRESH_SECONDS: Final = 600  # how soon pages have a new version of /mp.js
STALE_SECONDS: Final = 86_400  # meanwhile an old one may be used while the new one is fetched
# What a page runs before the tag is there, so that calls of it wait and are not lost.
STUB: Final = (
    "window.measureplan = window.measureplan || function () { (measureplan.q = measureplan.q || []).push(arguments) }"
)
_COMMENTS_AND_INDENTATION: Final = re.compile(r"^[ \t]*(?://.*)?\n|^[ \t]+", re.MULTILINE)
_IMMUTABLE: Final = "public, max-age=31536000, immutable"
_SHORT: Final = f"public, max-age={FRESH_SECONDS}, stale-while-revalidate={STALE_SECONDS}"


@dataclass(frozen=True, slots=True)
class Script:
    """The tag as it is served, plain and packed, and the digest of its content."""

    text: bytes
    packed: bytes
    digest: str


@cache
def script() -> Script:
    """Make the tag of its source."""
    text = _COMMENTS_AND_INDENTATION.sub("", SOURCE.read_text(encoding="utf-8")).encode()
    return Script(text, gzip.compress(text, 9, mtime=0), sha256(text).hexdigest()[:16])


def address() -> str:
    """Give the tag's whole address, for snippets."""
    return f"{settings.BASE_URL}{reverse('tracking:tag')}"


@require_safe
@transaction.non_atomic_requests
def latest(request: HttpRequest) -> HttpResponseBase:
    """Serve today's tag under the name that stays."""
    return _served(request, _SHORT)


@require_safe
@transaction.non_atomic_requests
def version(request: HttpRequest, digest: str) -> HttpResponseBase:
    """Serve the tag under the name of its content; a page that names an older one gets today's, and not for ever."""
    if digest == script().digest:
        return _served(request, _IMMUTABLE)
    response = HttpResponseRedirect(reverse("tracking:tag"))
    response["Cache-Control"] = _SHORT
    return _open_to_all(response)


def _served(request: HttpRequest, cached: str) -> HttpResponseBase:
    made = script()
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(made.packed if takes_gzip else made.text, content_type="text/javascript; charset=utf-8")
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = cached
    response["ETag"] = etag = f'W/"{made.digest}"'  # weak: packed or not, it is the same script
    patch_vary_headers(response, ["Accept-Encoding"])
    return get_conditional_response(request, etag=etag, response=_open_to_all(response)) or response


def _open_to_all(response: HttpResponse) -> HttpResponse:
    """Let pages load it that ask for CORS, or that are isolated from other origins."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response

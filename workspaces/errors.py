"""The pages that tell what went wrong: 400, 403, 404, 500, 503, and a lost form token.

Under /api `workspaces.answering` replaces them by problem details. They work without a session and without a database.
"""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

RETRY_SECONDS = "5"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Answer a request that can't be read."""
    return _without_request("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a member whose role may not; `reason` names the act."""
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Answer an address that leads nowhere, or nowhere for this person."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Answer what nobody expected; a database that can't be reached is 503, and worth another try."""
    if isinstance(sys.exc_info()[1], OperationalError):
        response = _without_request("503.html", 503)
        response["Retry-After"] = RETRY_SECONDS
        return response
    return _without_request("500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old, with the way back to it."""
    return render(request, "403_csrf.html", {"reason": reason, "back": request.path}, status=403)


def _without_request(template: str, status: int) -> HttpResponse:
    """Render without the request: its session and its person may be what failed."""
    try:
        return HttpResponse(render_to_string(template), status=status)
    except TemplateDoesNotExist:
        return HttpResponse(_("Something went wrong here."), status=status, content_type="text/plain; charset=utf-8")

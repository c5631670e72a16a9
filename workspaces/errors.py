"""What tells that something went wrong: 400, 403, 404, 500, 503, and a lost form token.

Pages for people, problem details under /api. They work without a session and without a database.
"""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from workspaces.problems import RETRY_SECONDS, is_api, plain_problem


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Answer a request that can't be read."""
    return plain_problem(400) if is_api(request) else _without_request("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a member whose role may not; the exception names the act."""
    if is_api(request):
        return plain_problem(403)
    return _without_request("403.html", 403, exception=str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Answer an address that leads nowhere, or nowhere for this person."""
    return plain_problem(404) if is_api(request) else _without_request("404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what nobody expected; a database that can't be reached is 503, and worth another try."""
    status = 503 if isinstance(sys.exc_info()[1], OperationalError) else 500
    response = plain_problem(status) if is_api(request) else _without_request(f"{status}.html", status)
    if status == 503:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Answer a form whose token is missing or old, with the way back to it."""
    if is_api(request):
        return plain_problem(403)
    return _without_request("403_csrf.html", 403)


def _without_request(template: str, status: int, **context: str) -> HttpResponse:
    """Render without the request: its session and its person may be what failed."""
    try:
        return HttpResponse(render_to_string(template, context), status=status)
    except TemplateDoesNotExist:
        return HttpResponse(_("Something went wrong here."), status=status, content_type="text/plain; charset=utf-8")

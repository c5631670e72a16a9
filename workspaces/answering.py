"""The middleware around every answer: its request id, and under /api always problem details."""

from collections.abc import Callable

import structlog
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from workspaces import errors
from workspaces.problems import CONTENT_TYPE, Fault, answer_for, is_api, plain_problem, problem, request_id

KEPT = ("Allow", "Retry-After", "WWW-Authenticate", "Vary", "Access-Control-Allow-Origin")  # headers that still apply

log = structlog.get_logger(__name__)


class AnswerMiddleware:
    """Stands right inside django-structlog's RequestMiddleware, which gives each request its id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse what PostgreSQL can't store; name the request; make errors of the API problems."""
        response = _refuse(request) or _as_problem(request, self.get_response(request))
        if (identity := request_id()) is not None:
            response["X-Request-Id"] = identity
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Answer what a view raised outside of Django REST framework: a lost database, a refusal."""
        if not is_api(request):
            return None
        answer = answer_for(fault)
        if answer is not None and answer.status_code >= 500:
            log.error("request_unanswerable", exc_info=fault)
        return answer


def _refuse(request: HttpRequest) -> HttpResponse | None:
    """Refuse a NUL in the address or a cookie: PostgreSQL has no such character, and any lookup by it fails."""
    parameter = next((name for name, values in request.GET.lists() if "\0" in name + "".join(values)), None)
    if parameter is None and "\0" not in request.path_info + "".join(request.COOKIES.values()):
        return None
    message = "A NUL character cannot stand in an address or a cookie."
    if is_api(request):
        faults = [Fault(f"?{parameter}".replace("\0", ""), "invalid_parameter", message)] if parameter else []
        return problem(400, "invalid_parameter", message, errors=faults)
    return errors.bad_request(request, SuspiciousOperation(message))


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code < 400 or not is_api(request):
        return response
    # Answers of our own views that carry JSON of another protocol (a client's own error body) stay as they are.
    if response.headers.get("Content-Type", "").split(";")[0] in {CONTENT_TYPE, "application/json"}:
        return response
    kept = {name: response[name] for name in KEPT if name in response}
    return plain_problem(response.status_code, headers=kept)

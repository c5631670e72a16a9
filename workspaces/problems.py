"""Errors of the API in one shape: RFC 9457 problem details, with a code and the request's id.

`problem` makes the answer; `handle` is Django REST framework's door to it; `workspaces.answering` turns Django's own
errors under /api into it. docs/reference/api.md lists the codes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any, cast

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import ngettext
from rest_framework import exceptions

from workspaces.refusal import Refusal

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = 5  # after which an unreachable database is worth another try
# Codes that tell more than "validation_failed" and so stand at the top when they are the only kind of fault.
TELLING = frozenset({"unknown_field", "read_only_field", "invalid_parameter"})
CODES: dict[int, str] = {
    400: "bad_request",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}
DETAILS: dict[int, str] = {
    400: "The request cannot be read.",
    403: "The token's scopes do not cover this.",
    404: "There is nothing here.",
    405: "This address does not answer this method; the header Allow names those that it does.",
    413: "The body is larger than this address takes.",
    500: "Something broke here; the request's id leads to it in the log.",
    503: "The database cannot be reached; try again.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: a JSON pointer into the body ("/goals/0/name") or a parameter of the query ("?limit")."""

    pointer: str
    code: str
    message: str


class BadParameter(exceptions.APIException):
    """A parameter of the query can't be used: 400 `invalid_parameter`."""

    status_code = 400

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message, "invalid_parameter")
        self.fault = Fault(f"?{name}", "invalid_parameter", message)


class BadBody(exceptions.APIException):
    """The body can't be taken as it is; the code says why."""

    status_code = 400

    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        super().__init__(message, code)
        self.status_code = status


def is_api(request: HttpRequest) -> bool:
    """Say whether a program asks: every answer of these addresses is JSON."""
    return request.path_info.startswith("/api/")


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Iterable[Fault] = (),
    headers: Mapping[str, str] | None = None,
    facts: Mapping[str, int] | None = None,
) -> HttpResponse:
    """Make the answer; the request's id comes from the log's context.

    facts  further members that programs read: {"limit": 5000000}
    """
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": [asdict(fault) for fault in errors],
        "request_id": request_id(),
    } | dict(facts or {})
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)


def request_id() -> str | None:
    """Give the id that the running request has in the log and in its answer's X-Request-Id."""
    return cast("str | None", structlog.contextvars.get_contextvars().get("request_id"))


def plain_problem(status: int, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Make the answer for a status of which nothing more is known."""
    code = CODES.get(status, "bad_request" if status < 500 else "internal_error")
    return problem(status, code, DETAILS.get(status, HTTPStatus(status).description), headers=headers)


def handle(fault: Exception, context: dict[str, Any]) -> HttpResponse | None:  # noqa: ARG001  # DRF's own signature
    """Turn an exception of an API view into its answer, and undo what the view did; None for what nobody expected."""
    answer = answer_for(fault)
    if answer is not None and connection.in_atomic_block:
        transaction.set_rollback(True)
    return answer


def answer_for(fault: Exception) -> HttpResponse | None:
    """Give the answer of an expected exception, None for any other."""
    if isinstance(fault, exceptions.APIException):
        return _of_framework(fault)
    if isinstance(fault, Refusal):
        errors = [Fault(f"/{fault.field}", fault.code, str(fault))] if fault.field else []
        return problem(fault.status, fault.code, str(fault), errors=errors)
    if isinstance(fault, OperationalError):
        return plain_problem(503, headers={"Retry-After": str(RETRY_SECONDS)})
    for kind, status in _OF_DJANGO.items():
        if isinstance(fault, kind):
            return plain_problem(status)
    return None


_OF_DJANGO: dict[type[Exception], int] = {
    Http404: 404,
    PermissionDenied: 403,
    RequestDataTooBig: 413,
    SuspiciousOperation: 400,
}


def _of_framework(fault: exceptions.APIException) -> HttpResponse:
    status = fault.status_code
    headers: dict[str, str] = {}
    if challenge := getattr(fault, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(fault, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    if isinstance(fault, exceptions.ValidationError):
        return _of_validation(fault)
    if isinstance(fault, BadParameter):
        return problem(status, "invalid_parameter", fault.fault.message, errors=[fault.fault])
    if isinstance(fault, BadBody):
        return problem(status, str(fault.get_codes()), str(fault.detail))
    if isinstance(fault, exceptions.AuthenticationFailed):
        return problem(status, "invalid_token", str(fault.detail), headers=headers)
    detail = DETAILS.get(status) or str(fault.detail)
    return problem(status, CODES.get(status, str(fault.get_codes())), detail, headers=headers)


def _of_validation(fault: exceptions.ValidationError) -> HttpResponse:
    faults = list(_flatten(fault.detail, ""))
    codes = {each.code for each in faults}
    code = codes.pop() if len(codes) == 1 and codes <= TELLING else "validation_failed"
    n = len(faults)
    detail = ngettext("%(n)s value cannot be taken.", "%(n)s values cannot be taken.", n) % {"n": n}
    return problem(400, code, f"{detail} {faults[0].pointer}: {faults[0].message}" if faults else detail, errors=faults)


def _flatten(detail: Any, pointer: str) -> Iterator[Fault]:  # DRF's nested lists and dicts of ErrorDetail
    if isinstance(detail, dict):
        for key, inner in detail.items():
            yield from _flatten(inner, pointer if key == "non_field_errors" else f"{pointer}/{_escaped(str(key))}")
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            # A list of texts is about this value; a list of dicts is about its members.
            yield from _flatten(inner, pointer if isinstance(inner, str) else f"{pointer}/{index}")
    else:
        yield Fault(pointer, str(getattr(detail, "code", "invalid")), str(detail))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")  # RFC 6901

"""What breaks is answered: programs get a problem, people a page, and nobody a trace."""

from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.http import require_POST
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from workspaces.preconditions import etag, require_match
from workspaces.refusal import Refusal

SECRET = "postgresql://user:secret@host"


class Full(Refusal):
    code = "full"
    field = "seats"


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(SECRET)


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError(SECRET)


def odd(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(SECRET)


def full(request: HttpRequest) -> HttpResponse:
    raise Full("There is no seat left.")


@require_POST
def only_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class Versioned(APIView):
    authentication_classes = ()
    permission_classes = ()

    def put(self, request: Request) -> Response:
        require_match(request, 7)
        return Response(headers={"ETag": etag(8)})


class BrokenView(Versioned):
    def get(self, _request: Request) -> Response:
        raise RuntimeError(SECRET)


views: dict[str, Any] = {"broken": broken, "away": away, "odd": odd, "full": full, "only-post": only_post}
urlpatterns = [
    *(path(f"{before}{name}", view) for name, view in views.items() for before in ("api/v1/", "")),
    path("api/v1/versioned", Versioned.as_view()),
    path("api/v1/broken-view", BrokenView.as_view()),
]
handler400 = "workspaces.errors.bad_request"
handler404 = "workspaces.errors.not_found"
handler500 = "workspaces.errors.server_error"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("broken", 500, "internal_error"),
        ("broken-view", 500, "internal_error"),
        ("away", 503, "unavailable"),
        ("odd", 400, "bad_request"),
        ("full", 409, "full"),
        ("only-post", 405, "method_not_allowed"),
        ("nothing", 404, "not_found"),
    ],
)
def test_a_program_gets_a_problem_whatever_broke(name: str, status: int, code: str) -> None:
    answer = Client(raise_request_exception=False).get(f"/api/v1/{name}")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["code"] == code
    assert answer.json()["request_id"] == answer["X-Request-Id"]
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize(("name", "status"), [("broken", 500), ("away", 503), ("odd", 400), ("nothing", 404)])
def test_a_person_gets_a_page_whatever_broke(name: str, status: int) -> None:
    answer = Client(raise_request_exception=False).get(f"/{name}")
    assert answer.status_code == status
    assert "<h1>" in answer.content.decode()
    assert "secret" not in answer.content.decode()
    assert answer["X-Request-Id"]


def test_an_unreachable_database_says_when_to_come_back() -> None:
    client = Client(raise_request_exception=False)
    assert [client.get(address)["Retry-After"] for address in ("/away", "/api/v1/away")] == ["5", "5"]


def test_a_refused_method_names_those_that_are_answered() -> None:
    assert Client().get("/api/v1/only-post")["Allow"] == "POST"


def test_a_host_that_is_not_ours_is_refused() -> None:
    answer = Client(headers={"Host": "evil.example"}).get("/api/v1/versioned")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    ("sent", "status"), [(None, 200), ("*", 200), ('"7"', 200), ('"6", "7"', 200), ('"6"', 412), ("7", 412)]
)
def test_a_change_of_another_version_is_refused(sent: str | None, status: int) -> None:
    headers = {"If-Match": sent} if sent else {}
    assert Client(headers=headers).put("/api/v1/versioned").status_code == status


@pytest.mark.parametrize("query", ["x=%ED%A0%80", "x=%FF%FE", "%F0%9F=1", "x=" + "%41" * 3_000])
def test_odd_letters_in_an_address_break_nothing(query: str) -> None:
    assert Client().get(f"/nothing?{query}").status_code == 404

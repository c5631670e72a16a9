"""Every fault of the API is answered as a problem, whoever raised it, and never as a crash."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings

from tests.builders import make_token
from workspaces.models import Membership
from workspaces.roles import Scope

MEMBERS = ["id", "type", "title", "status", "code", "detail", "errors", "request_id"]


def check(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Give the problem, after its shape was looked at."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    problem: dict[str, Any] = answer.json()
    assert set(problem) == set(MEMBERS[1:])
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["request_id"] == answer["X-Request-Id"]
    return problem


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api/v1/members/999999999999999999999999/x"])
def test_an_address_that_leads_nowhere_is_a_problem(path: str, db: None) -> None:
    check(Client().get(path), 404, "not_found")


def test_without_a_token_the_scheme_is_named(db: None) -> None:
    answer = Client().get("/api/v1/members")
    check(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("shown", ["Bearer mp_wrong", "Bearer", "Bearer a b", "Bearer \xff\xfe", "bearer mp_\u00f8"])
def test_a_wrong_token_is_refused(shown: str, db: None) -> None:
    check(Client(headers={"Authorization": shown}).get("/api/v1/members"), 401, "invalid_token")


def test_a_token_without_the_scope_is_refused(owner: Membership) -> None:
    reader = Client(headers={"Authorization": f"Bearer {make_token(owner, Scope.READ)}"})
    check(reader.get("/api/v1/members"), 403, "forbidden")


def test_a_method_that_is_not_answered_names_those_that_are(program: Callable[..., Any]) -> None:
    answer = program("put", "members")
    check(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert program("options", "members")["Allow"] == "GET, HEAD, OPTIONS"


def test_another_representation_than_json_is_not_had(program: Callable[..., Any]) -> None:
    check(program("get", "members", Accept="text/csv"), 406, "not_acceptable")


def test_another_body_than_json_is_not_read(program: Callable[..., Any]) -> None:
    answer = program.client.post("/api/v1/invitations", {"email": "a@example.com"})
    check(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "invalid_json"),
        (b" ", "invalid_json"),
        (b'{"email": "\xff"}', "invalid_json"),
        ('{"email": "x"}'.encode("utf-16"), "invalid_json"),
        (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
        (b"[" * 30 + b"]" * 30, "too_deep"),
        (b'{"email": "\\u0000"}', "invalid_character"),
        (b'{"email": "\\ud800"}', "invalid_character"),
        (b'{"\\udfff": 1}', "invalid_character"),
        (b'{"email": NaN}', "number_not_finite"),
        (b'{"email": 1e400}', "number_not_finite"),
        (b'{"email": ' + b"9" * 5_000 + b"}", "number_too_large"),
        (b'{"email": 9223372036854775808}', "number_too_large"),
        (b'{"email": "a", "email": "b"}', "duplicate_key"),
        (b"[]", "validation_failed"),
        (b'"text"', "validation_failed"),
        (b"null", "validation_failed"),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused_by_name(program: Callable[..., Any], body: bytes, code: str) -> None:
    check(program("post", "invitations", body), 400, code)


def test_a_byte_order_mark_is_read_over(program: Callable[..., Any]) -> None:
    answer = program("post", "invitations", b'\xef\xbb\xbf{"email": "new@example.com", "role": "viewer"}')
    assert answer.status_code == 201, answer.content


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
def test_a_body_over_the_limit_is_refused(program: Callable[..., Any]) -> None:
    check(program("post", "invitations", b'{"email": "' + b"x" * 200 + b'"}'), 413, "body_too_large")


def test_faults_name_their_places(program: Callable[..., Any]) -> None:
    problem = check(program("post", "invitations", {"email": "no address", "role": "king"}), 400, "validation_failed")
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [
        ("/email", "invalid"),
        ("/role", "invalid_choice"),
    ]


def test_an_unknown_field_is_refused(program: Callable[..., Any]) -> None:
    body = {"email": "new@example.com", "role": "viewer", "a/b~c": 1}
    problem = check(program("post", "invitations", body), 400, "unknown_field")
    assert [fault["pointer"] for fault in problem["errors"]] == ["/a~1b~0c"]


def test_unknown_fields_are_told_beside_other_faults(program: Callable[..., Any]) -> None:
    problem = check(program("post", "invitations", {"email": "x", "king": 1}), 400, "validation_failed")
    assert {fault["code"] for fault in problem["errors"]} == {"invalid", "required", "unknown_field"}


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=ten", "limit=", "limit=-1", "limit=1e2", "limit=%D9%A1", "cursor=x",
     "cursor=bz0teA%3D%3D",
     "cursor=cD1hYmM%3D", "cursor=cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "sort=name", "limit=%00", "cursor=%00", "a%00=1",
     "limit=1&limit=2"],
)  # fmt: skip
def test_a_parameter_that_cannot_be_used_is_refused(program: Callable[..., Any], query: str) -> None:
    answer = program("get", f"members?{query}")
    if query.startswith("cursor=cD05"):  # a position beyond every row is an empty page
        assert answer.status_code in {200, 400}
        return
    check(answer, 400, "invalid_parameter")


@pytest.mark.parametrize("path", ["members/\0", "members/1\0"])
def test_a_nul_in_the_path_is_refused(program: Callable[..., Any], path: str) -> None:
    check(program("get", path.replace("\0", "%00")), 400, "invalid_parameter")


def test_a_nul_in_a_cookie_is_refused_on_pages_too(db: None) -> None:
    client = Client(headers={"Cookie": 'measureplan8000-session="aaaaaaaaaaaa\\000"'})
    assert client.get("/").status_code == 400


def test_an_id_of_another_workspace_is_answered_like_none(program: Callable[..., Any], outsider: Membership) -> None:
    theirs, none = program("get", f"members/{outsider.pk}"), program("get", "members/987654321")
    first, second = check(theirs, 404, "not_found"), check(none, 404, "not_found")
    assert {**first, "request_id": ""} == {**second, "request_id": ""}


def test_an_id_beyond_every_column_is_not_found(program: Callable[..., Any]) -> None:
    check(program("get", f"members/{10**30}"), 404, "not_found")


def test_too_many_requests_say_when_to_come_back(program: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workspaces.throttling.TokenThrottle.THROTTLE_RATES", {"token": "2/min"})
    for _ in range(2):
        assert program("get", "members").status_code == 200
    answer = program("get", "members")
    check(answer, 429, "too_many_requests")
    assert 1 <= int(answer["Retry-After"]) <= 60


def test_pages_have_a_request_id_too(db: None) -> None:
    assert len(Client().get("/accounts/login/")["X-Request-Id"]) == 36

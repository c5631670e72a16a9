"""The short way to the collectors says and stores what Django's way does."""

import io
import json
import math
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from gunicorn.config import Config
from gunicorn.http import RequestParser
from gunicorn.http.wsgi import create

from measureplan.door import Doors
from tests.tracking.makers import make_source
from tests.tracking.protocols.senders import arrived
from tracking import collect, gate
from tracking.ledger import Origin
from tracking.models import EventKey, InboxRow, Source
from tracking.new_events import append_new
from tracking.protocols import own
from tracking.protocols.seam import Protocol, Route
from tracking.rules import Sender
from workspaces import scope

EVENT = {"event_id": "a", "name": "page_view", "visitor_id": "v1"}


@pytest.fixture
def site(transactional_db: None, request: pytest.FixtureRequest) -> Source:
    """Give a source outside of any transaction, as the web server finds it."""
    return make_source(request.getfixturevalue("shop"), origins=["https://shop.example"])


def pages(environ: Any, start: Any) -> list[bytes]:
    start("200 OK", [])
    return [b"page"]


def ask(
    path: str,
    body: bytes = b"",
    *,
    method: str = "POST",
    doors: Doors | None = None,
    length: str | None = None,
    **headers: str,
) -> tuple[int, dict[str, str], bytes]:
    """Give status, headers and body of the answer."""
    told: dict[str, Any] = {}

    def start(status: str, sent: list[tuple[str, str]]) -> None:
        told.update(status=int(status.split(maxsplit=1)[0]), headers=dict(sent))

    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "REMOTE_ADDR": "192.0.2.7", "wsgi.url_scheme": "http"}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": length or str(len(body))}
    said = b"".join((doors or Doors(pages))(environ, start))
    return told["status"], told["headers"], said


def send(source: Source, event: dict[str, Any], **headers: str) -> tuple[int, dict[str, str], dict[str, Any]]:
    body = json.dumps(event).encode()
    status, sent, said = ask("/api/v1/collect", body, X_WRITE_KEY=source.write_key, **headers)
    return status, sent, json.loads(said)


def test_an_event_is_stored_in_its_workspace_alone(site: Source) -> None:
    status, headers, answer = send(site, EVENT, ORIGIN="https://shop.example")
    assert (status, answer["accepted"]) == (202, 1)
    assert headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert len(headers["X-Request-Id"]) == 36
    assert [event.event_id for event in arrived(site)] == ["a"]
    assert InboxRow.objects.count() == 0, "the scope must end with the statement"
    with scope.in_workspace(site.workspace_id):
        assert InboxRow.objects.get().counts == {"accepted": 1}


def test_a_length_that_is_no_number_is_the_senders_fault(site: Source) -> None:
    status, _headers, said = ask("/api/v1/collect", b"{}", length="12abc", X_WRITE_KEY=site.write_key)
    assert (status, json.loads(said)["code"]) == (400, "invalid_json")


def test_an_event_whose_body_broke_off_is_not_taken(site: Source) -> None:
    body = json.dumps(EVENT).encode()
    status, _headers, said = ask("/api/v1/collect", body, length=str(len(body) + 1), X_WRITE_KEY=site.write_key)
    assert (status, json.loads(said)["code"]) == (400, "invalid_json")
    assert not arrived(site)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"%x\r\n%s\r\n0\r\n\r\n", 202),
        (b"%x\r\n%s\r\n", 400),
        (b"z%x\r\n%s\r\n0\r\n\r\n", 400),
        (b"%x\r\n%s0\r\n\r\n", 400),
    ],
    ids=["whole", "broken off", "a size that is none", "a chunk longer than it says"],
)
def test_chunks_are_taken_whole_or_not_at_all(site: Source, sent: bytes, status: int) -> None:
    body = json.dumps(EVENT).encode()
    head = f"POST /api/v1/collect HTTP/1.1\r\nHost: x\r\nX-Write-Key: {site.write_key}\r\n"
    request = head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + sent % (len(body), body)
    assert answered(request) == status
    assert len(arrived(site)) == (status == 202)


def answered(request: bytes) -> int:
    """Give the status of the door's answer to what the web server's parser reads from a connection."""
    near, far = socket.socketpair()
    with near, far:
        far.sendall(request)
        far.shutdown(socket.SHUT_WR)
        told: list[str] = []
        parsed = next(RequestParser(Config(), near, ("192.0.2.7", 1)))
        _, environ = create(parsed, near, ("192.0.2.7", 1), ("192.0.2.1", 80), Config())
        list(Doors(pages)(environ, lambda status, _headers: told.append(status)))
        return int(told[0].split(maxsplit=1)[0])


def test_an_event_that_comes_again_is_a_repeat_or_a_conflict_and_is_counted(site: Source) -> None:
    answers = [send(site, each)[2] for each in (EVENT, EVENT, EVENT | {"name": "purchase"})]
    assert [answer["results"][0]["status"] for answer in answers] == ["accepted", "duplicate", "duplicate_conflict"]
    assert len(arrived(site)) == 1
    with scope.in_workspace(site.workspace_id):
        assert [row.counts for row in InboxRow.objects.order_by("pk")] == [
            {"accepted": 1},
            {"duplicate": 1},
            {"duplicate:conflict": 1},
        ]


def test_a_further_id_is_held_with_the_event(site: Source) -> None:
    with scope.in_workspace(site.workspace_id):
        origin = Origin(workspace_id=site.workspace_id, source_id=site.pk)
    event = own.parse(own.open_single(json.dumps(EVENT).encode()), **_terms(site)).arrivals[0].event
    assert append_new(origin, [event], marks=[""], also=["b"], now=timezone.now(), wait_ms=1_000)
    assert not append_new(origin, [event], marks=[""], also=[None], now=timezone.now(), wait_ms=1_000)
    with scope.in_workspace(site.workspace_id):
        assert EventKey.objects.count() == 2
    assert send(site, EVENT | {"event_id": "b"})[2]["duplicates"] == 1


def _terms(source: Source) -> dict[str, Any]:
    sender = Sender()
    return {"rules": gate.rules_of(source), "sender": sender, "salt": b"s", "now_us": 1_800_000_000_000_000}


def test_a_connection_that_broke_since_the_last_request_costs_nobody_an_event(
    site: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "AGAIN_SECONDS", math.inf)  # a slow machine is no broken connection
    with _kept_and_broken(site, monkeypatch):
        assert send(site, EVENT | {"event_id": "b"})[0] == 202
        assert [event.event_id for event in arrived(site)] == ["a", "b"]


def test_a_sender_does_not_wait_a_second_time_for_a_connection_that_broke_late(
    site: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "AGAIN_SECONDS", -1.0)  # as if a statement had waited before it failed
    with _kept_and_broken(site, monkeypatch):
        assert send(site, EVENT | {"event_id": "b"})[0] == 503
        assert send(site, EVENT | {"event_id": "b"})[0] == 202  # over a new one
        assert [event.event_id for event in arrived(site)] == ["a", "b"]


@contextmanager
def _kept_and_broken(source: Source, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the connection of a first request broken, as a database does that was restarted."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)  # kept between requests, as in production
    send(source, EVENT)
    connection.connection.close()
    yield
    connection.close()


def test_refusals_are_problems_with_the_requests_id(site: Source) -> None:
    status, headers, said = ask("/api/v1/collect", b"{", X_WRITE_KEY=site.write_key)
    problem = json.loads(said)
    assert (status, headers["Content-Type"]) == (400, "application/problem+json")
    assert (problem["code"], problem["request_id"]) == ("invalid_json", headers["X-Request-Id"])
    assert ask("/api/v1/collect", method="GET")[:2][0] == 405


def test_every_address_of_the_doors_is_answered_and_no_other(db: None) -> None:
    status, _, said = ask("/v1/projects/K1/settings", method="GET", HOST="c.example")
    assert (status, json.loads(said)["integrations"]["Segment.io"]["apiHost"]) == (200, "c.example/v1")
    assert ask("/v1/batch", method="OPTIONS")[0] == 204
    for other in ("/", "/api/v1/sources", "/v1/projects/a/b/settings", "/api/v1/collect/"):
        assert ask(other, method="GET")[2] == b"page", other


def test_what_nobody_expected_is_answered_and_kept_out_of_the_answer(db: None) -> None:
    def fail(_incoming: Any) -> Any:
        raise RuntimeError("secret")

    broken = Protocol(
        name="broken", label="", key="", routes=(Route("x", fail),), read=own.PROTOCOL.read, accept=own.PROTOCOL.accept
    )
    status, _, said = ask("/x", doors=Doors(pages, [broken]))
    assert (status, json.loads(said)["code"]) == (500, "internal_error")
    assert b"secret" not in said

"""Imports over HTTP, as a script sends them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.builders import make_token
from tests.tracking.ads.reports import PINTEREST
from tests.tracking.importers import FAULTY, ORDERS, again, checked, log_line
from tests.tracking.makers import NOON, make_source
from tracking import importing
from tracking.models import AdCost, Import, Kind, Source
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

IMPORTS = "/api/v1/imports"


@pytest.fixture
def script(owner: Membership) -> Client:
    secret = make_token(owner, Scope.READ, Scope.TRACKING)
    return Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)


def send(script: Client, content: bytes = ORDERS, **parts: str) -> Any:
    return script.post(IMPORTS, {"file": SimpleUploadedFile("orders.csv", content), "source": "files", **parts})


def test_a_file_is_sent_checked_and_applied(script: Client, shop: Workspace):
    answer = send(script)
    assert answer.status_code == 202, answer.content
    sent = answer.json()
    assert (sent["state"], sent["source"], sent["format"]) == ("uploaded", "files", "csv")
    importing.check(shop.pk, sent["id"], now=NOON)
    seen = script.get(f"{IMPORTS}/{sent['id']}").json()
    assert (seen["state"], seen["result"]["new"]) == ("checked", 3)
    ordered = script.post(f"{IMPORTS}/{sent['id']}/apply", {}, content_type="application/json")
    assert (ordered.status_code, ordered.json()["state"]) == (202, "ordered")
    importing.apply(shop.pk, sent["id"], now=NOON)
    done = script.get(f"{IMPORTS}/{sent['id']}").json()
    assert (done["state"], done["rows_done"], done["finished_at"]) == ("done", 3, "2026-11-21T12:00:00Z")
    assert [row["id"] for row in script.get(IMPORTS).json()["results"]] == [sent["id"]]
    with scope.in_workspace(shop.pk):
        assert AuditEntry.objects.get(act="uploaded").actor_name == "API token nightly"


def test_the_mapping_comes_with_the_file_or_later(script: Client, shop: Workspace):
    content = b"what,when,sum\nsale,2026-11-01T10:00:00Z,12\n"
    sent = send(script, content, mapping='{"name": "what", "time": "when"}', time_zone="Europe/Oslo").json()
    importing.check(shop.pk, sent["id"], now=NOON)
    seen = script.get(f"{IMPORTS}/{sent['id']}").json()
    assert (seen["result"]["new"], seen["mapping"]["fields"]) == (1, {"name": "what", "time": "when"})
    mapping = {"name": "what", "time": "when", "value": "sum", "currency": "=NOK"}
    other = script.post(f"{IMPORTS}/{sent['id']}/check", {"mapping": mapping}, content_type="application/json")
    assert (other.status_code, other.json()["state"]) == (202, "uploaded")
    importing.check(shop.pk, sent["id"], now=NOON)
    seen = script.get(f"{IMPORTS}/{sent['id']}").json()
    assert seen["result"]["samples"][0]["value_micros"] == 12_000_000


def test_a_cost_report_comes_with_the_platform_and_currency_that_it_does_not_name(script: Client, shop: Workspace):
    sent = send(script, PINTEREST.encode(), platform="pinterest", currency="SEK").json()
    importing.check(shop.pk, sent["id"], now=NOON)
    seen = script.get(f"{IMPORTS}/{sent['id']}").json()
    assert (seen["format"], seen["result"]["faults"], seen["result"]["new"]) == ("ad-report", [], 1)
    script.post(f"{IMPORTS}/{sent['id']}/apply", {}, content_type="application/json")
    importing.apply(shop.pk, sent["id"], now=NOON)
    with scope.in_workspace(shop.pk):
        assert list(AdCost.objects.values_list("platform", "currency")) == [("pinterest", "SEK")]


def test_platform_and_currency_are_said_after_a_dry_run_missed_them(script: Client, shop: Workspace):
    unmarked = PINTEREST.replace("Pin clicks", "Clicks").replace("Pin promotion ID", "Ad").encode()
    sent = send(script, unmarked, format="ad-report").json()
    importing.check(shop.pk, sent["id"], now=NOON)
    faults = script.get(f"{IMPORTS}/{sent['id']}").json()["result"]["faults"]
    assert "the report names no currency; say which the account has" in faults
    said = {"platform": "meta", "currency": "NOK"}
    twice = script.post(f"{IMPORTS}/{sent['id']}/check", said, content_type="application/json")
    assert (twice.status_code, twice.json()["state"]) == (202, "uploaded")
    importing.check(shop.pk, sent["id"], now=NOON)
    seen = script.get(f"{IMPORTS}/{sent['id']}").json()
    assert (seen["result"]["faults"], seen["mapping"]["platform"], seen["mapping"]["currency"]) == ([], "meta", "NOK")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"platform": "myspace"}, '"myspace" is not a valid choice.'),
        ({"platform": "Meta"}, '"Meta" is not a valid choice.'),
        ({"currency": "XYZ"}, '"XYZ" is not a currency; choose one such as NOK'),
        ({"currency": "nok"}, '"nok" is not a currency; choose one such as NOK'),
        ({"currency": "KRONER"}, "Ensure this field has no more than 3 characters."),
        ({"currency": ""}, "This field may not be blank."),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_platform_or_currency_that_is_none_is_named(
    script: Client, files: Source, said: dict[str, str], message: str
):
    row = checked(files, PINTEREST.encode(), name="pins.csv")
    answer = script.post(f"{IMPORTS}/{row.pk}/check", said, content_type="application/json")
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["message"]) == (400, f"/{next(iter(said))}", message)
    assert again(row).state == row.state


def test_a_file_with_errors_is_applied_only_when_its_good_rows_are_asked_for(script: Client, files: Source):
    row = checked(files, FAULTY)
    address = f"{IMPORTS}/{row.pk}"
    refused = script.post(f"{address}/apply", {}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "has_errors")
    errors = script.get(f"{address}/errors").content.decode("utf-8-sig").splitlines()
    assert len(errors) == 3
    taken = script.post(f"{address}/apply", {"good_rows_only": True}, content_type="application/json")
    assert (taken.status_code, taken.json()["good_rows_only"]) == (202, True)
    twice = script.post(f"{address}/apply", {"good_rows_only": True}, content_type="application/json")
    assert (twice.status_code, twice.json()["code"]) == (409, "not_ready")


def test_an_order_with_a_key_is_given_once(script: Client, files: Source):
    row = checked(files, ORDERS)
    answers = [
        script.post(f"{IMPORTS}/{row.pk}/apply", {}, content_type="application/json", headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[1]["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    ("content", "parts", "code", "pointer"),
    [
        (b"PK\x03\x04" + b"\x00" * 40, {}, "unsupported_file", "/file"),
        (b"", {}, "validation_failed", "/file"),
        (ORDERS, {"source": "!!"}, "bad_source", "/source"),
        (ORDERS, {"source": ""}, "validation_failed", "/source"),
        (ORDERS, {"host": "no host"}, "bad_host", "/host"),
        (ORDERS, {"format": "xlsx"}, "validation_failed", "/format"),
        (ORDERS, {"mapping": "[1]"}, "validation_failed", "/mapping"),
        (ORDERS, {"mapping": '{"a": NaN}'}, "number_not_finite", ""),
        (ORDERS, {"time_zone": "Mars/Phobos"}, "validation_failed", ""),
        (ORDERS, {"encoding": "klingon"}, "validation_failed", ""),
        (ORDERS, {"colour": "blue"}, "unknown_field", "/colour"),
        (ORDERS, {"platform": "myspace"}, "validation_failed", "/platform"),
        (ORDERS, {"currency": "XYZ"}, "validation_failed", "/currency"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_cannot_be_taken_is_answered_with_its_reason(
    script: Client, shop: Workspace, content: bytes, parts: dict[str, str], code: str, pointer: str
):
    answer = send(script, content, **parts)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, code), problem
    assert not pointer or problem["errors"][0]["pointer"] == pointer
    with scope.in_workspace(shop.pk):
        assert (Import.objects.count(), Source.objects.count()) == (0, 0)


def test_json_is_refused_where_a_file_belongs(script: Client):
    answer = script.post(IMPORTS, {"file": "orders.csv"}, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


def test_a_log_is_sent_with_its_host(script: Client, shop: Workspace):
    sent = script.post(
        IMPORTS,
        {"file": SimpleUploadedFile("access.log", log_line("/a")), "source": "Site", "host": "www.shop.example"},
    ).json()
    assert sent["format"] == "access-log"
    with scope.in_workspace(shop.pk):
        assert Source.objects.get().hosts == ["www.shop.example"]


def test_imports_of_another_workspace_are_not_found(script: Client, outsider: Membership):
    row = checked(make_source(outsider.workspace, slug="theirs", kind=Kind.IMPORT), FAULTY)
    for method, address in (("get", ""), ("get", "/errors"), ("post", "/apply"), ("post", "/check")):
        answer = getattr(script, method)(f"{IMPORTS}/{row.pk}{address}", content_type="application/json")
        assert answer.status_code == 404, address

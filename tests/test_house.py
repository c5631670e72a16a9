"""The house rules that no single area can keep alone: who may open what, how long things are, whole migrations."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.addresses import Address, addresses, public
from tests.builders import make_token
from workspaces.models import Membership
from workspaces.roles import MAY, SCOPE_MAY, Action, Role, Scope

ROOT = Path(__file__).parent.parent
PACKAGES = ("measureplan", "workspaces", "tracking", "goals", "analysis", "forwarding", "reports", "tests", "bench")
LONGEST_FUNCTION = 60
LONGEST_FILE = 400

ALL = addresses()
PAGES = [address for address in ALL if not address.is_api]
GUARDED = [address for address in PAGES if hasattr(address.view, "action")]
FOR_PERSONS = [address for address in PAGES if hasattr(address.view, "signed_in")]
API = [address for address in ALL if address.is_api and str(address) not in public()]

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "LINK")

OPEN = {200, 302, 405}  # shown, led on, or another method is needed


@pytest.mark.parametrize("address", PAGES, ids=str)
def test_every_page_is_guarded_or_public_for_a_reason(address: Address) -> None:
    guarded = hasattr(address.view, "action") or hasattr(address.view, "signed_in")
    assert guarded or str(address) in public(), (
        f"{address}: decorate the view with workspaces.access.allow, or explain it in PUBLIC (see tests/addresses.py)"
    )


@pytest.mark.parametrize("address", GUARDED, ids=str)
def test_each_page_opens_to_its_roles_and_to_nobody_else(
    address: Address,
    owner: Membership,
    lead: Membership,
    contributor: Membership,
    viewer: Membership,
    outsider: Membership,
) -> None:
    path, action = address.path(owner), Action(address.view.action)  # type: ignore[attr-defined]
    for member in (owner, lead, contributor, viewer):
        expected = OPEN if action in MAY[Role(member.role)] else {403}
        assert _visit(path, member) in expected, f"{path} as {member}"
    assert _visit(path, outsider) == 404, f"{path} as an outsider"
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/"), f"{path} as nobody"


@pytest.mark.parametrize("address", FOR_PERSONS, ids=str)
def test_a_page_for_persons_asks_to_sign_in(address: Address, viewer: Membership) -> None:
    path = address.path(viewer)
    assert Client().get(path)["Location"].startswith("/accounts/login/")
    assert _visit(path, viewer) in OPEN | {404}


@pytest.mark.parametrize("address", API, ids=str)
def test_each_address_of_the_api_asks_for_its_scope(address: Address, owner: Membership, outsider: Membership) -> None:
    actions = getattr(address.api_view, "actions", None)
    assert actions, f"{address}: name the action of each method in `actions`"
    methods = {name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(address.api_view, name)}
    assert methods <= set(actions), f"{address}: {methods - set(actions)} without an action"
    for method in sorted(methods):
        action = actions[method]
        able = [each for each in Scope if action in SCOPE_MAY[each]]
        unable = [each for each in Scope if action not in SCOPE_MAY[each]]
        assert able, f"{address}: no scope gives {action}"
        path = address.path(owner)
        assert _send(method, path) == 401, f"{method} {path} without a token"
        assert _send(method, path, make_token(owner, *unable)) == 403, f"{method} {path} with {unable}"
        if address.parts:
            assert _send(method, path, make_token(outsider, *Scope)) == 404, f"{method} {path} from another workspace"
        answered = _send(method, path, make_token(owner, able[0]))
        assert answered in {200, 201, 202, 204, 400, 409, 415}, f"{method} {path} with {able[0]}: {answered}"


@pytest.mark.parametrize("address", [address for address in ALL if address.is_api], ids=str)
def test_each_address_of_the_api_names_its_methods_where_another_is_sent(address: Address, owner: Membership) -> None:
    path, token = address.path(owner), make_token(owner, *Scope)
    answered = [method for method in METHODS if _answer(method, path, token).status_code != 405]
    for method in set(METHODS) - set(answered):
        answer = _answer(method, path, token)
        assert answer["Content-Type"] == "application/problem+json", f"{method} {path}"
        assert answer.json()["code"] == "method_not_allowed", f"{method} {path}"
        assert set(answered) <= set(answer["Allow"].split(", ")) <= {*answered, "HEAD"}, f"{method} {path}"
        if address in API:
            assert _send(method, path) == 401, f"{method} {path} without a token"


def test_the_tables_above_are_not_empty() -> None:
    assert len(GUARDED) >= 10
    assert len(API) >= 7


@pytest.mark.parametrize("file", [file for name in PACKAGES for file in sorted((ROOT / name).rglob("*.py"))], ids=str)
def test_files_and_functions_stay_short(file: Path) -> None:
    if "migrations" in file.parts:
        return
    text = file.read_text(encoding="utf-8")
    length = text.count("\n")
    assert length <= LONGEST_FILE, f"{file}: {length} lines are two ideas"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{file}:{node.lineno} {node.name} has {lines} lines"


# Playwright's answers of this moment: a page that is still loading has not got there yet, and the test fails by chance.
HASTY = re.compile(r"assert .*\.(is_(visible|hidden|checked|enabled|disabled|editable)|inner_text|input_value)\(\)")


def test_browser_tests_wait_for_what_they_expect() -> None:
    files = sorted((ROOT / "tests").rglob("*.py"))
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if HASTY.search(line)
    ]
    assert found == [], "say expect(...).to_be_visible() and the like: they wait"


def test_the_migrations_are_whole(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def _visit(path: str, member: Membership) -> int:
    client = Client()
    client.force_login(member.user)
    return client.get(path).status_code


def _send(method: str, path: str, secret: str | None = None) -> int:
    return _answer(method, path, secret).status_code


def _answer(method: str, path: str, secret: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client(headers=headers).generic(method, path, b"{}", "application/json")

"""No page says anything that is not translated into every language."""

import functools
import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real

from tests import untranslated
from tests.addresses import Address, addresses, public
from workspaces import scope
from workspaces.models import Membership

LANGUAGE = "nb"
PAGES = [
    each for each in addresses() if not each.is_api and (str(each) not in public() or each.route.startswith("join"))
]
ENTRANCE = (
    "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/",
    "/accounts/password/reset/key/none/", "/accounts/confirm-email/", "/accounts/confirm-email/none/",
)  # fmt: skip
ACCOUNT = (
    "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/2fa/totp/activate/",
    "/accounts/sessions/", "/accounts/reauthenticate/", "/accounts/logout/", "/accounts/2fa/recovery-codes/",
)  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _nothing_remembered() -> Iterator[None]:
    """Leave no text in brackets behind: labels of a language are read once a process."""
    yield
    for each in gc.get_objects():
        # By its type: isinstance() would wake what is lazy among all objects.
        if type(each) is functools._lru_cache_wrapper and each.__module__.partition(".")[0] in untranslated.OURS:
            each.cache_clear()


@pytest.fixture(autouse=True)
def _brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the language in brackets in the place of Norwegian."""
    monkeypatch.setitem(trans_real._translations, LANGUAGE, untranslated.Bracketed(LANGUAGE))


@pytest.mark.parametrize("address", PAGES, ids=str)
def test_a_page_says_nothing_untranslated(address: Address, owner: Membership) -> None:
    path = address.path(owner)
    left = _left(_browser(owner).get(path, follow=True), owner)
    assert not left, f"{path}: {left}"


@pytest.mark.parametrize("address", [each for each in PAGES if hasattr(each.view, "action")], ids=str)
def test_a_refused_form_says_nothing_untranslated(address: Address, owner: Membership) -> None:
    path = address.path(owner)
    answer = _browser(owner).post(path, {"name": "x" * 400}, follow=True)
    left = _left(answer, owner)
    assert not left, f"{path}: {left}"


@pytest.mark.parametrize("path", ENTRANCE)
def test_the_entrance_says_nothing_untranslated(path: str, owner: Membership) -> None:
    browser = Client(headers={"Accept-Language": LANGUAGE})
    assert _left(browser.get(path, follow=True), owner) == []
    assert _left(browser.post(path, {"email": "no address"}, follow=True), owner) == []


@pytest.mark.parametrize("path", ACCOUNT)
def test_the_pages_of_the_account_say_nothing_untranslated(path: str, owner: Membership) -> None:
    assert _left(_browser(owner).get(path, follow=True), owner) == []
    assert _left(_browser(owner).post(path, {}, follow=True), owner) == []


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_an_error_says_nothing_untranslated(status: int, owner: Membership) -> None:
    with translation.override(LANGUAGE):
        assert untranslated.unbracketed(render_to_string(f"{status}.html"), []) == []


def test_a_text_that_skips_gettext_is_found() -> None:
    """The test above is able to fail."""
    html = '<p>⟦Hello ⟦dear⟧⟧ 12 Fjellsport <b title="Raw">x</b></p><code>any thing</code>'
    assert untranslated.unbracketed(html, ["Fjellsport"]) == ["Raw"]


def _browser(member: Membership) -> Client:
    member.user.language = LANGUAGE
    member.user.save(update_fields=["language"])
    client = Client(headers={"Accept-Language": LANGUAGE})  # for the page after signing out
    client.force_login(member.user)
    return client


def _left(answer: Any, owner: Membership) -> list[str]:
    if not answer.get("Content-Type", "").startswith("text/html"):
        return []
    with scope.in_workspace(owner.workspace_id):
        data = untranslated.data_of_rows()
    return untranslated.unbracketed(answer.content.decode(), data)

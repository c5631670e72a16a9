"""Sign-up, confirmation and reset, through the mails that they send."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.test import Client, override_settings

from measureplan import settings as own
from workspaces.models import Membership, User

NEW = {"name": "Nora", "email": "Nora@Example.com", "password1": "a long enough secret"}


def link_in_mail() -> str:
    found = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[1]


def test_a_new_account_is_confirmed_by_its_mail(db: None) -> None:
    client = Client()
    answer = client.post("/accounts/signup/", NEW)
    assert answer["Location"] == "/"
    person = User.objects.get()
    assert (person.email, person.name) == ("nora@example.com", "Nora")
    assert not EmailAddress.objects.get().verified
    client.post(link_in_mail())
    assert EmailAddress.objects.get().verified


@override_settings(ACCOUNT_EMAIL_VERIFICATION="mandatory")
def test_a_taken_address_is_not_given_away_where_addresses_are_confirmed(owner: Membership) -> None:
    taken = Client().post("/accounts/signup/", NEW | {"email": "owner@example.com"})
    fresh = Client().post("/accounts/signup/", NEW)
    assert (taken.status_code, taken["Location"]) == (fresh.status_code, fresh["Location"])
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    "password", ["short", "password1234", "nora@example.com"], ids=["short", "common", "like the address"]
)
def test_weak_passwords_are_refused(db: None, password: str) -> None:
    answer = Client().post("/accounts/signup/", NEW | {"password1": password})
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_a_forgotten_password_is_set_anew_and_signs_other_devices_out(owner: Membership) -> None:
    elsewhere, client = Client(), Client()
    elsewhere.force_login(owner.user)
    client.post("/accounts/password/reset/", {"email": "owner@example.com"})
    form = client.get(link_in_mail())["Location"]
    client.post(form, {"password1": "another long secret", "password2": "another long secret"})
    assert elsewhere.get("/w/fjellsport/members/").status_code == 302
    answer = client.post("/accounts/login/", {"login": "owner@example.com", "password": "another long secret"})
    assert answer["Location"] == "/"


def test_a_reset_for_nobody_looks_like_any_other(owner: Membership) -> None:
    known, unknown = (
        Client().post("/accounts/password/reset/", {"email": email}) for email in ("owner@example.com", "x@example.com")
    )
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


@override_settings(SIGN_UP="invited")
def test_without_an_invitation_the_door_can_be_shut(db: None) -> None:
    Client().post("/accounts/signup/", NEW)
    assert not User.objects.exists()


def test_a_mail_server_that_is_away_does_not_undo_the_account(db: None, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
    client = Client()
    assert client.post("/accounts/signup/", NEW)["Location"] == "/"
    assert "could not be sent" in client.get("/workspaces/new/").content.decode()


def test_passwords_are_kept_by_argon2id() -> None:
    with override_settings(PASSWORD_HASHERS=own.PASSWORD_HASHERS):  # the tests' own is a fast one
        assert make_password("secret").startswith("argon2$argon2id$")

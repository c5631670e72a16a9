"""The person's choice before the browser's wish, one language for programs, and mails in the reader's."""

from datetime import date

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone, translation

from tests.builders import make_token
from workspaces import joining, languages, scope
from workspaces.models import Membership, User
from workspaces.roles import Role, Scope

LOGIN = "/accounts/login/"


@pytest.mark.parametrize(
    ("wish", "spoken"),
    [
        ("nb-NO,nb;q=0.9,en;q=0.5", "nb"),
        ("no", "nb"),
        ("nn-NO,nn;q=0.9", "nb"),
        ("sv-SE,en;q=0.9", "sv"),
        ("de,da;q=0.8,en;q=0.5", "da"),
        ("de-DE,fr;q=0.9", "en"),
        ("nb\x00;;q=x", "en"),
        ("", "en"),
    ],
)
def test_a_browser_is_answered_in_the_first_language_that_is_spoken_here(db: None, wish: str, spoken: str) -> None:
    answer = Client(headers={"Accept-Language": wish}).get(LOGIN)
    assert f'<html lang="{spoken}">' in answer.content.decode()
    assert answer["Content-Language"] == spoken
    assert {"Accept-Language", "Cookie"} <= {each.strip() for each in answer["Vary"].split(",")}


def test_a_choice_without_sign_in_is_kept_and_goes_before_the_browser(db: None) -> None:
    client = Client(headers={"Accept-Language": "sv"})
    answer = client.post("/language/", {"language": "da", "next": LOGIN})
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME]["httponly"]
    assert '<html lang="da">' in client.get(LOGIN).content.decode()


def test_the_choice_leads_to_no_other_host(db: None) -> None:
    answer = Client().post("/language/", {"language": "da", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_each_language_is_offered_by_its_own_name(db: None) -> None:
    page = Client(headers={"Accept-Language": "nb"}).get(LOGIN).content.decode()
    for _code, name in settings.LANGUAGES:
        assert f">{name}</button>" in page


def test_a_persons_choice_goes_before_browser_and_cookie(viewer: Membership) -> None:
    client = _signed_in(viewer.user, language="nb")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "da"
    answer = client.get("/w/fjellsport/members/", headers={"Accept-Language": "sv"})
    assert '<html lang="nb">' in answer.content.decode()


def test_the_profile_saves_the_choice_and_says_so_in_that_language(viewer: Membership) -> None:
    client = _signed_in(viewer.user)
    answer = client.post("/profile/", {"name": "Kari", "language": "sv"}, follow=True)
    viewer.user.refresh_from_db()
    assert (viewer.user.name, viewer.user.language) == ("Kari", "sv")
    assert "Sparat." in answer.content.decode()


def test_a_language_that_is_not_spoken_is_refused(viewer: Membership) -> None:
    client = _signed_in(viewer.user)
    assert client.post("/profile/", {"name": "Kari", "language": "fr"}).status_code == 422


def test_the_api_answers_in_english_whatever_is_asked_for(owner: Membership) -> None:
    secret = make_token(owner, Scope.READ)
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "nb"}
    answer = Client(headers=headers).get("/api/v1/goals?limit=many")
    assert answer.status_code == 400
    assert answer["Content-Language"] == "en"
    assert "Accept-Language" not in answer.get("Vary", "")


def test_no_language_is_left_in_the_thread(db: None) -> None:
    Client(headers={"Accept-Language": "da"}).get(LOGIN)
    assert translation.get_language() == settings.LANGUAGE_CODE


def test_signing_up_keeps_the_language_that_was_chosen_on_the_way(db: None) -> None:
    client = Client(headers={"Accept-Language": "sv"})
    client.post("/language/", {"language": "nb", "next": LOGIN})
    client.post("/accounts/signup/", {"name": "Kari", "email": "kari@example.com", "password1": "langt nok passord"})
    assert User.objects.get(email="kari@example.com").language == "nb"
    assert mail.outbox, "needs a mail"
    assert "Bekreft" in mail.outbox[0].subject


def test_an_invitation_speaks_the_workspaces_language_to_who_has_chosen_none(
    owner: Membership, django_capture_on_commit_callbacks: object
) -> None:
    owner.workspace.language = "da"
    with scope.in_workspace(owner.workspace_id):
        owner.workspace.save(update_fields=["language"])
    _invite(owner, "new@example.com", django_capture_on_commit_callbacks)
    assert "inviterer dig til Fjellsport" in mail.outbox[0].subject
    assert "indtil" in mail.outbox[0].body


def test_an_invitation_speaks_the_language_that_its_reader_has_chosen(
    owner: Membership, django_capture_on_commit_callbacks: object
) -> None:
    User.objects.create_user("old@example.com", language="sv")
    _invite(owner, "old@example.com", django_capture_on_commit_callbacks)
    assert "bjuder in dig till Fjellsport" in mail.outbox[0].subject


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "6 December 2026"), ("nb", "6. desember 2026"), ("sv", "6 december 2026"), ("da", "6. december 2026")],
)
def test_a_day_in_running_text_has_the_readers_form(language: str, written: str) -> None:
    with translation.override(language):
        assert languages.long_day(date(2026, 12, 6)) == written


def _signed_in(user: User, *, language: str = "") -> Client:
    user.language = language
    user.save(update_fields=["language"])
    client = Client()
    client.force_login(user)
    return client


def _invite(owner: Membership, email: str, capture: object) -> None:
    with capture(execute=True), scope.in_workspace(owner.workspace_id):  # type: ignore[operator]
        wish = joining.Wish(email, Role.VIEWER)
        joining.invite(owner.workspace, wish, by=owner, invited_by=owner.user, now=timezone.now())

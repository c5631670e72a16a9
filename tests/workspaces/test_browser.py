"""The pages of people in real Chromium: accessible, at every width, in light and dark, and without JavaScript."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browsing import NARROW, SHOTS, WIDE, complaints, faults, faults_at, opened, too_wide
from tests.builders import make_member, make_token, make_workspace
from workspaces import joining, members, scope
from workspaces.models import Membership, User
from workspaces.roles import Role, Scope

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "members": "/w/fjellsport/members/",
    "member": "/w/fjellsport/members/{member}/",
    "remove": "/w/fjellsport/members/{member}/remove/",
    "settings": "/w/fjellsport/settings/",
    "tokens": "/w/fjellsport/tokens/",
    "token": "/w/fjellsport/tokens/new/",
    "audit": "/w/fjellsport/audit/",
    "create": "/workspaces/new/",
    "home": "/",
    "profile": "/profile/",
    "email": "/accounts/email/",
    "devices": "/accounts/sessions/",
    "factors": "/accounts/2fa/",
    "missing": "/w/nowhere/",
}


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """An owner of two workspaces, the first with people, invitations, tokens and a trail."""
    now = datetime.fromisoformat("2026-11-20T09:30:00Z")
    shop, other = make_workspace(), make_workspace("Sjøsport", slug="sjosport")
    owner = make_member(shop, "kari.nordmann@example.com", Role.OWNER)
    with scope.in_workspace(other.pk):
        Membership.objects.create(workspace=other, user=owner.user, role=Role.VIEWER)
    for name, role, department in [("ola", Role.LEAD, "Marketing"), ("nora", Role.CONTRIBUTOR, "Customer service")]:
        make_member(shop, f"{name}@example.com", role, department=department)
    make_token(owner, Scope.READ, Scope.PLAN)
    with scope.in_workspace(shop.pk):
        for email in ("siri@example.com", "someone.with.a.very.long.address@subsidiary.example.com"):
            joining.invite(shop, joining.Wish(email, Role.VIEWER, "Sales"), by=owner, invited_by=owner.user, now=now)
        ola = shop.memberships.get(user__email="ola@example.com")
        members.change(ola, role=Role.VIEWER, department="Sales", by=owner, now=now)
    return owner


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_accessible_and_fits(owner: Membership, live_server: Any, width: Any) -> None:
    with scope.in_workspace(owner.workspace_id):
        member = owner.workspace.memberships.get(user__email="nora@example.com").pk
    paths = {name: path.format(member=member) for name, path in PAGES.items()}
    with opened(live_server.url, member=owner, viewport=width) as page:
        assert faults_at(page, paths, look=str(width["width"])) == []


def test_every_page_fits_a_phone_in_every_language(owner: Membership, live_server: Any) -> None:
    paths = {name: path.format(member=owner.pk) for name, path in PAGES.items() if name != "missing"}
    assert too_wide(live_server.url, owner, paths) == []


def test_no_page_breaks_its_own_policy(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner) as page:
        said = complaints(page)
        for path in PAGES.values():
            page.goto(path.format(member=owner.pk), wait_until="networkidle")
    assert [line for line in said if "404" not in line] == []


def test_pages_before_sign_in_are_accessible_and_fit(owner: Membership, live_server: Any) -> None:
    found = []
    with scope.in_workspace(owner.workspace_id):
        wish = joining.Wish("new@example.com", Role.CONTRIBUTOR)
        now = datetime.fromisoformat("2026-11-21T09:30:00Z")
        _, secret = joining.invite(owner.workspace, wish, by=owner, invited_by=owner.user, now=now)
    paths = {"login": "/accounts/login/", "signup": "/accounts/signup/", "reset": "/accounts/password/reset/"}
    paths |= {"join": f"/join/{secret}/", "closed": "/join/unknown/"}
    for width in (WIDE, NARROW):
        with opened(live_server.url, viewport=width) as page:
            found += faults_at(page, paths, look=str(width["width"]))
    assert found == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_newcomer_makes_an_account_and_a_workspace(owner: Membership, live_server: Any, scripts: bool) -> None:
    with opened(live_server.url, java_script_enabled=scripts) as page:
        page.goto("/")
        page.get_by_role("link", name="Create one").click()
        page.get_by_label("Your name").fill("Siri")
        page.get_by_label("Email").fill("siri@example.org")
        page.get_by_label("Password").fill("a long enough secret")
        page.get_by_role("button", name="Sign up").or_(page.get_by_role("button", name="Create")).first.click()
        page.get_by_label("Name").fill("Siris sykkel")
        page.get_by_label("Currency").select_option("SEK")
        page.get_by_role("button", name="Create workspace").click()
        page.wait_for_url("**/w/siris-sykkel/")
    assert User.objects.get(email="siri@example.org").name == "Siri"


def test_a_faulty_form_leads_to_its_first_fault(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner) as page:
        page.goto("/w/fjellsport/settings/")
        page.get_by_label("Click window").fill("many")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        expect(page.locator("#id_click_days")).to_be_focused()
        expect(page.get_by_label("Click window")).to_have_value("many")
        assert faults(page) == []


def test_two_who_edit_at_once_see_both_versions(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner) as page:
        page.goto("/w/fjellsport/settings/")
        other = page.context.new_page()
        other.goto("/w/fjellsport/settings/")
        other.get_by_label("Name").fill("Fjellsport AS")
        other.get_by_role("button", name="Save").click()
        other.get_by_text("The settings were saved.").wait_for()
        page.get_by_label("Name").fill("Fjellsport Norge")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("table")).to_contain_text("Fjellsport AS")
        assert faults(page) == []
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / "conflict.png", full_page=True)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("table")).to_have_count(0)
        expect(page.get_by_label("Name")).to_have_value("Fjellsport Norge")

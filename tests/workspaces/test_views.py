"""Pages of people and workspaces, as a browser without JavaScript uses them."""

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.builders import make_member, make_workspace
from workspaces import joining, scope
from workspaces.models import ApiToken, AuditEntry, Invitation, Membership, User, Workspace
from workspaces.roles import Role


def browser(member: Membership, **options: Any) -> Client:
    """Give a browser in which the member is signed in."""
    client = Client(**options)
    client.force_login(member.user)
    return client


def told(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def rows(member: Membership, model: Any) -> list[Any]:
    with scope.in_workspace(member.workspace_id):
        return list(model.objects.order_by("pk"))


def test_the_first_page_depends_on_how_many_workspaces_there_are(owner: Membership) -> None:
    newcomer = Client()
    newcomer.force_login(User.objects.create_user("new@example.com"))
    assert newcomer.get("/")["Location"] == "/workspaces/new/"
    assert browser(owner).get("/")["Location"] == "/w/fjellsport/"
    second = make_workspace("Sjøsport", slug="sjosport")
    with scope.in_workspace(second.pk):
        Membership.objects.create(workspace=second, user=owner.user, role=Role.VIEWER)
    page = browser(owner).get("/").content.decode()
    assert "Fjellsport" in page
    assert "Sjøsport" in page


def test_a_workspace_is_made_once_and_shown(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("new@example.com"))
    token = re.search(r'name="form_token" value="([^"]+)"', client.get("/workspaces/new/").content.decode())
    assert token
    sent = {
        "name": "Fjell & Sjø",
        "zone_name": "Europe/Oslo",
        "currency": "NOK",
        "language": "nb",
        "form_token": token[1],
    }
    answers = [client.post("/workspaces/new/", sent) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == ["/w/fjell-sjo/", "/w/fjell-sjo/"]
    assert Workspace.objects.count() == 1


def test_a_workspace_in_no_zone_is_refused(owner: Membership) -> None:
    sent = {"name": "x", "zone_name": "Europe/Atlantis", "currency": "XYZ", "language": "nb"}
    answer = browser(owner).post("/workspaces/new/", sent)
    assert answer.status_code == 422
    assert 'href="#id_zone_name"' in answer.content.decode()


def test_settings_are_changed_with_a_trace(owner: Membership) -> None:
    sent = {"name": "Fjellsport AS", "zone_name": "Europe/Oslo", "currency": "NOK", "language": "nb", "revision": "1"}
    windows = {"view_days": "1", "engagement_days": "30", "click_days": "60"}
    answer = browser(owner).post("/w/fjellsport/settings/", sent | windows)
    assert (answer.status_code, told(answer)) == (302, ["The settings were saved."])
    (entry,) = rows(owner, AuditEntry)
    assert entry.after == {"name": "Fjellsport AS", "language": "nb", "click_days": 60}
    again = browser(owner).post("/w/fjellsport/settings/", sent | windows | {"name": "Other"})
    assert again.status_code == 409
    assert "Fjellsport AS" in again.content.decode()
    assert Workspace.objects.get().name == "Fjellsport AS"


@pytest.mark.parametrize("days", ["-1", "91", "many", "1,5", "9" * 30])
def test_windows_out_of_range_are_refused(owner: Membership, days: str) -> None:
    sent = {"name": "F", "zone_name": "Europe/Oslo", "currency": "NOK", "language": "nb", "revision": "1"}
    sent |= {"view_days": days, "engagement_days": "30", "click_days": "30"}
    assert browser(owner).post("/w/fjellsport/settings/", sent).status_code == 422


def test_only_those_who_may_see_how_to_manage_members(owner: Membership, viewer: Membership) -> None:
    assert "Invite a colleague" in browser(owner).get("/w/fjellsport/members/").content.decode()
    page = browser(viewer).get("/w/fjellsport/members/").content.decode()
    assert "owner@example.com" in page
    assert "Invite a colleague" not in page
    assert "Remove" not in page


def test_a_lead_invites_contributors_and_viewers_alone(owner: Membership, lead: Membership) -> None:
    client = browser(lead)
    page = client.get("/w/fjellsport/members/").content.decode()
    assert "Invite a colleague" in page
    assert ">Remove<" not in page
    sent = {"email": "kaisa@example.com", "role": "contributor", "department": "Customer service"}
    assert client.post("/w/fjellsport/invitations/new/", sent).status_code == 302
    (invitation,) = rows(owner, Invitation)
    assert (invitation.role, invitation.department) == ("contributor", "Customer service")
    assert client.post(f"/w/fjellsport/invitations/{invitation.pk}/withdraw/").status_code == 302
    for role in ("owner", "lead"):
        refused = client.post("/w/fjellsport/invitations/new/", sent | {"email": "new@example.com", "role": role})
        assert refused.status_code == 422, role
    assert len(rows(owner, Invitation)) == 1


def test_a_lead_leaves_the_invitation_of_an_owner_alone(owner: Membership, lead: Membership) -> None:
    with scope.in_workspace(owner.workspace_id):
        wish = joining.Wish("boss@example.com", Role.OWNER)
        made, _ = joining.invite(owner.workspace, wish, by=owner, invited_by=owner.user, now=timezone.now())
    client = browser(lead)
    assert "boss@example.com" not in client.get("/w/fjellsport/members/").content.decode()
    for act in ("resend", "withdraw"):
        assert client.post(f"/w/fjellsport/invitations/{made.pk}/{act}/").status_code == 404, act
    assert rows(owner, Invitation)[0].withdrawn_at is None


def test_the_members_page_asks_as_often_for_two_as_for_twenty(
    owner: Membership, django_assert_num_queries: Any
) -> None:
    for number in range(20):
        make_member(owner.workspace, f"member{number}@example.com", Role.VIEWER)
    client = browser(owner)
    # 1 session, 2 person, 3-4 savepoints of request and lookup, 5 whose memberships, 6 member, 7 setting back,
    # 8 savepoint, 9 the workspace's rows, 10 members, 11 invitations, 12 what waits and 13 what is broken beside the
    # navigation, 14 the bell's count, 15 savepoint
    with django_assert_num_queries(15):
        client.get("/w/fjellsport/members/")


def test_a_role_is_changed_and_a_refusal_stands_beside_its_field(owner: Membership, viewer: Membership) -> None:
    client = browser(owner)
    sent = {"role": "contributor", "department": "Support"}
    assert client.post(f"/w/fjellsport/members/{viewer.pk}/", sent).status_code == 302
    assert [member.role for member in rows(owner, Membership)] == ["owner", "contributor"]
    refused = client.post(f"/w/fjellsport/members/{owner.pk}/", {"role": "viewer", "department": ""})
    assert refused.status_code == 422
    assert "needs an owner" in refused.content.decode()


def test_a_member_is_removed_after_a_question(owner: Membership, viewer: Membership) -> None:
    client = browser(owner)
    assert "Remove Viewer?" in client.get(f"/w/fjellsport/members/{viewer.pk}/remove/").content.decode()
    assert client.post(f"/w/fjellsport/members/{viewer.pk}/remove/").status_code == 302
    assert rows(owner, Membership) == [owner]
    assert browser(viewer).get("/w/fjellsport/members/").status_code == 404


def test_a_member_can_leave(owner: Membership, viewer: Membership) -> None:
    assert browser(viewer).post("/w/fjellsport/members/leave/")["Location"] == "/"
    assert rows(owner, AuditEntry)[-1].act == "left"


def test_an_invitation_goes_out_once_and_is_listed(owner: Membership, django_capture_on_commit_callbacks: Any) -> None:
    client = browser(owner)
    sent = {"email": "New@Example.com", "role": "viewer", "department": ""}
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/w/fjellsport/invitations/new/", sent)
    assert len(mail.outbox) == 1
    assert "new@example.com" in client.get("/w/fjellsport/members/").content.decode()
    again = client.post("/w/fjellsport/invitations/new/", sent)
    assert again.status_code == 422
    assert "has an open invitation" in again.content.decode()
    (invitation,) = rows(owner, Invitation)
    client.post(f"/w/fjellsport/invitations/{invitation.pk}/withdraw/")
    assert rows(owner, Invitation)[0].withdrawn_at is not None
    assert client.post(f"/w/fjellsport/invitations/{invitation.pk}/resend/").status_code == 404


def invited(owner: Membership, email: str) -> str:
    with scope.in_workspace(owner.workspace_id):
        wish = joining.Wish(email, Role.CONTRIBUTOR, "Support")
        return joining.invite(owner.workspace, wish, by=owner, invited_by=owner.user, now=timezone.now())[1]


def test_an_existing_person_signs_in_and_joins(owner: Membership, outsider: Membership) -> None:
    link = f"/join/{invited(owner, 'outsider@example.com')}/"
    client = Client()
    assert f"/accounts/login/?next={link}" in client.get(link).content.decode()
    answer = client.post(
        f"/accounts/login/?next={link}", {"login": "outsider@example.com", "password": "correct horse battery"}
    )
    assert answer["Location"] == link
    assert client.post(link)["Location"] == "/w/fjellsport/"
    assert [(member.role, member.department) for member in rows(owner, Membership)][1] == ("contributor", "Support")
    assert client.post(link).status_code == 404


def test_a_new_person_makes_an_account_and_joins_without_another_proof(owner: Membership, settings: Any) -> None:
    settings.SIGN_UP = "invited"
    link = f"/join/{invited(owner, 'new@example.com')}/"
    client = Client()
    assert "closed" in client.get("/accounts/signup/").content.decode().lower()
    assert "/accounts/signup/" in client.get(link).content.decode()
    form = client.get(f"/accounts/signup/?next={link}&email=new@example.com").content.decode()
    assert 'value="new@example.com"' in form
    sent = {"name": "Nora", "email": "new@example.com", "password1": "a long enough secret"}
    answer = client.post(f"/accounts/signup/?next={link}", sent)
    assert answer["Location"] == link
    assert mail.outbox == []
    client.post(link)
    (_, member) = rows(owner, Membership)
    assert (str(member.user), member.user.email) == ("Nora", "new@example.com")


def test_a_closed_invitation_says_so(db: None) -> None:
    answer = Client().get("/join/nothing/")
    assert answer.status_code == 404
    assert "not open" in answer.content.decode()


def test_a_token_is_shown_once(owner: Membership) -> None:
    client = browser(owner)
    sent = {"name": "nightly", "scopes": ["read"], "form_token": "7b7b7b7b-0000-4000-8000-000000000001"}
    first = client.post("/w/fjellsport/tokens/new/", sent)
    secret = re.search(r"mp_[\w-]{43}", first.content.decode())
    assert secret
    assert first["Cache-Control"] == "private, no-store"
    assert client.post("/w/fjellsport/tokens/new/", sent)["Location"] == "/w/fjellsport/tokens/"
    page = client.get("/w/fjellsport/tokens/").content.decode()
    assert "nightly" in page
    assert secret[0] not in page
    (token,) = rows(owner, ApiToken)
    client.post(f"/w/fjellsport/tokens/{token.pk}/revoke/")
    assert rows(owner, ApiToken)[0].revoked_at is not None


@pytest.mark.parametrize("day", ["2020-01-01", "2999-01-01", "soon"])
def test_a_token_expires_on_a_day_to_come(owner: Membership, day: str) -> None:
    sent = {"name": "x", "scopes": ["read"], "expires_on": day}
    assert browser(owner).post("/w/fjellsport/tokens/new/", sent).status_code == 422


def test_the_audit_trail_is_read_in_sentences_and_filtered(owner: Membership, viewer: Membership) -> None:
    client = browser(owner)
    client.post(f"/w/fjellsport/members/{viewer.pk}/", {"role": "lead", "department": "Marketing"})
    page = client.get("/w/fjellsport/audit/").content.decode()
    assert "Owner changed the member Viewer" in page
    assert "<del>Viewer</del> → <ins>Marketing lead</ins>" in page
    assert "Owner changed" in client.get("/w/fjellsport/audit/?who=Owner&act=changed").content.decode()
    assert "Owner changed" not in client.get("/w/fjellsport/audit/?act=created").content.decode()
    for query in ("page=x", "page=999", "page=-1", "who=" + "x" * 5_000):
        assert client.get(f"/w/fjellsport/audit/?{query}").status_code == 200


def test_one_s_name_can_be_changed(viewer: Membership) -> None:
    client = browser(viewer)
    assert client.post("/profile/", {"name": "Vigdis"}).status_code == 302
    assert User.objects.get(pk=viewer.user_id).name == "Vigdis"
    assert client.post("/profile/", {"name": "a\0b"}).status_code == 422


def test_what_was_being_sent_when_the_session_ended_is_kept(owner: Membership, viewer: Membership) -> None:
    address = f"/w/fjellsport/members/{viewer.pk}/"
    client = Client()
    answer = client.post(address, {"role": "lead", "department": "Sales & <b>"})
    sign_in = {"login": "owner@example.com", "password": "correct horse battery"}
    back = client.post(answer["Location"], sign_in)["Location"]
    page = client.get(back).content.decode()
    assert f'action="{address}"' in page
    assert 'name="department" value="Sales &amp; &lt;b&gt;"' in page
    assert Client().get(back).status_code == 302
    assert browser(owner).get(back).status_code == 404


def test_a_form_too_large_to_keep_leads_home(db: None) -> None:
    answer = Client().post("/w/fjellsport/settings/", {"name": "x" * 70_000})
    assert answer["Location"] == "/accounts/login/?next=/"


def test_htmx_is_led_to_sign_in_as_a_whole_page(owner: Membership) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/w/fjellsport/audit/"}
    answer = Client(headers=headers).get("/w/fjellsport/audit/?page=2")
    assert answer["HX-Redirect"] == "/accounts/login/?next=/w/fjellsport/audit/"


def test_a_lost_form_token_is_told_and_nothing_is_done(owner: Membership) -> None:
    client = browser(owner, enforce_csrf_checks=True)
    answer = client.post("/w/fjellsport/settings/", {"name": "Taken over"})
    assert answer.status_code == 403
    assert "out of date" in answer.content.decode()
    assert Workspace.objects.get().name == "Fjellsport"


def test_too_many_wrong_passwords_are_stopped(owner: Membership) -> None:
    client = Client()
    wrong = {"login": "owner@example.com", "password": "wrong"}
    answers = [client.post("/accounts/login/", wrong) for _ in range(6)]
    assert "Too many failed login attempts" not in answers[4].content.decode()
    assert "Too many failed login attempts" in answers[5].content.decode()
    right = client.post("/accounts/login/", {"login": "owner@example.com", "password": "correct horse battery"})
    assert right.status_code == 200


def test_a_second_factor_is_asked_for(owner: Membership) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(owner.user, secret)
    client = Client()
    answer = client.post("/accounts/login/", {"login": "owner@example.com", "password": "correct horse battery"})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/w/fjellsport/members/").status_code == 302
    (counter, *_) = totp.yield_hotp_counters_from_time()
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"


def test_a_second_factor_is_set_up_after_the_password_was_asked_again(owner: Membership) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "owner@example.com", "password": "correct horse battery"})
    asked = client.get("/accounts/2fa/totp/activate/")["Location"]
    assert asked.startswith("/accounts/reauthenticate/")
    client.post(asked, {"password": "correct horse battery"})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert 'src="data:image/svg+xml' in page
    assert " style=" not in page


@pytest.mark.parametrize(
    "path",
    ["login/", "signup/", "password/reset/", "logout/", "email/", "password/change/", "2fa/",
     "sessions/", "reauthenticate/", "confirm-email/", "password/reset/done/"],
)  # fmt: skip
def test_every_page_of_the_account_is_whole(owner: Membership, path: str) -> None:
    client = Client()
    if path not in {"login/", "signup/", "password/reset/"}:
        sign_in = {"login": "owner@example.com", "password": "correct horse battery"}
        client.post("/accounts/login/", sign_in)
    answer = client.get(f"/accounts/{path}")
    assert answer.status_code == 200, answer.get("Location")
    page = answer.content.decode()
    assert page.count("<h1") == 1
    assert " style=" not in page
    assert "<script>" not in page

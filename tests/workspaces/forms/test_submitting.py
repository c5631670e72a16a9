"""A form that is sent twice makes one thing; a rule's refusal undoes what the act began."""

import uuid

from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from tests.builders import make_workspace
from workspaces.forms import Form, submit
from workspaces.models import Membership, Submission, Workspace
from workspaces.refusal import Refusal


class TooMany(Refusal):
    """A made-up rule."""


def sent_by(member: Membership, *, htmx: bool = False) -> HttpRequest:
    headers = {"HX-Request": "true"} if htmx else {}
    request = RequestFactory().post("/", headers=headers)
    request.user = member.user
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def test_the_same_form_sent_twice_makes_one_thing_and_leads_to_it(lead: Membership) -> None:
    token, made = str(uuid.uuid4()), []

    def act() -> str:
        made.append(make_workspace("Second", slug=f"second-{len(made)}"))
        return f"/w/{made[-1].slug}/"

    answers = [submit(sent_by(lead), Form({"form_token": token}), act) for _ in range(2)]
    assert [answer["Location"] for answer in answers if answer] == ["/w/second-0/", "/w/second-0/"]
    assert len(made) == 1


def test_two_forms_make_two_things(lead: Membership) -> None:
    made: list[str] = []
    for _ in range(2):
        submit(sent_by(lead), Form({"form_token": str(uuid.uuid4())}), lambda: made.append("one") or "/")
    assert len(made) == 2


def test_the_same_token_of_another_person_is_another_form(lead: Membership, viewer: Membership) -> None:
    token, made = str(uuid.uuid4()), []
    for member in (lead, viewer):
        submit(sent_by(member), Form({"form_token": token}), lambda: made.append("one") or "/")
    assert len(made) == 2


def test_a_refused_act_is_undone_whole_and_can_be_sent_again(lead: Membership) -> None:
    token = str(uuid.uuid4())

    def refused() -> str:
        make_workspace("Half done", slug="half-done")
        raise TooMany("Three is the most.")

    form = Form({"form_token": token})
    assert submit(sent_by(lead), form, refused) is None
    assert form.status == 422
    assert form.non_field_errors() == ["Three is the most."]
    assert not Workspace.objects.filter(slug="half-done").exists()
    assert not Submission.objects.exists()
    assert submit(sent_by(lead), Form({"form_token": token}), lambda: "/done/") is not None


def test_htmx_is_led_by_its_own_header(lead: Membership) -> None:
    answer = submit(sent_by(lead, htmx=True), Form({"form_token": str(uuid.uuid4())}), lambda: "/done/")
    assert answer is not None
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/done/")


def test_a_form_that_was_not_sent_does_nothing(lead: Membership) -> None:
    assert submit(sent_by(lead), Form(), lambda: "/never/") is None
    assert not Submission.objects.exists()

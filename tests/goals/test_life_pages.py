"""Pages of a plan's life: versions, comparison, signatures, print, PDF, copies, the banner."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from goals import signing
from goals.banner import banner_of
from goals.document import document_of
from goals.models import Goal, Plan, PlanState, PlanVersion, VersionState
from goals.pdf import pdf_of
from goals.planning import ObjectiveDraft, create_objective
from tests.builders import make_member, make_workspace
from tests.goals.makers import NOW, TEST, make_goal, make_kpi, make_plan, make_target
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

BrowserOf = Callable[[Membership], Client]


def at(name: str, shop: Workspace, *args: Any) -> str:
    return reverse(f"goals:{name}", args=[shop.slug, *args])


def ask(plan: Plan, by: Membership, *signers: Membership) -> PlanVersion:
    with scope.in_workspace(plan.workspace_id):
        return signing.request_sign_off(plan, signers, note="First", by=by, now=NOW)


def sign(version: PlanVersion, by: Membership) -> None:
    with scope.in_workspace(version.workspace_id):
        signing.sign(version, by=by, now=NOW)


def form(**given: Any) -> dict[str, Any]:
    return {"form_token": str(uuid4()), **given}


@contextmanager
def seen(plan: Plan) -> Iterator[Plan]:
    with scope.in_workspace(plan.workspace_id):
        yield Plan.objects.get(pk=plan.pk)


def test_a_lead_asks_and_everybody_asked_signs_in_the_browser(
    plan: Plan, order: Goal, lead: Membership, viewer: Membership, browser_of: BrowserOf
) -> None:
    shop = plan.workspace
    answer = browser_of(lead).post(at("sign-off-new", shop), form(signers=[lead.pk, viewer.pk], note="Go"))
    with seen(plan) as now:
        version = now.versions.get()
    assert (answer.status_code, answer["Location"]) == (302, at("version", shop, version.pk))
    for member in (viewer, lead):
        shown = browser_of(member).get(at("version", shop, version.pk)).content.decode()
        assert at("version-sign", shop, version.pk) in shown
        browser_of(member).post(at("version-sign", shop, version.pk), form())
    with seen(plan) as now:
        assert now.state == PlanState.APPROVED


def test_nobody_named_is_said_on_the_form(plan: Plan, lead: Membership, browser_of: BrowserOf) -> None:
    answer = browser_of(lead).post(at("sign-off-new", plan.workspace), form(note="Go"))
    assert answer.status_code == 422
    assert "signers" in answer.context["form"].errors


def test_declining_without_a_reason_is_said_on_the_form(
    plan: Plan, lead: Membership, viewer: Membership, browser_of: BrowserOf
) -> None:
    address = at("version-decline", plan.workspace, ask(plan, lead, viewer).pk)
    answer = browser_of(viewer).post(address, form(reason=" "))
    assert answer.status_code == 422
    assert "Say what has to change before you would sign." in answer.content.decode()
    assert browser_of(viewer).post(address, form(reason="No targets")).status_code == 302
    with seen(plan) as now:
        assert now.state == PlanState.DRAFT


def test_who_was_not_asked_is_refused(plan: Plan, lead: Membership, viewer: Membership, browser_of: BrowserOf) -> None:
    version = ask(plan, lead, lead)
    answer = browser_of(viewer).post(at("version-sign", plan.workspace, version.pk), form())
    assert answer.status_code == 422
    assert "You were not asked to sign this version." in answer.content.decode()
    assert browser_of(viewer).get(at("version-withdraw", plan.workspace, version.pk)).status_code == 403


@pytest.mark.parametrize("name", ["version-sign", "version-decline"])
def test_nobody_is_offered_an_answer_that_is_not_awaited(
    plan: Plan, lead: Membership, viewer: Membership, browser_of: BrowserOf, name: str
) -> None:
    version = ask(plan, lead, lead)
    address = at(name, plan.workspace, version.pk)
    assert browser_of(lead).get(address).status_code == 200
    shown = browser_of(viewer).get(address, follow=True)
    assert shown.redirect_chain == [(at("version", plan.workspace, version.pk), 302)]
    assert "You were not asked to sign this version." in shown.content.decode()
    sign(version, lead)
    settled = browser_of(lead).get(address, follow=True).content.decode()
    assert "This version is settled: Approved." in settled


def test_versions_are_listed_with_what_changed(
    plan: Plan, order: Goal, lead: Membership, viewer: Membership, browser_of: BrowserOf
) -> None:
    sign(ask(plan, lead, lead), lead)
    make_goal(plan, "Lead")
    sign(ask(plan, lead, lead), lead)
    shown = browser_of(viewer).get(at("versions", plan.workspace)).content.decode()
    assert "Version 2" in shown
    assert "1 change since version 1" in shown
    assert at("sign-off-new", plan.workspace) not in shown


def test_more_versions_take_no_more_queries(plan: Plan, lead: Membership, browser_of: BrowserOf) -> None:
    browser = browser_of(lead)

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            browser.get(at("versions", plan.workspace))
        return len(counted)

    for _each in range(2):
        sign(ask(plan, lead, lead), lead)
    queries()  # the first request of a browser fills caches
    few = queries()
    for _each in range(3):
        sign(ask(plan, lead, lead), lead)
    assert queries() == few


def test_a_version_and_now_are_compared_row_by_row(
    plan: Plan, order: Goal, lead: Membership, viewer: Membership, browser_of: BrowserOf
) -> None:
    version = ask(plan, lead, lead)
    make_goal(plan, "Lead <b>form</b>")
    address = f"{at('compare', plan.workspace)}?from={version.pk}&to=now"
    answer = browser_of(viewer).get(address)
    assert [(row.kind, row.name) for row in answer.context["changed"]] == [("Goal", "Lead <b>form</b>")]
    assert "Lead &lt;b&gt;form" in answer.content.decode()
    same = browser_of(viewer).get(f"{at('compare', plan.workspace)}?from={version.pk}&to={version.pk}")
    assert "Nothing differs" in same.content.decode()


@pytest.mark.parametrize("written", ["", "x", "-1", "9" * 30, "0x1", "now"])
def test_what_names_no_version_compares_the_newest(
    plan: Plan, lead: Membership, browser_of: BrowserOf, written: str
) -> None:
    ask(plan, lead, lead)
    answer = browser_of(lead).get(at("compare", plan.workspace), {"from": written, "to": written})
    assert answer.status_code == 200
    assert answer.context["second"] is None


def test_a_version_of_another_workspace_is_not_there(
    plan: Plan, lead: Membership, outsider: Membership, browser_of: BrowserOf
) -> None:
    other = ask(make_plan(outsider.workspace), outsider, outsider)
    for name in ("version", "version-pdf", "version-sign"):
        assert browser_of(lead).get(at(name, plan.workspace, other.pk)).status_code == 404, name
    assert browser_of(lead).get(at("compare", plan.workspace), {"from": other.pk}).status_code == 404


def test_an_archived_plan_is_reopened_in_the_browser(
    plan: Plan, order: Goal, lead: Membership, browser_of: BrowserOf
) -> None:
    browser = browser_of(lead)
    browser.post(at("plan-archive", plan.workspace), form())
    with seen(plan) as now:
        assert now.archived_at is not None
    assert at("plan-reopen", plan.workspace, plan.slug) in browser.get(at("versions", plan.workspace)).content.decode()
    browser.post(at("plan-reopen", plan.workspace, plan.slug), form())
    with seen(plan) as now:
        assert (now.archived_at, now.goals.live().count()) == (None, 1)


def test_the_banner_says_who_is_waited_for(plan: Plan, order: Goal, lead: Membership, viewer: Membership) -> None:
    def banner(member: Membership) -> str:
        with seen(plan) as now:
            made = banner_of(now, member, today=NOW.date())
            return render_to_string("goals/plan_banner.html", {"banner": made, "workspace": plan.workspace})

    assert banner(lead).strip() == ""
    version = ask(plan, lead, viewer, lead)
    sign(version, lead)
    shown = banner(viewer)
    assert "1 of 2 people have signed." in shown
    assert f"Waiting for {viewer.user}." in shown
    assert at("version-sign", plan.workspace, version.pk) in shown
    assert at("version-sign", plan.workspace, version.pk) not in banner(lead)
    sign(version, viewer)
    make_kpi(order)
    assert "1 change since version 1 was approved." in banner(lead)


def test_the_print_says_whether_what_stands_there_was_signed(
    plan: Plan, order: Goal, lead: Membership, viewer: Membership, browser_of: BrowserOf
) -> None:
    make_target(make_kpi(order, "Orders a quarter"), 412)
    sign(ask(plan, lead, lead), lead)
    shown = browser_of(viewer).get(at("plan-print", plan.workspace)).content.decode()
    for expected in (
        "Orders a quarter",
        "412 from 1\N{NO-BREAK SPACE}Oct\N{NO-BREAK SPACE}2026",
        "What stands here is version 1.",
        str(lead.user),
    ):
        assert expected in shown
    make_goal(plan, "Lead")
    assert "was changed since version 1" in browser_of(viewer).get(at("plan-print", plan.workspace)).content.decode()


def test_a_pdf_is_the_same_bytes_each_time_and_embeds_its_letters(
    plan: Plan, lead: Membership, viewer: Membership, browser_of: BrowserOf
) -> None:
    with scope.in_workspace(plan.workspace_id):
        create_objective(plan, ObjectiveDraft("Øk salget på nett – #include('x') *«æøå»*"), by=TEST, now=NOW)
    version = ask(plan, lead, viewer)
    answer = browser_of(viewer).get(at("version-pdf", plan.workspace, version.pk))
    assert answer["Content-Disposition"] == 'attachment; filename="plan-of-the-winter-v1.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert b"/FontFile" in answer.content
    with seen(plan), translation.override("en"):
        kept = PlanVersion.objects.get(pk=version.pk)
        answers = list(kept.sign_offs.all())
        assert pdf_of(kept, answers) == pdf_of(kept, answers) == answer.content


def second_workspace(member: Membership, role: Role = Role.LEAD) -> Membership:
    other = make_workspace("Second shop", slug="second")
    with scope.in_workspace(other.pk):
        return Membership.objects.create(workspace=other, user=member.user, role=role)


def test_a_plan_is_copied_where_the_same_person_may_edit(
    plan: Plan, order: Goal, newsletter: Goal, lead: Membership, browser_of: BrowserOf
) -> None:
    make_target(make_kpi(newsletter, "Sign-ups"))
    owner_here = make_member(plan.workspace, "only.here@example.com")
    with scope.in_workspace(plan.workspace_id):
        create_objective(plan, ObjectiveDraft("Grow", owner=owner_here), by=TEST, now=NOW)
        document = document_of(plan)
    there = second_workspace(lead)
    answer = browser_of(lead).post(at("plan-copy", plan.workspace), form(to=there.workspace_id), follow=True)
    assert answer.redirect_chain == [(at("plan", there.workspace), 302)]
    assert "only.here@example.com" in answer.content.decode()
    with scope.in_workspace(there.workspace_id):
        copied = document_of(Plan.objects.get(workspace=there.workspace))
    assert (copied.goals, copied.kpis, copied.targets) == (document.goals, document.kpis, document.targets)
    assert (copied.objectives[0].name, copied.objectives[0].owner) == ("Grow", "")
    again = browser_of(lead).post(at("plan-copy", plan.workspace), form(to=there.workspace_id))
    assert "has a plan already; archive it first" in again.content.decode()


def test_a_goal_is_copied_beside_one_of_its_name(
    plan: Plan, order: Goal, newsletter: Goal, lead: Membership, browser_of: BrowserOf
) -> None:
    make_target(make_kpi(newsletter, "Sign-ups"))
    there = second_workspace(lead)
    other = make_plan(there.workspace)
    make_goal(other, "Order")
    for _each in range(2):
        browser_of(lead).post(at("goal-copy", plan.workspace, newsletter.slug), form(to=there.workspace_id))
    with scope.in_workspace(there.workspace_id):
        copied = document_of(other)
    assert [(row.slug, row.supports) for row in copied.goals] == [
        ("order", ()), ("newsletter", ("order",)), ("newsletter-2", ("order",)),
    ]  # fmt: skip
    assert [(row.slug, row.goal) for row in copied.kpis] == [
        ("sign-ups", "newsletter"), ("sign-ups-2", "newsletter-2"),
    ]  # fmt: skip
    assert len(copied.targets) == 2


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR])
def test_nothing_is_copied_to_where_the_person_may_not_edit(
    plan: Plan, order: Goal, lead: Membership, browser_of: BrowserOf, role: Role
) -> None:
    there = second_workspace(lead, role)
    browser = browser_of(lead)
    assert browser.get(at("plan-copy", plan.workspace)).context["places"] == []
    assert browser.post(at("plan-copy", plan.workspace), form(to=there.workspace_id)).status_code == 422
    with scope.in_workspace(there.workspace_id):
        assert not Plan.objects.exists()


def test_a_version_in_review_keeps_its_state_word(plan: Plan, lead: Membership, browser_of: BrowserOf) -> None:
    version = ask(plan, lead, lead)
    shown = browser_of(lead).get(at("version", plan.workspace, version.pk)).content.decode()
    assert str(VersionState.IN_REVIEW.label) in shown

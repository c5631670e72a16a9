"""A plan's life: asked, signed, declined, withdrawn, archived, reopened; and that nobody rewrites what was signed."""

from dataclasses import replace
from threading import Thread

import pytest
from celery import current_app
from django.db import DatabaseError, connection, transaction

from goals import signing
from goals.defining import change_goal, draft_of
from goals.document import document_of
from goals.models import Answer, Goal, Plan, PlanState, PlanVersion, VersionState
from goals.planning import PlanExists
from goals.signing import Archived, InReview, NoReason, NoSigners, NotArchived, NotAsked, Settled
from tests.builders import make_member
from tests.goals.makers import NOW, TEST, make_goal, make_plan
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Notification, Workspace
from workspaces.roles import Role


def ask(plan: Plan, by: Membership, *signers: Membership, note: str = "First version") -> PlanVersion:
    with scope.in_workspace(plan.workspace_id):
        return signing.request_sign_off(plan, signers, note=note, by=by, now=NOW)


def sign(version: PlanVersion, by: Membership) -> PlanVersion:
    with scope.in_workspace(version.workspace_id):
        return signing.sign(version, by=by, now=NOW)


def state(plan: Plan) -> str:
    with scope.in_workspace(plan.workspace_id):
        return Plan.objects.get(pk=plan.pk).state


def told(workspace: Workspace) -> list[tuple[str, str, str]]:
    with scope.in_workspace(workspace.pk):
        rows = Notification.objects.order_by("pk").select_related("membership__user")
        return [(row.membership.user.email, row.kind, row.title) for row in rows]


def acts(workspace: Workspace) -> list[str]:
    with scope.in_workspace(workspace.pk):
        return list(AuditEntry.objects.filter(subject_type="planversion").order_by("pk").values_list("act", flat=True))


def test_a_version_keeps_what_the_plan_said_and_asks_the_named(
    plan: Plan, order: Goal, lead: Membership, viewer: Membership
) -> None:
    version = ask(plan, lead, viewer)
    assert (version.number, version.note, version.state) == (1, "First version", VersionState.IN_REVIEW)
    with scope.in_workspace(plan.workspace_id):
        assert signing.content_of(version) == document_of(plan)
        assert [(each.member, each.name, each.answer) for each in version.sign_offs.all()] == [
            (viewer, str(viewer.user), Answer.PENDING)
        ]
    assert state(plan) == PlanState.IN_REVIEW
    assert told(plan.workspace) == [
        (viewer.user.email, "sign_off_requested", f"{lead.user} asks you to sign Plan of the winter")
    ]
    assert acts(plan.workspace) == ["asked to sign"]


def test_the_last_signature_approves(plan: Plan, lead: Membership, viewer: Membership) -> None:
    version = ask(plan, lead, lead, viewer)
    assert sign(version, lead).state == VersionState.IN_REVIEW
    assert state(plan) == PlanState.IN_REVIEW
    approved = sign(version, viewer)
    assert (approved.state, approved.settled_at, state(plan)) == (VersionState.APPROVED, NOW, PlanState.APPROVED)
    assert acts(plan.workspace) == ["asked to sign", "signed", "signed", "approved"]
    done = (lead.user.email, "sign_off_done", "Plan of the winter is signed by everybody")
    assert done in told(plan.workspace)


def test_who_declines_says_why_and_the_plan_is_a_draft_again(
    plan: Plan, lead: Membership, viewer: Membership, owner: Membership
) -> None:
    version = ask(plan, lead, viewer, owner)
    with scope.in_workspace(plan.workspace_id):
        with pytest.raises(NoReason):
            signing.decline(version, by=viewer, reason="  ", now=NOW)
        signing.decline(version, by=viewer, reason="No target for orders", now=NOW)
        assert version.sign_offs.get(member=viewer).reason == "No target for orders"
    assert state(plan) == PlanState.DRAFT
    assert (lead.user.email, "sign_off_done", f"{viewer.user} declines to sign Plan of the winter") in told(
        plan.workspace
    )
    with pytest.raises(Settled, match="This version is settled: Declined"):
        sign(version, owner)


def test_an_approved_plan_that_changed_stays_approved_and_says_what_changed(
    plan: Plan, order: Goal, lead: Membership
) -> None:
    sign(ask(plan, lead, lead), lead)
    with scope.in_workspace(plan.workspace_id):
        assert signing.since_approval(plan) == signing.Since(plan.versions.get(), ())
        change_goal(order, replace(draft_of(order), department="Sales"), by=TEST, now=NOW)
        since = signing.since_approval(plan)
    assert since is not None
    assert [(one.name, str(one.label), one.after) for one in since.differences] == [("Order", "Department", "Sales")]
    assert state(plan) == PlanState.APPROVED


def test_a_withdrawn_question_leaves_the_plan_as_it_was(plan: Plan, lead: Membership) -> None:
    first = ask(plan, lead, lead)
    with scope.in_workspace(plan.workspace_id):
        signing.withdraw(first, by=lead, now=NOW)
    assert state(plan) == PlanState.DRAFT
    sign(ask(plan, lead, lead), lead)
    third = ask(plan, lead, lead)
    with scope.in_workspace(plan.workspace_id):
        signing.withdraw(third, by=lead, now=NOW)
    assert (third.number, state(plan)) == (3, PlanState.APPROVED)


def test_refusals_name_the_rule(plan: Plan, lead: Membership, viewer: Membership, outsider: Membership) -> None:
    for nobody in ((), (outsider,)):
        with pytest.raises(NoSigners):
            ask(plan, lead, *nobody)
    version = ask(plan, lead, viewer, make_member(plan.workspace, "second@example.com", Role.VIEWER))
    with pytest.raises(InReview):
        ask(plan, lead, viewer)
    with pytest.raises(NotAsked, match="You were not asked"):
        sign(version, lead)
    sign(version, viewer)
    with pytest.raises(NotAsked, match="You have answered already: Signed"):
        sign(version, viewer)


def test_an_archived_plan_takes_its_goals_along_and_brings_them_back(plan: Plan, order: Goal, lead: Membership) -> None:
    make_goal(plan, "Old one")
    with scope.in_workspace(plan.workspace_id):
        Goal.objects.filter(name="Old one").update(archived_at=plan.created_at)
        before = document_of(plan)
    version = ask(plan, lead, lead)
    with scope.in_workspace(plan.workspace_id):
        archived = signing.archive_plan(plan, by=lead, now=NOW)
        assert (archived.state, archived.archived_at) == (PlanState.ARCHIVED, NOW)
        assert plan.versions.get().state == VersionState.WITHDRAWN
        assert not Goal.objects.live().exists()
    with pytest.raises(Archived):
        ask(plan, lead, lead)
    with pytest.raises(Settled):
        sign(version, lead)
    with scope.in_workspace(plan.workspace_id):
        reopened = signing.reopen(plan, by=lead, now=NOW)
        assert (reopened.state, document_of(reopened)) == (PlanState.DRAFT, before)
        with pytest.raises(NotArchived):
            signing.reopen(plan, by=lead, now=NOW)


def test_a_signature_outlives_the_member(plan: Plan, lead: Membership, viewer: Membership) -> None:
    version = ask(plan, lead, viewer)
    sign(version, viewer)
    with scope.in_workspace(plan.workspace_id):
        Membership.objects.get(pk=viewer.pk).delete()
        kept = version.sign_offs.get()
    assert (kept.member, kept.name, kept.answer) == (None, "Viewer", Answer.SIGNED)


def test_no_plan_is_reopened_beside_another(plan: Plan, lead: Membership) -> None:
    with scope.in_workspace(plan.workspace_id):
        signing.archive_plan(plan, by=lead, now=NOW)
    make_plan(plan.workspace)
    with scope.in_workspace(plan.workspace_id), pytest.raises(PlanExists):
        signing.reopen(plan, by=lead, now=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "update goals_planversion set content = '{}'",
        "update goals_planversion set number = 7",
        "update goals_planversion set state = 'declined'",
        "update goals_signoff set answer = 'pending', answered_at = null",
        "update goals_signoff set name = 'Somebody else'",
    ],
)
@pytest.mark.parametrize("role", ["application", "owner"])
def test_the_database_keeps_what_was_signed(plan: Plan, lead: Membership, statement: str, role: str) -> None:
    sign(ask(plan, lead, lead), lead)

    with pytest.raises(DatabaseError, match=r"never changes|stays settled"):
        rewrite(plan, statement, role)


@transaction.atomic
def rewrite(plan: Plan, statement: str, role: str) -> None:
    with scope.in_workspace(plan.workspace_id), connection.cursor() as cursor:
        if role == "owner":
            cursor.execute("set local role none")
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_both_count_and_approve_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_url", "memory://")
    shop = Workspace.objects.create(name="Shop", slug="shop", currency="NOK")
    signers = [make_member(shop, f"{name}@example.com") for name in ("kari", "ola", "nils")]
    plan = make_plan(shop)
    version = ask(plan, signers[0], *signers)
    failed: list[BaseException] = []

    def put(member: Membership) -> None:
        try:
            sign(version, member)
        except BaseException as error:  # noqa: BLE001  # told below: a thread's own would be lost
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=put, args=(member,)) for member in signers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert acts(shop) == ["asked to sign", "signed", "signed", "signed", "approved"]
    assert state(plan) == PlanState.APPROVED

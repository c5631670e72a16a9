"""A plan's life: named people sign a version of it; it is approved when all have; it is archived, and reopened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.applying import restore
from goals.differing import Difference, differences
from goals.document import Document, document_of
from goals.models import Answer, Plan, PlanState, PlanVersion, SignOff, VersionState
from goals.planning import Archived, PlanExists, current_plan
from goals.revising import By
from workspaces.models import AuditEntry, Membership
from workspaces.notices import notify
from workspaces.refusal import Refusal
from workspaces.roles import MAY, Action, Role


class NoSigners(Refusal):
    """Nobody was named to sign."""

    code = "no_signers"
    field = "signers"
    status = 400


class InReview(Refusal):
    """A version of the plan waits for its signatures."""

    code = "in_review"


class Settled(Refusal):
    """The version was approved, declined or withdrawn."""

    code = "settled"


class NotAsked(Refusal):
    """The person was not asked to sign, or has answered."""

    code = "not_asked"
    status = 403


class NoReason(Refusal):
    """A version was declined without saying why."""

    code = "reason_required"
    field = "reason"
    status = 400


class NotArchived(Refusal):
    """The plan is at work already."""

    code = "not_archived"


class PersonNeeded(Refusal):
    """A program asks for what only a person does: a signature is somebody's own word."""

    code = "person_needed"

    def __init__(self, page: str) -> None:
        text = _("Only the people who were asked sign or decline a version, each signed in, on its page: %(page)s")
        super().__init__(text % {"page": page})


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since the version that was approved last."""

    version: PlanVersion
    differences: tuple[Difference, ...]


@transaction.atomic
def request_sign_off(
    plan: Plan, signers: Sequence[Membership], *, note: str = "", by: By, now: datetime
) -> PlanVersion:
    """Keep the plan as it is now as a version, and ask each of these members to sign it.

    raises   NoSigners, InReview while another version waits, Archived
    """
    asked = {member.pk: member for member in signers if member.workspace_id == plan.workspace_id}
    if not asked:
        raise NoSigners(_("Name at least one person who signs."))
    saved = _locked(plan)
    if saved.state == PlanState.ARCHIVED:
        raise Archived
    if saved.state == PlanState.IN_REVIEW:
        raise InReview(_("A version of this plan waits for its signatures already; withdraw it first."))
    last = saved.versions.first()
    version = PlanVersion.objects.create(
        workspace_id=saved.workspace_id,
        plan=saved,
        number=last.number + 1 if last else 1,
        content=document_of(saved).as_json(),
        note=note,
        made_by=_name(by),
        made_at=now,
    )
    SignOff.objects.bulk_create(
        SignOff(workspace_id=saved.workspace_id, version=version, member=member, name=str(member.user))
        for member in asked.values()
    )
    _move(saved, PlanState.IN_REVIEW)
    names = [str(member.user) for member in asked.values()]
    _record(by, "asked to sign", version, now, after={"signers": names, "note": note})
    title = format_lazy(gettext_lazy("{person} asks you to sign {plan}"), person=_name(by), plan=saved.name)
    _tell(list(asked.values()), "sign_off_requested", version, title, note, by=by, now=now)
    return version


@transaction.atomic
def sign(version: PlanVersion, *, by: Membership, now: datetime) -> PlanVersion:
    """Sign; the last signature approves version and plan.

    raises   Settled where the version waits no longer, NotAsked for somebody who was not asked or has answered
    """
    plan, waiting = _in_review(version)
    own = _asked(waiting, by)
    own.answer, own.answered_at = Answer.SIGNED, now
    own.save(update_fields=["answer", "answered_at"])
    _record(by, "signed", waiting, now)
    if not waiting.sign_offs.filter(answer=Answer.PENDING).exists():
        _settle(waiting, VersionState.APPROVED, now)
        _move(plan, PlanState.APPROVED)
        _record(by, "approved", waiting, now)
        title = format_lazy(gettext_lazy("{plan} is signed by everybody"), plan=plan.name)
        _tell(_concerned(waiting), "sign_off_done", waiting, title, waiting.note, by=by, now=now)
    return waiting


@transaction.atomic
def decline(version: PlanVersion, *, by: Membership, reason: str, now: datetime) -> PlanVersion:
    """Refuse to sign and say why; the plan is a draft again.

    raises   NoReason, Settled, NotAsked
    """
    if not reason.strip():
        raise NoReason(_("Say what has to change before you would sign."))
    plan, waiting = _in_review(version)
    own = _asked(waiting, by)
    own.answer, own.reason, own.answered_at = Answer.DECLINED, reason.strip(), now
    own.save(update_fields=["answer", "reason", "answered_at"])
    _settle(waiting, VersionState.DECLINED, now)
    _move(plan, PlanState.DRAFT)
    _record(by, "declined", waiting, now, after={"reason": own.reason})
    title = format_lazy(gettext_lazy("{person} declines to sign {plan}"), person=str(by.user), plan=plan.name)
    _tell(_concerned(waiting), "sign_off_done", waiting, title, own.reason, by=by, now=now)
    return waiting


@transaction.atomic
def withdraw(version: PlanVersion, *, by: By, now: datetime) -> PlanVersion:
    """Ask no longer; the plan is again what it was before. Raise Settled where the version waits no longer."""
    plan, waiting = _in_review(version)
    _settle(waiting, VersionState.WITHDRAWN, now)
    _move(plan, _state_by_versions(plan))
    _record(by, "withdrew", waiting, now)
    return waiting


@transaction.atomic
def archive_plan(plan: Plan, *, by: By, now: datetime) -> Plan:
    """Put the plan with its goals into the archive, their history kept; what waits for signatures is withdrawn."""
    saved = _locked(plan)
    if saved.state == PlanState.ARCHIVED:
        return saved
    waiting = saved.versions.filter(state=VersionState.IN_REVIEW).first()
    if waiting:
        withdraw(waiting, by=by, now=now)
    saved.archived_at = now
    _move(saved, PlanState.ARCHIVED)
    # At the very moment of the plan: `reopen` brings back these, and not those that were archived before.
    saved.goals.live().update(archived_at=now)
    AuditEntry.record(by, "archived", saved, workspace=saved.workspace, now=now)
    return saved


@transaction.atomic
def reopen(plan: Plan, *, by: By, now: datetime) -> Plan:
    """Take the plan out of the archive with the goals that went there with it.

    raises   NotArchived; PlanExists while another plan is at work
    """
    saved = _locked(plan)
    if saved.archived_at is None:
        raise NotArchived(_("This plan is at work already."))
    if current_plan(saved.workspace):
        raise PlanExists(_("Another plan is at work; archive it first."))
    for goal in saved.goals.filter(archived_at=saved.archived_at):
        restore(goal, by=by, now=now)
    saved.archived_at = None
    _move(saved, _state_by_versions(saved))
    AuditEntry.record(by, "reopened", saved, workspace=saved.workspace, now=now)
    return saved


def approved_version(plan: Plan) -> PlanVersion | None:
    """Give the version that was approved last."""
    return plan.versions.filter(state=VersionState.APPROVED).first()


def since_approval(plan: Plan) -> Since | None:
    """Say what changed since the version that was approved last; None where none was."""
    version = approved_version(plan)
    if version is None:
        return None
    return Since(version, differences(content_of(version), document_of(plan)))


def content_of(version: PlanVersion) -> Document:
    """Give what the plan said in this version."""
    return Document.from_json(version.content)


def address_of(version: PlanVersion) -> str:
    """Give the path of the version's page."""
    return reverse("goals:version", args=[version.workspace.slug, version.pk])


def check_asked(version: PlanVersion, member: Membership) -> None:
    """Raise Settled or NotAsked where the member's answer is not awaited: nobody is offered a form in vain."""
    _check_waits(version)
    _asked(version, member)


def _name(by: By) -> str:
    return str(by.user if isinstance(by, Membership) else by)


def _locked(plan: Plan) -> Plan:
    # Every verb takes the plan's row first: two signatures at once follow each other, and the second sees the first.
    return Plan.objects.select_for_update().get(pk=plan.pk)


def _in_review(version: PlanVersion) -> tuple[Plan, PlanVersion]:
    plan = _locked(version.plan)
    waiting = plan.versions.get(pk=version.pk)
    _check_waits(waiting)
    return plan, waiting


def _check_waits(version: PlanVersion) -> None:
    if version.state != VersionState.IN_REVIEW:
        raise Settled(_("This version is settled: %(state)s.") % {"state": version.get_state_display()})


def _asked(version: PlanVersion, member: Membership) -> SignOff:
    own = version.sign_offs.filter(member=member).first()
    if own is None:
        raise NotAsked(_("You were not asked to sign this version."))
    if own.answer != Answer.PENDING:
        raise NotAsked(_("You have answered already: %(answer)s.") % {"answer": own.get_answer_display()})
    return own


def _settle(version: PlanVersion, state: VersionState, now: datetime) -> None:
    version.state, version.settled_at = state, now
    version.save(update_fields=["state", "settled_at"])


def _move(plan: Plan, state: PlanState) -> None:
    plan.state = state
    plan.revision += 1
    plan.save(update_fields=["state", "archived_at", "revision"])


def _state_by_versions(plan: Plan) -> PlanState:
    return PlanState.APPROVED if approved_version(plan) else PlanState.DRAFT


def _record(by: By, act: str, version: PlanVersion, now: datetime, after: dict[str, object] | None = None) -> None:
    AuditEntry.record(by, act, version, workspace=version.workspace, now=now, after=after)


def _concerned(version: PlanVersion) -> list[Membership]:
    """Give whom the outcome concerns: who may edit the plan, and who was asked to sign."""
    editors = [role for role in Role if Action.EDIT_PLAN in MAY[role]]
    members = version.workspace.memberships.select_related("user")
    asked = version.sign_offs.exclude(member=None).values("member")
    return [*members.filter(role__in=editors).union(members.filter(pk__in=asked))]


def _tell(
    members: Sequence[Membership],
    kind: str,
    version: PlanVersion,
    title: str | Promise,
    text: str,
    *,
    by: By,
    now: datetime,
) -> None:
    key = f"plan version {version.pk} {version.state}"
    person = by if isinstance(by, Membership) else None  # who made the program that asks hears of it like the others
    notify(members, kind=kind, title=title, text=text, path=address_of(version), key=key, by=person, now=now)

"""What the author of a proposal does with it: draft, change, submit, withdraw, answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goals.backtest import Backtest
from goals.definition import Definition
from goals.lanes import Actor, NotOpen, NotYours, move, text_given
from goals.models import Comment, Goal, Lane, Level, Plan, Proposal, ProposalSupport
from goals.revising import locked, revise
from goals.talking import say
from goals.telling import tell_submitted
from workspaces.models import AuditEntry
from workspaces.refusal import Refusal

CHANGEABLE = frozenset({Lane.DRAFT, Lane.NEEDS_INFO})  # what somebody decides on stands still meanwhile
_FACTS = ("name", "department", "moment", "rationale", "micro_kind", "stage")


class NotReady(Refusal):
    """The proposal lacks what a lead needs to decide."""

    code = "not_ready"
    status = 400


class SupportsNoMacro(Refusal):
    """It was to support something that is no macro goal of the plan."""

    code = "supports_not_macro"
    field = "supports"
    status = 400


@dataclass(frozen=True, slots=True)
class ProposalDraft:
    """What a person writes of a proposal; `definition` is None for what is not tracked yet."""

    name: str
    definition: Definition | None = None
    department: str = ""
    moment: str = ""
    rationale: str = ""
    micro_kind: str = ""
    stage: str = ""
    supports: tuple[Goal, ...] = ()

    @classmethod
    def of(cls, proposal: Proposal) -> "ProposalDraft":
        """Give what is saved, to be changed in part."""
        facts = {name: getattr(proposal, name) for name in _FACTS}
        return cls(**facts, definition=definition_of(proposal), supports=tuple(proposal.supports.all()))

    def columns(self) -> dict[str, Any]:  # values of the row's columns
        """Give the values by their columns."""
        definition = self.definition and self.definition.as_json()
        return {name: getattr(self, name) for name in _FACTS} | {"definition": definition}


def definition_of(proposal: Proposal) -> Definition | None:
    """Give what the proposal would count; None where that is not tracked yet."""
    return None if proposal.definition is None else Definition.from_json(proposal.definition)


def backtest_of(proposal: Proposal) -> Backtest | None:
    """Give what it would have counted when it was submitted."""
    return None if proposal.backtest is None else Backtest.from_json(proposal.backtest)


@transaction.atomic
def draft(plan: Plan, written: ProposalDraft, *, by: Actor, now: datetime) -> Proposal:
    """Put a proposal on the author's desk; nobody else sees it yet."""
    _check(written, plan)
    proposal = Proposal.objects.create(
        workspace=plan.workspace,
        plan=plan,
        author=by.member,
        author_name=by.name,
        created_at=now,
        changed_at=now,
        **written.columns(),
    )
    _write_supports(proposal, written.supports)
    after = {name: value for name, value in written.columns().items() if value}
    AuditEntry.record(by.by, "created", proposal, workspace=plan.workspace, now=now, after=after)
    return proposal


@transaction.atomic
def change(
    proposal: Proposal, written: ProposalDraft, *, by: Actor, now: datetime, seen: int | None = None
) -> Proposal:
    """Write it anew, as its author, while nobody decides on it.

    seen   the revision that the writer knows, None where the form has compared it
    """
    saved = locked(proposal, seen=seen)
    _own(saved, by)
    refused = why_not_changeable(saved, by=by)
    if refused:
        raise NotOpen(refused)
    _check(written, saved.plan)
    were, are = set(saved.supports.values_list("pk", flat=True)), {macro.pk for macro in written.supports}
    values = written.columns()
    is_changed = were != are or any(getattr(saved, name) != value for name, value in values.items())
    if is_changed:
        saved.changed_at = now
        revise(saved, values, by=by.by, now=now, also=["changed_at"])
        _write_supports(saved, written.supports)
    return saved


@transaction.atomic
def submit(proposal: Proposal, *, by: Actor, now: datetime, backtest: Backtest | None) -> Proposal:
    """Hand the draft to those who decide, with what it would have counted.

    backtest   None where nothing is tracked yet, or the lake could not be asked
    raises     NotReady, NotYours, NotOpen; one that waits already stays as it is
    """
    _own(proposal, by)
    if proposal.lane == Lane.SUBMITTED:
        return proposal
    missing = missing_of(ProposalDraft.of(proposal), proposal.plan)
    if missing:
        raise NotReady(_("Before it is submitted: %(missing)s") % {"missing": " ".join(missing.values())})
    kept = None if backtest is None else backtest.as_json()
    values = {"submitted_at": now, "backtest": kept, "reason": ""}
    move(proposal, Lane.SUBMITTED, among={Lane.DRAFT}, act="submitted", actor=by, now=now, values=values)
    tell_submitted(proposal, by=by, now=now)
    return proposal


@transaction.atomic
def withdraw(proposal: Proposal, *, by: Actor, now: datetime) -> Proposal:
    """Take it back to the author's desk, votes and comments kept; a draft stays one."""
    _own(proposal, by)
    if proposal.lane == Lane.DRAFT:
        return proposal
    among = {Lane.SUBMITTED, Lane.NEEDS_INFO}
    move(proposal, Lane.DRAFT, among=among, act="withdrawn", actor=by, now=now, values={"reason": ""})
    return proposal


@transaction.atomic
def answer(proposal: Proposal, text: str, *, by: Actor, now: datetime, backtest: Backtest | None) -> Comment:
    """Give the information that was asked for, which hands it back to those who decide; the text is a comment."""
    _own(proposal, by)
    written = text_given(text, _("Write what was asked for."))
    kept = None if backtest is None else backtest.as_json()
    values = {"submitted_at": now, "backtest": kept, "reason": ""}
    move(proposal, Lane.SUBMITTED, among={Lane.NEEDS_INFO}, act="answered", actor=by, now=now, values=values)
    tell_submitted(proposal, by=by, now=now)
    return say(proposal, written, by=by, now=now, is_told=False)


def why_not_changeable(proposal: Proposal, *, by: Actor) -> str:
    """Say why it can't be written anew; "" where it can."""
    if not by.wrote(proposal):
        return _("Only %(name)s, who wrote it, can do this.") % {"name": proposal.author_name}
    if proposal.lane in CHANGEABLE:
        return ""
    if proposal.lane == Lane.SUBMITTED:
        return _("Withdraw it first: what somebody may be deciding on stands still.")
    return _("It was decided; what was decided on stays as it was.")


def missing_of(written: ProposalDraft, plan: Plan) -> dict[str, str]:
    """Say what a lead would have to ask back for, by the field that it belongs in."""
    missing: dict[str, str] = {}
    if not written.rationale:
        missing["rationale"] = _("Say why it matters.")
    if not written.micro_kind:
        missing["micro_kind"] = _("Choose which kind of micro goal it is.")
    if not written.supports and plan.goals.live().filter(level=Level.MACRO).exists():
        missing["supports"] = _("Choose which macro goal it leads to.")
    if written.definition is None and not written.moment:
        missing["moment"] = _("It is not tracked yet, so say when exactly it happens.")
    return missing


def _check(written: ProposalDraft, plan: Plan) -> None:
    for macro in written.supports:
        if macro.level != Level.MACRO or macro.plan_id != plan.pk or macro.archived_at:
            raise SupportsNoMacro(_('"%(name)s" is no macro goal of this plan.') % {"name": macro.name})


def _own(proposal: Proposal, by: Actor) -> None:
    if not by.wrote(proposal):
        raise NotYours(_("Only %(name)s, who wrote it, can do this.") % {"name": proposal.author_name})


def _write_supports(proposal: Proposal, macros: tuple[Goal, ...]) -> None:
    ProposalSupport.objects.filter(proposal=proposal).exclude(macro__in=macros).delete()
    rows = [ProposalSupport(workspace_id=proposal.workspace_id, proposal=proposal, macro=macro) for macro in macros]
    ProposalSupport.objects.bulk_create(rows, ignore_conflicts=True)

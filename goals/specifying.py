"""How a goal is to be tracked, and with which parameters: the verbs, each with its audit entry."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goals.drafts import Draft
from goals.models import Goal, Method, Parameter, ParameterType, Platform, Purpose, SpecState, TrackingSpec
from goals.refilling import hint_watch
from goals.revising import By, locked, plain, revise
from workspaces.models import AuditEntry, Membership
from workspaces.refusal import Refusal


class Specified(Refusal):
    """The goal has a specification already, or the specification such a parameter."""

    code = "specified_already"


@dataclass(frozen=True, slots=True)
class SpecDraft(Draft):
    """What a person writes of a goal's tracking."""

    event_name: str = ""
    about: str = ""
    platform: str = Platform.WEB
    method: str = Method.TAG
    place: str = ""
    purpose: str = Purpose.ANALYTICS
    owner: Membership | None = None
    state: str = SpecState.PROPOSED
    ticket: str = ""
    evidence: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class ParameterDraft(Draft):
    """What a person writes of a property that the event is to carry."""

    name: str
    type: str = ParameterType.TEXT
    is_required: bool = False
    allowed: tuple[str, ...] = ()
    is_personal: bool = False
    about: str = ""

    def columns(self) -> dict[str, Any]:  # values of the row's columns
        """Give the values by their columns; the array's column reads back as a list."""
        return super(ParameterDraft, self).columns() | {"allowed": list(self.allowed)}


@transaction.atomic
def specify(goal: Goal, draft: SpecDraft, *, by: By, now: datetime) -> TrackingSpec:
    """Say how the goal is to be tracked; raise Specified where somebody has."""
    Goal.objects.select_for_update().get(pk=goal.pk)  # two who both see none would make two
    if TrackingSpec.objects.filter(goal=goal).exists():
        raise Specified(_("This goal's tracking is specified already; open it."))
    spec = TrackingSpec.objects.create(workspace_id=goal.workspace_id, goal=goal, **draft.columns())
    after = {name: plain(value) for name, value in draft.columns().items() if value}
    AuditEntry.record(by, "created", spec, workspace=goal.workspace, now=now, after=after)
    hint_watch(goal.workspace_id)
    return spec


@transaction.atomic
def change_spec(
    spec: TrackingSpec, draft: SpecDraft, *, by: By, now: datetime, seen: int | None = None
) -> TrackingSpec:
    """Write the specification anew."""
    saved = locked(spec, seen=seen)
    revise(saved, draft.columns(), by=by, now=now)
    hint_watch(saved.workspace_id)
    return saved


@transaction.atomic
def delete_spec(spec: TrackingSpec, *, by: By, now: datetime) -> None:
    """Take the specification with its parameters back."""
    before = {name: plain(value) for name, value in SpecDraft.of(spec).columns().items() if value}
    AuditEntry.record(by, "deleted", spec, workspace=spec.workspace, now=now, before=before)
    hint_watch(spec.workspace_id)
    spec.delete()


@transaction.atomic
def add_parameter(spec: TrackingSpec, draft: ParameterDraft, *, by: By, now: datetime) -> Parameter:
    """Put a parameter at the end; raise Specified where there is one of that name."""
    saved = locked(spec)
    if saved.parameters.filter(name=draft.name).exists():
        raise Specified(_('There is a parameter "%(name)s" already.') % {"name": draft.name})
    last = saved.parameters.order_by("position").last()
    made = Parameter.objects.create(
        workspace_id=saved.workspace_id, spec=saved, position=last.position + 1 if last else 0, **draft.columns()
    )
    _count_up(saved)
    after = {name: value for name, value in draft.columns().items() if value}
    AuditEntry.record(by, "created", made, workspace=saved.workspace, now=now, after=after)
    return made


@transaction.atomic
def change_parameter(parameter: Parameter, draft: ParameterDraft, *, by: By, now: datetime) -> Parameter:
    """Write the parameter anew; its specification is what counts the changes."""
    spec = locked(parameter.spec)
    saved = spec.parameters.get(pk=parameter.pk)
    changed = {name: value for name, value in draft.columns().items() if getattr(saved, name) != value}
    if not changed:
        return saved
    if spec.parameters.filter(name=draft.name).exclude(pk=saved.pk).exists():
        raise Specified(_('There is a parameter "%(name)s" already.') % {"name": draft.name})
    before = {name: getattr(saved, name) for name in changed}
    for name, value in changed.items():
        setattr(saved, name, value)
    saved.save(update_fields=[*changed])
    _count_up(spec)
    AuditEntry.record(by, "changed", saved, workspace=spec.workspace, now=now, before=before, after=changed)
    return saved


@transaction.atomic
def delete_parameter(parameter: Parameter, *, by: By, now: datetime) -> None:
    """Take the parameter out."""
    spec = locked(parameter.spec)
    before = {name: value for name, value in ParameterDraft.of(parameter).columns().items() if value}
    AuditEntry.record(by, "deleted", parameter, workspace=spec.workspace, now=now, before=before)
    parameter.delete()
    _count_up(spec)


def _count_up(spec: TrackingSpec) -> None:
    spec.revision += 1
    spec.save(update_fields=["revision"])
    hint_watch(spec.workspace_id)

"""The way to the first plan: answers are kept step by step, then the plan is made of them, all at once."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goals.answers import Answers
from goals.applying import apply
from goals.composing import compose
from goals.models import Plan, PlanStart
from goals.planning import PlanDraft, create_plan
from workspaces import joining
from workspaces.models import Membership, Workspace
from workspaces.refusal import Refusal
from workspaces.zones import day_of


class NothingPicked(Refusal):
    """A plan was to be made without a goal."""

    code = "nothing_picked"
    status = 400


def start_of(workspace: Workspace) -> PlanStart:
    """Give the workspace's way to a plan, a row that is not saved where nobody has set out yet."""
    return workspace.plan_starts.first() or PlanStart(workspace=workspace)


@transaction.atomic
def keep(workspace: Workspace, answer: Callable[[Answers], Answers]) -> Answers:
    """Change the kept answers; two who answer at once follow each other."""
    start = _locked(workspace)
    told = answer(Answers.from_json(start.answers))
    if told.as_json() != start.answers:
        start.answers = told.as_json()
        start.revision += 1
        start.save(update_fields=["answers", "revision"])
    return told


@transaction.atomic
def make(workspace: Workspace, wishes: Sequence[joining.Wish], *, by: Membership, now: datetime) -> Plan:
    """Make the plan of the answers and invite colleagues to it: all of it, or nothing.

    raises   NothingPicked, planning.PlanExists, joining.AlreadyMember, joining.AlreadyInvited, and what verbs refuse
    """
    start = _locked(workspace)
    answers = Answers.from_json(start.answers)
    if not answers.macros:
        raise NothingPicked(_("Say first what you make money on."))
    document = compose(answers, today=day_of(now, workspace.zone), owner=by.user.email)
    first, last = answers.days(day_of(now, workspace.zone))
    plan = create_plan(workspace, PlanDraft(document.plan.name, first, last, about=document.plan.about), by=by, now=now)
    apply(document, plan, by=by, now=now)
    for wish in wishes:
        joining.invite(workspace, wish, by=by, invited_by=by.user, now=now)
    start.plan = plan
    start.answers = {}  # they are rows of the plan now
    start.revision += 1
    start.save(update_fields=["plan", "answers", "revision"])
    return plan


@transaction.atomic
def hide_checklist(workspace: Workspace, *, now: datetime) -> None:
    """Put the checklist away, for everybody in the workspace."""
    start = _locked(workspace)
    start.checklist_hidden_at = now
    start.save(update_fields=["checklist_hidden_at"])


def _locked(workspace: Workspace) -> PlanStart:
    PlanStart.objects.get_or_create(workspace=workspace)
    return PlanStart.objects.select_for_update().get(workspace=workspace)

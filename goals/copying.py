"""Copies a plan, or one goal with what stands on it, into another workspace of the same person."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from goals import metrics
from goals.applying import Applied, apply
from goals.document import Document, document_of
from goals.fitting import with_slugs
from goals.models import Goal, Plan
from goals.naming import numbered
from goals.planning import PlanDraft, PlanExists, create_plan, current_plan
from workspaces import scope
from workspaces.access import may
from workspaces.models import Membership, User
from workspaces.refusal import Refusal
from workspaces.roles import Action


class NoPlanThere(Refusal):
    """A goal was to be copied to where no plan is at work."""

    code = "no_plan_there"
    field = "to"


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of a copy; `goal` is its short name there where one goal was copied."""

    applied: Applied
    goal: str = ""
    left_out: tuple[str, ...] = ()  # names of KPIs whose formula may name what is not there


def editable_workspaces(user: User, *, but: int) -> list[Membership]:
    """Give the person's memberships in other workspaces whose plan they may edit."""
    with scope.on_behalf_of(user.pk):
        rows = Membership.objects.filter(user=user).select_related("workspace", "user").order_by("workspace__name")
        return [row for row in rows if row.workspace_id != but and may(row, Action.EDIT_PLAN)]


def copy_plan(plan: Plan, *, to: Membership, now: datetime) -> Copied:
    """Make the plan anew in the other workspace; raise PlanExists where one is at work there.

    to   the person's membership there, who acts there: `editable_workspaces` gives them

    Call it inside the plan's own workspace. Members who are unknown there own nothing; `applied.fit.unknown` has them.
    The metrics that its KPIs are read off come along.
    """
    document = document_of(plan)  # read here: once inside the other workspace no row of this one is seen
    written = metrics.read_off(plan)
    with scope.in_workspace(to.workspace_id):
        if current_plan(to.workspace):
            raise PlanExists(_('"%(name)s" has a plan already; archive it first.') % {"name": to.workspace.name})
        made = create_plan(to.workspace, _head(document), by=to, now=now)
        slugs = metrics.carry(written, to.workspace, by=to, now=now)
        kpis = tuple(replace(row, metric=slugs.get(row.metric, row.metric)) for row in document.kpis)
        document = replace(document, kpis=kpis)
        return Copied(apply(document, made, by=to, now=now))


def copy_goal(goal: Goal, *, to: Membership, now: datetime) -> Copied:
    """Make the goal with its KPIs, targets and tracking anew in the plan at work in the other workspace.

    It supports nothing there and stands below no objective, unless those of the same short name are there; where a
    goal of that short name is there already, the copy's is numbered. KPIs of metrics stay behind, since their formulas
    may name other goals. Raise NoPlanThere where no plan is at work.
    """
    document = document_of(goal.plan)
    left_out = tuple(row.name for row in document.kpis if row.goal == goal.slug and row.metric)
    with scope.in_workspace(to.workspace_id):
        plan = current_plan(to.workspace)
        if plan is None:
            raise NoPlanThere(_('"%(name)s" has no plan yet; start one there first.') % {"name": to.workspace.name})
        part = _only(document, goal.slug, document_of(plan))
        applied = apply(part, plan, by=to, now=now)
        return Copied(applied, next(address[0] for key, address in applied.added if key == "goals"), left_out)


def _head(document: Document) -> PlanDraft:
    first, last = (datetime.fromisoformat(day).date() for day in (document.plan.starts_on, document.plan.ends_on))
    return PlanDraft(document.plan.name, first, last)


def _only(document: Document, slug: str, there: Document) -> Document:
    """Give the goal with what stands on it, under names that are free there; what it refers to must be there."""
    goal = next(row for row in document.goals if row.slug == slug)
    objectives = {row.slug for row in there.objectives}
    macros = {row.slug for row in there.goals if row.level == "macro"}
    segments = {row.slug for row in there.segments}
    kpis = tuple(row for row in document.kpis if row.goal == slug and not row.metric)
    own = {row.slug for row in kpis}
    fitting = replace(
        goal,
        objective=goal.objective if goal.objective in objectives else "",
        supports=tuple(macro for macro in goal.supports if macro in macros),
    )
    targets = (row for row in document.targets if row.kpi in own)
    return _renumbered(
        Document(
            there.plan,
            goals=(fitting,),
            kpis=kpis,
            targets=tuple(replace(row, segment=row.segment if row.segment in segments else "") for row in targets),
            specs=tuple(row for row in document.specs if row.goal == slug),
            parameters=tuple(row for row in document.parameters if row.goal == slug),
        ),
        there,
    )


def _renumbered(document: Document, there: Document) -> Document:
    """Number the short names of goals and KPIs that the other document has."""
    for key in ("goals", "kpis"):
        taken = {row.slug for row in getattr(there, key)}
        slugs = {row.slug: numbered(row.slug, taken) for row in getattr(document, key)}
        document = with_slugs(document, key, slugs)
    return document

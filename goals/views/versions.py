"""Versions of a plan: the list of them, one to read, two to compare."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from goals import signing
from goals.differing import Difference, differences
from goals.document import Document, document_of
from goals.models import Answer, Plan, PlanVersion
from goals.planning import current_plan
from goals.sheet import sheet_of
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action

NOW = "now"  # in the address: the plan as it is at this moment
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A version in the list.

    changes   how many things differ from the version before; None for the first
    """

    version: PlanVersion
    before: PlanVersion | None
    changes: int | None


@dataclass(frozen=True, slots=True)
class Changed:
    """One row that differs, with what differs of it."""

    kind: str
    name: str
    differences: list[Difference]


@allow(Action.SEE_REPORTS)
@require_GET
def versions(request: MemberRequest) -> HttpResponse:
    """List the versions of the plan at work, newest first, and the plans in the archive."""
    plan = current_plan(request.workspace)
    archived = request.workspace.plans.exclude(archived_at=None).prefetch_related("versions")
    context: dict[str, Any] = {"plan": plan, "archived": archived, "listed": (), "shown": None}
    if plan:
        rows = Paginator(plan.versions.prefetch_related("sign_offs"), PAGE_SIZE)
        shown = rows.get_page(request.GET.get("page"))
        context |= {"shown": shown, "listed": _listed(list(shown)), "since": signing.since_approval(plan)}
    return page(request, "goals/versions.html", context=context)


@allow(Action.SEE_REPORTS)
@require_GET
def version(request: MemberRequest, version: int) -> HttpResponse:
    """Show what the plan said in a version, and who answered how."""
    found = get_object_or_404(request.workspace.plan_versions.select_related("plan"), pk=version)
    answers = list(found.sign_offs.order_by("pk"))
    own = next((each for each in answers if each.member_id == request.member.pk), None)
    context = {
        "version": found,
        "sheet": sheet_of(signing.content_of(found), workspace=request.workspace),
        "answers": answers,
        "is_asked": found.state == "in_review" and own is not None and own.answer == Answer.PENDING,
        "before": _before(found),
    }
    return page(request, "goals/version.html", context=context)


@allow(Action.SEE_REPORTS)
@require_GET
def compare(request: MemberRequest) -> HttpResponse:
    """Tell what differs between two versions, or a version and the plan as it is now."""
    numbers = {name: request.GET.get(name, "") for name in ("from", "to")}
    first = _chosen(request, numbers["from"])
    plan = first.plan if first else current_plan(request.workspace)
    rows = list(plan.versions.all()) if plan else []
    first = first or (rows[0] if rows else None)
    second = _chosen(request, numbers["to"])
    if first is None or plan is None or (second and second.plan_id != plan.pk):
        return page(request, "goals/compare.html", context={"plan": plan, "versions": rows})
    found = differences(signing.content_of(first), _said(plan, second))
    context = {"plan": plan, "versions": rows, "first": first, "second": second, "changed": _grouped(found)}
    return page(request, "goals/compare.html", context=context)


def _chosen(request: MemberRequest, written: str) -> PlanVersion | None:
    if not written.isdecimal() or len(written) > 18:
        return None  # "now", or nothing that names a version
    return get_object_or_404(request.workspace.plan_versions.select_related("plan"), pk=int(written))


def _said(plan: Plan, version: PlanVersion | None) -> Document:
    return signing.content_of(version) if version else document_of(plan)


def _before(version: PlanVersion) -> PlanVersion | None:
    return version.plan.versions.filter(number__lt=version.number).first()


def _listed(rows: list[PlanVersion]) -> list[Listed]:
    older = [*rows[1:], _before(rows[-1])] if rows else []
    return [Listed(row, before, _changes(before, row)) for row, before in zip(rows, older, strict=True)]


def _changes(before: PlanVersion | None, after: PlanVersion) -> int | None:
    if before is None:
        return None
    return len(differences(signing.content_of(before), signing.content_of(after)))


def _grouped(found: tuple[Difference, ...]) -> list[Changed]:
    rows = groupby(found, key=lambda one: (one.table, one.address, str(one.kind), one.name))
    return [Changed(kind, name, list(ones)) for (_table, _address, kind, name), ones in rows]

"""The plan as one page; its objectives."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goals import checklist, planning
from goals.forms.folding import departments_of
from goals.forms.plans import ObjectiveForm, PlanForm
from goals.forms.questions import save_questions
from goals.models import Plan
from goals.plan_page import Asked
from goals.views.showing import page_context, plan_address
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, submit
from workspaces.pages import page
from workspaces.roles import Action
from workspaces.zones import day_of

PlanView = Callable[Concatenate[MemberRequest, Plan, ...], HttpResponse]


def with_plan(view: PlanView) -> Callable[Concatenate[MemberRequest, ...], HttpResponse]:
    """Give the view the plan at work; before the first, lead to where it is started."""

    @wraps(view)
    def led(request: MemberRequest, **parts: Any) -> HttpResponse:  # the address's own parts
        plan = planning.current_plan(request.workspace)
        if plan is None:
            messages.info(request, _("Start your plan first; goals belong to it."))
            return redirect(plan_address(request))
        return view(request, plan, **parts)

    return led


@allow(Action.SEE_REPORTS)
@require_GET
def plan(request: MemberRequest) -> HttpResponse:
    """Show the plan, or ask for the first one."""
    found = planning.current_plan(request.workspace)
    context: dict[str, Any] = page_context(request, found, Asked.of(request.GET)) if found else {"plan": None}
    context["checklist"] = checklist.checklist_of(request.workspace) if found else None
    return page(request, "goals/plan.html", context=context)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def plan_edit(request: MemberRequest) -> HttpResponse:
    """Write the first plan, or name and dates of the one at work."""
    found = planning.current_plan(request.workspace)
    first, last = planning.quarter_of(day_of(timezone.now(), request.workspace.zone))
    dates = {} if found else {"starts_on": first, "ends_on": last, "owner": request.user.pk}
    form = PlanForm(request.POST or None, instance=found, initial=dates, workspace=request.workspace)

    def act() -> str:
        now = timezone.now()
        if found:
            planning.change_plan(found, form.draft, by=request.member, now=now)
        else:
            planning.create_plan(request.workspace, form.draft, by=request.member, now=now)
        messages.success(request, _("The plan was saved."))
        return plan_address(request)

    context = {
        "form": form,
        "title": _("Name and dates") if found else _("Your first plan"),
        "cancel_url": plan_address(request),
    }
    return submit(request, form, act) or page(request, "goals/form.html", context=context, status=form.status)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def objective_edit(request: MemberRequest, plan: Plan, objective: int | None = None) -> HttpResponse:
    """Write a new objective, or an old one anew."""
    found = get_object_or_404(plan.objectives, pk=objective) if objective else None
    form = ObjectiveForm(request.POST or None, instance=found, workspace=request.workspace)

    def act() -> str:
        now = timezone.now()
        if found:
            saved = planning.change_objective(found, form.draft, by=request.member, now=now)
        else:
            saved = planning.create_objective(plan, form.draft, by=request.member, now=now)
        save_questions(saved, form.questions, by=request.member, now=now)
        messages.success(request, _("The objective was saved."))
        return plan_address(request)

    context = {
        "form": form,
        "title": _("Objective") if found else _("New objective"),
        "departments": departments_of(request.workspace),
        "cancel_url": plan_address(request),
        "delete_url": reverse("goals:objective-delete", args=[request.workspace.slug, found.pk]) if found else "",
    }
    return submit(request, form, act) or page(request, "goals/objective_form.html", context=context, status=form.status)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def objective_delete(request: MemberRequest, plan: Plan, objective: int) -> HttpResponse:
    """Ask, then take the objective out."""
    found = get_object_or_404(plan.objectives, pk=objective)
    form = Form(request.POST or None)

    def act() -> str:
        planning.delete_objective(found, by=request.member, now=timezone.now())
        messages.success(request, _("The objective was removed."))
        return plan_address(request)

    context = {
        "form": form,
        "title": _('Remove "%(name)s"?') % {"name": found.name},
        "text": _("The audit trail keeps that it was there."),
        "submit": _("Remove"),
        "cancel_url": plan_address(request),
        "users": [goal.name for goal in found.goals.live()],
        "users_text": _("These goals stand under it. Move them to another objective first:"),
    }
    return submit(request, form, act) or page(request, "goals/confirm.html", context=context, status=form.status)

"""One goal: its form with the live preview, and the question before it is archived."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goals import defining
from goals.forms import rows
from goals.forms.folding import departments_of
from goals.forms.goals import GoalForm
from goals.models import Goal, Plan
from goals.panel import Panel, panel_of
from goals.views.plans import with_plan
from goals.views.showing import plan_address
from tracking.catalogue import seen_events, seen_pages
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, submit
from workspaces.pages import page
from workspaces.roles import Action

LISTED = 200  # offered names; more would slow the page, and the browser searches only what it has
PRESSED = ("add", "remove", "preview")  # buttons that show the form again and save nothing


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def goal_new(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Write a new goal."""
    if _pressed(request.POST):
        return _again(request, plan, None)
    form = GoalForm(request.POST or None, plan=plan)

    def act() -> str:
        goal = defining.create_goal(plan, form.draft, by=request.member, now=timezone.now())
        messages.success(request, _("%(name)s is in the plan; its past is being counted.") % {"name": goal.name})
        return plan_address(request)

    return submit(request, form, act) or _show(request, form, _("New goal"), panel=panel_of(form))


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def goal_edit(request: MemberRequest, plan: Plan, goal: str) -> HttpResponse:
    """Write a goal anew."""
    found = get_object_or_404(request.workspace.goals.live().select_related("plan__workspace"), slug=goal)
    name = found.name  # the form writes into the row it was given
    if _pressed(request.POST):
        return _again(request, plan, found)
    form = GoalForm(request.POST or None, plan=plan, instance=found)

    def act() -> str:
        defining.change_goal(found, form.draft, by=request.member, now=timezone.now())
        messages.success(request, _("%(name)s was saved.") % {"name": form.draft.name})
        return plan_address(request)

    return submit(request, form, act) or _show(request, form, name, goal=goal, panel=panel_of(form))


@allow(Action.PROPOSE)
@require_http_methods(["GET", "POST"])
@with_plan
def preview(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Try a goal on what has arrived; nothing is saved. For htmx the panel alone."""
    if _pressed(request.POST) and not request.htmx:
        return _again(request, plan, None, is_trial=True)
    form = GoalForm(request.POST or None, plan=plan)
    panel = panel_of(form, days=request.POST.get("days", ""))
    if request.htmx:
        return page(request, "goals/goal_form.html", part="preview", context={"panel": panel, "form": form})
    return _show(request, form, _("Try a goal"), panel=panel, is_trial=True)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def goal_archive(request: MemberRequest, goal: str) -> HttpResponse:
    """Ask, then take the goal out of the plan."""
    found = get_object_or_404(request.workspace.goals.live(), slug=goal)
    form = Form(request.POST or None)

    def act() -> str:
        defining.archive_goal(found, by=request.member, now=timezone.now())
        messages.success(request, _("%(name)s was archived.") % {"name": found.name})
        return plan_address(request)

    context = {
        "form": form,
        "title": _('Archive "%(name)s"?') % {"name": found.name},
        "text": _("It leaves the plan and its figures are filled no more. What was counted stays in the audit trail."),
        "submit": _("Archive"),
        "cancel_url": plan_address(request),
        "users": defining.users_of(found),
        "users_text": _("These stand on it. Archive or move them first:"),
    }
    done = submit(request, form, act)
    status = 409 if form.is_bound and form.errors else form.status
    return done or page(request, "goals/confirm.html", context=context, status=status)


def _pressed(data: QueryDict) -> bool:
    return any(name in data for name in PRESSED)


def _again(request: MemberRequest, plan: Plan, goal: Goal | None, *, is_trial: bool = False) -> HttpResponse:
    """Show the form as it was typed, with a row more or less, or with its preview."""
    typed = rows.typed_rows(request.POST)
    if "add" in request.POST:
        typed.append({**rows.BLANK, "join": request.POST["add"], "field": ""})
    elif request.POST.get("remove", "").isdecimal():
        gone = int(request.POST["remove"])
        typed = [row for place, row in enumerate(typed) if place != gone]
    initial = {name: request.POST.getlist(name) if name == "supports" else text for name, text in request.POST.items()}
    form = GoalForm(plan=plan, instance=goal, typed_rows=typed, initial=initial)
    panel = panel_of(GoalForm(request.POST, plan=plan)) if "preview" in request.POST else Panel()
    title = _("Try a goal") if is_trial else goal.name if goal else _("New goal")
    return _show(request, form, title, goal=goal.slug if goal else None, panel=panel, is_trial=is_trial)


def _show(
    request: MemberRequest, form: GoalForm, title: str, *, panel: Panel, goal: str | None = None, is_trial: bool = False
) -> HttpResponse:
    slug = request.workspace.slug
    context: dict[str, Any] = {  # whatever the template shows
        "form": form,
        "title": title,
        "panel": panel,
        "can_save": request.may(Action.EDIT_PLAN) and not is_trial,
        "preview_url": reverse("goals:preview", args=[slug]),
        "archive_url": reverse("goals:goal-archive", args=[slug, goal]) if goal else "",
        "cancel_url": plan_address(request),
        "events": seen_events(request.workspace.pk, limit=LISTED),
        "pages": seen_pages(request.workspace.pk, limit=LISTED),
        "departments": departments_of(request.workspace),
    }
    return page(request, "goals/goal_form.html", part="whole", context=context, status=form.status)

"""Annotations: listed, written, changed, taken away."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goals.models import Goal
from reports import figures
from reports.annotations import writing
from reports.annotations.forms import AnnotationForm
from reports.annotations.offering import way_back
from reports.controls import Menu, Option
from reports.models import Annotation
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.roles import Action

A_PAGE = 50


@allow(Action.SEE_REPORTS)
@require_GET
def annotations(request: MemberRequest) -> HttpResponse:
    """List what happened, the newest first: all of it, or what a goal's charts show."""
    rows = request.workspace.annotations.select_related("goal").order_by("-starts_on", "-pk")
    slug = request.GET.get("goal", "")
    goal = get_object_or_404(request.workspace.goals, slug=slug) if slug else None
    shown = Paginator(rows.for_goal(goal) if goal else rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "lines": [{"row": row, "days": figures.days(row.starts_on, row.until)} for row in shown.object_list],
        "menu": _menu(request, goal),
        "goal": goal,
        "query": f"{urlencode({'goal': goal.slug})}&" if goal else "",
    }
    return page(request, "reports/annotations.html", context=context)


@allow(Action.ANNOTATE)
@require_http_methods(["GET", "POST"])
def annotation_new(request: MemberRequest) -> HttpResponse:
    """Write one; the address may fill in days and goal, and say where to go afterwards."""
    form = AnnotationForm(sent(request), initial=_filled(request), workspace=request.workspace)

    def act() -> str:
        writing.write(request.workspace, form.draft, by=request.member, now=timezone.now())
        messages.success(request, _("It stands beside the charts now."))
        return way_back(request)

    return submit(request, form, act) or _form_page(request, form, _("Add an annotation"))


@allow(Action.ANNOTATE)
@require_http_methods(["GET", "POST"])
def annotation_edit(request: MemberRequest, annotation: int) -> HttpResponse:
    """Say it otherwise."""
    row = _find(request, annotation)
    form = AnnotationForm(sent(request), instance=row, workspace=request.workspace)

    def act() -> str:
        saved = writing.change(row, form.draft, by=request.member, now=timezone.now())
        messages.success(request, _("The annotation was saved."))
        return saved.get_absolute_url()

    remove_url = reverse("reports:annotation-remove", args=[request.workspace.slug, row.pk])
    return submit(request, form, act) or _form_page(request, form, _("Edit the annotation"), remove_url)


@allow(Action.ANNOTATE)
@require_http_methods(["GET", "POST"])
def annotation_remove(request: MemberRequest, annotation: int) -> HttpResponse:
    """Ask, then take it away."""
    row, form = _find(request, annotation), Form(sent(request))

    def act() -> str:
        writing.remove(row, by=request.member, now=timezone.now())
        messages.success(request, _("The annotation is gone."))
        return reverse("reports:annotations", args=[request.workspace.slug])

    done = submit(request, form, act)
    context = {"form": form, "annotation": row}
    return done or page(request, "reports/annotation_remove.html", context=context, status=form.status)


def _form_page(request: MemberRequest, form: AnnotationForm, title: str, remove_url: str = "") -> HttpResponse:
    context = {"form": form, "title": title, "cancel_url": way_back(request), "delete_url": remove_url}
    return page(request, "reports/annotation_form.html", context=context, status=form.status)


def _find(request: MemberRequest, annotation: int) -> Annotation:
    found: Annotation = get_object_or_404(request.workspace.annotations.select_related("goal"), pk=annotation)
    return found


def _filled(request: MemberRequest) -> dict[str, Any]:  # initial values of the form
    """Give what the address fills in; what it says wrongly is left empty."""
    days = {"starts_on": request.GET.get("from", ""), "ends_on": request.GET.get("to", "")}
    goal = request.workspace.goals.live().filter(slug=request.GET.get("goal", "")).first()
    return {"goal": goal} | {name: day for name, text in days.items() if (day := _day(text))}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _menu(request: MemberRequest, goal: Goal | None) -> Menu:
    options = [
        Option(each.name, f"?{urlencode({'goal': each.slug})}", is_current=each == goal)
        for each in request.workspace.goals.live()
    ]
    label = goal.name if goal else _("All goals")
    return Menu(label, (Option(_("All goals"), "?", is_current=goal is None), *options), _("Goal"), "goal")

"""The workspace's own metrics: the list, and the form with what the formula comes to beside it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports import saving
from reports.calculated import saving as own
from reports.calculated.forms import MetricForm
from reports.calculated.listing import counted_goals, listed, offered_goals, offered_words, rows
from reports.calculated.panel import panel_of
from reports.explore.question import Known
from reports.explore.usual import known_of
from reports.files import Table, file_of
from reports.models import CalculatedMetric
from reports.views.saved import Shelf, ask_to_remove
from workspaces.access import MemberRequest, allow
from workspaces.forms import submit
from workspaces.pages import page
from workspaces.roles import Action

SHELF = Shelf("reports:metrics", gettext_lazy("Metrics"))
PREVIEW = "preview"  # the button that shows the form again, with its figures, and saves nothing


@allow(Action.SEE_REPORTS)
@require_GET
def metrics(request: MemberRequest) -> HttpResponse:
    """List the metrics."""
    return page(request, "reports/metrics.html", context={"rows": listed(request.workspace, _known(request))})


@allow(Action.EXPORT)
@require_GET
def metrics_file(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the list as a file."""
    return file_of(Table("metrics", rows(listed(request.workspace, _known(request)))), kind)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def metric_new(request: MemberRequest) -> HttpResponse:
    """Write a new metric."""
    known = _known(request)
    form = _form(request, known, initial=_typed(request) or None, data=_sent(request))

    def act() -> CalculatedMetric:
        made = saving.save(CalculatedMetric, request.workspace, form.draft, by=request.member, now=timezone.now())
        messages.success(request, _("%(name)s was saved.") % {"name": made})
        return made

    return submit(request, form, act) or _show(request, form, known, _("New metric"))


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def metric_edit(request: MemberRequest, metric: str) -> HttpResponse:
    """Write a metric anew; its short name stays, so that what names it goes on."""
    found = get_object_or_404(request.workspace.calculated_metrics, slug=metric)
    known, name = _known(request), found.name  # the form writes into the row it was given
    form = _form(request, known, instance=found, initial=_typed(request) or None, data=_sent(request))

    def act() -> CalculatedMetric:
        saved = own.change(found, form.draft, goals=form.goals, by=request.member, now=timezone.now())
        messages.success(request, _("%(name)s was saved.") % {"name": saved})
        return saved

    return submit(request, form, act) or _show(request, form, known, name, found)


@allow(Action.EDIT_PLAN)
@require_POST
def metric_preview(request: MemberRequest) -> HttpResponse:
    """Compute what is written so far; nothing is saved."""
    known = _known(request)
    form = _form(request, known, data=request.POST)
    panel = panel_of(form, request.workspace, known, now=timezone.now())
    return page(request, "reports/metric_form.html", part="preview", context={"panel": panel, "form": form})


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def metric_remove(request: MemberRequest, metric: str) -> HttpResponse:
    """Ask, then take the metric away."""
    found = get_object_or_404(request.workspace.calculated_metrics, slug=metric)
    text = _("Its formula goes with it; what it was made of stays. The audit trail keeps that it was there.")

    def remove() -> None:
        own.remove(found, by=request.member, now=timezone.now())

    return ask_to_remove(request, found, remove, SHELF, text=text)


def _known(request: MemberRequest) -> Known:
    return known_of(request.workspace, now=timezone.now())


def _sent(request: MemberRequest) -> Any:  # what Django's forms take
    return request.POST if request.method == "POST" and PREVIEW not in request.POST else None


def _typed(request: MemberRequest) -> dict[str, str]:
    """Give what the form begins with: that of an unsaved one, or what the address says."""
    given = request.POST if PREVIEW in request.POST else request.GET
    return {name: given[name] for name in MetricForm.Meta.fields if name in given}


def _form(request: MemberRequest, known: Known, **options: Any) -> MetricForm:  # those of the form
    return MetricForm(goals=counted_goals(request.workspace, known), **options)


def _show(
    request: MemberRequest, form: MetricForm, known: Known, title: str, found: CalculatedMetric | None = None
) -> HttpResponse:
    names = [request.workspace.slug]
    context = {
        "form": form,
        "title": title,
        "panel": panel_of(form, request.workspace, known, now=timezone.now()),
        "words": offered_words(),
        "goals": offered_goals(known),
        "preview_url": reverse("reports:metric-preview", args=names),
        "delete_url": reverse("reports:metric-remove", args=[*names, found.slug]) if found else "",
        "cancel_url": SHELF.address(request),
    }
    return page(request, "reports/metric_form.html", part="whole", context=context, status=form.status)

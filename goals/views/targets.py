"""KPIs and targets."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goals import targeting
from goals.forms.folding import departments_of
from goals.forms.targets import KpiForm, TargetForm
from goals.models import Format, Kpi, Measure, Target
from goals.views.showing import plan_address
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, submit
from workspaces.pages import page
from workspaces.roles import Action
from workspaces.zones import day_of

BASELINE = ("baseline", "baseline_since", "baseline_until")  # what a suggestion fills in


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def kpi_new(request: MemberRequest, goal: str) -> HttpResponse:
    """Measure something on the goal."""
    found = get_object_or_404(request.workspace.goals.live(), slug=goal)
    start = {"name": found.name, "department": found.department, "measure": Measure.COUNT}
    form = KpiForm(request.POST or None, goal=found, initial=start)

    def act() -> str:
        kpi = targeting.create_kpi(found, form.draft, by=request.member, now=timezone.now())
        messages.success(request, _("The KPI was saved; now say how much of it by when."))
        return reverse("goals:target-new", args=[request.workspace.slug, kpi.slug])

    context = {"form": form, "title": _("New KPI for %(goal)s") % {"goal": found.name}}
    context |= {"cancel_url": plan_address(request), "form_class": "kpi-form"}
    context |= {"departments": departments_of(request.workspace)}
    return submit(request, form, act) or page(request, "goals/form.html", context=context, status=form.status)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def kpi_edit(request: MemberRequest, kpi: str) -> HttpResponse:
    """Write the KPI anew."""
    found = _kpi(request, kpi)
    title = found.name
    form = KpiForm(request.POST or None, goal=found.goal, instance=found)

    def act() -> str:
        targeting.change_kpi(found, form.draft, by=request.member, now=timezone.now())
        messages.success(request, _("The KPI was saved."))
        return plan_address(request)

    context = {
        "form": form,
        "title": title,
        "form_class": "kpi-form",
        "departments": departments_of(request.workspace),
        "cancel_url": plan_address(request),
        "delete_url": reverse("goals:kpi-archive", args=[request.workspace.slug, kpi]),
    }
    return submit(request, form, act) or page(request, "goals/form.html", context=context, status=form.status)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def kpi_archive(request: MemberRequest, kpi: str) -> HttpResponse:
    """Ask, then take the KPI off the board."""
    found = _kpi(request, kpi)
    form = Form(request.POST or None)

    def act() -> str:
        targeting.archive_kpi(found, by=request.member, now=timezone.now())
        messages.success(request, _("%(name)s was archived.") % {"name": found.name})
        return plan_address(request)

    context = {
        "form": form,
        "title": _('Archive "%(name)s"?') % {"name": found.name},
        "text": _("It leaves the board; its targets are kept with it."),
        "submit": _("Archive"),
        "cancel_url": plan_address(request),
    }
    return submit(request, form, act) or page(request, "goals/confirm.html", context=context, status=form.status)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def target_new(request: MemberRequest, kpi: str) -> HttpResponse:
    """Set a number and its dates."""
    found = _kpi(request, kpi)
    form = TargetForm(request.POST or None, kpi=found, today=_today(request), initial=_suggested(request))

    def act() -> str:
        targeting.create_target(found, form.draft, by=request.member, now=timezone.now())
        messages.success(request, _("The target was set."))
        return plan_address(request)

    title = _("Target for %(kpi)s") % {"kpi": found.name}
    return submit(request, form, act) or _show(request, form, title, found)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def target_edit(request: MemberRequest, target: int) -> HttpResponse:
    """Write the target anew."""
    found = _target(request, target)
    typed = {"initial": _suggested(request), "instance": found}
    form = TargetForm(request.POST or None, kpi=found.kpi, today=_today(request), **typed)

    def act() -> str:
        targeting.change_target(found, form.draft, by=request.member, now=timezone.now())
        messages.success(request, _("The target was saved."))
        return plan_address(request)

    title = _("Target for %(kpi)s") % {"kpi": found.kpi.name}
    return submit(request, form, act) or _show(request, form, title, found.kpi, target=found)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def target_delete(request: MemberRequest, target: int) -> HttpResponse:
    """Ask, then remove the target."""
    found = _target(request, target)
    form = Form(request.POST or None)

    def act() -> str:
        targeting.delete_target(found, by=request.member, now=timezone.now())
        messages.success(request, _("The target was removed."))
        return plan_address(request)

    context = {
        "form": form,
        "title": _("Remove this target of %(kpi)s?") % {"kpi": found.kpi.name},
        "text": _("The audit trail keeps what it was."),
        "submit": _("Remove"),
        "cancel_url": plan_address(request),
    }
    return submit(request, form, act) or page(request, "goals/confirm.html", context=context, status=form.status)


def _show(
    request: MemberRequest, form: TargetForm, title: str, kpi: Kpi, *, target: Target | None = None
) -> HttpResponse:
    slug = request.workspace.slug
    context = {
        "form": form,
        "title": title,
        "kpi": kpi,
        "unit": _unit(kpi, request.workspace.currency),
        "cancel_url": plan_address(request),
        "delete_url": reverse("goals:target-delete", args=[slug, target.pk]) if target else "",
        "baseline_url": _baseline_url(slug, kpi, target),
    }
    return page(request, "goals/target_form.html", context=context, status=form.status)


def _suggested(request: MemberRequest) -> dict[str, str]:
    """Give a baseline that was chosen on the page of what was before, which works without a script."""
    return {name: request.GET[name][:40] for name in BASELINE if name in request.GET}


def _baseline_url(slug: str, kpi: Kpi, target: Target | None) -> str:
    # The figures are a higher storey's; the form knows their address, and does without where there is none.
    try:
        address = reverse("reports:baseline", args=[slug, kpi.slug])
    except NoReverseMatch:
        return ""
    return f"{address}?target={target.pk}" if target else address


def _unit(kpi: Kpi, currency: str) -> str:
    if kpi.measure == Measure.COUNT:
        return _("conversions")
    return {Format.PERCENT: "%", Format.MONEY: currency}.get(kpi.format, "")


def _today(request: MemberRequest) -> date:
    return day_of(timezone.now(), request.workspace.zone)


def _kpi(request: MemberRequest, slug: str) -> Kpi:
    return get_object_or_404(request.workspace.kpis.live().select_related("goal", "metric"), slug=slug)


def _target(request: MemberRequest, pk: int) -> Target:
    return get_object_or_404(request.workspace.targets.select_related("kpi__goal", "kpi__metric"), pk=pk)

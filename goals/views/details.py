"""What a plan says besides its goals: its head, whom it tells apart, who is told what how often."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goals import listing
from goals.forms.plans import ReportingForm, SegmentForm
from goals.listing import Listed
from goals.models import Plan
from goals.views.plans import with_plan
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.roles import Action


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of one kind of row; its key is the first part of its addresses' names."""

    key: str
    title: str
    new_title: str
    saved: str


@allow(Action.SEE_REPORTS)
@require_GET
@with_plan
def details(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Show the plan's head, segments and reports."""
    context = {"plan": plan, "segments": list(plan.segments.all()), "reportings": list(plan.reportings.all())}
    return page(request, "goals/details.html", context=context)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def segment(request: MemberRequest, plan: Plan, segment: int | None = None) -> HttpResponse:
    """Write a new segment, or one anew."""
    found = get_object_or_404(plan.segments, pk=segment) if segment else None
    words = Words("segment", _("Segment"), _("New segment"), _("The segment was saved."))
    return _edit(request, plan, SegmentForm, found, words)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def reporting(request: MemberRequest, plan: Plan, reporting: int | None = None) -> HttpResponse:
    """Write a new report, or one anew."""
    found = get_object_or_404(plan.reportings, pk=reporting) if reporting else None
    words = Words("reporting", _("Report"), _("New report"), _("The report was saved."))
    return _edit(request, plan, ReportingForm, found, words)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def segment_remove(request: MemberRequest, plan: Plan, segment: int) -> HttpResponse:
    """Ask, then take the segment out; or name the targets that are for it."""
    found = get_object_or_404(plan.segments, pk=segment)
    return _remove(request, found, _("The audit trail keeps that it was there."), users=listing.users_of(found))


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
@with_plan
def reporting_remove(request: MemberRequest, plan: Plan, reporting: int) -> HttpResponse:
    """Ask, then take the report out."""
    text = _("The audit trail keeps that it was there.")
    return _remove(request, get_object_or_404(plan.reportings, pk=reporting), text)


def _edit(
    request: MemberRequest,
    plan: Plan,
    make: Callable[..., Any],  # a form with a draft
    found: Listed | None,
    words: Words,
) -> HttpResponse:
    form = make(request.POST or None, instance=found)

    def act() -> str:
        now = timezone.now()
        if found:
            listing.change(found, form.draft, by=request.member, now=now)
        else:
            listing.add(plan, form.draft, by=request.member, now=now)
        messages.success(request, words.saved)
        return _address(request)

    context = {
        "form": form,
        "title": words.title if found else words.new_title,
        "cancel_url": _address(request),
        "delete_url": reverse(f"goals:{words.key}-remove", args=[request.workspace.slug, found.pk]) if found else "",
    }
    return submit(request, form, act) or page(request, "goals/form.html", context=context, status=form.status)


def _remove(request: MemberRequest, found: Listed, text: str, *, users: Sequence[str] = ()) -> HttpResponse:
    form = Form(sent(request))

    def act() -> str:
        listing.remove(found, by=request.member, now=timezone.now())
        messages.success(request, _("%(name)s was removed.") % {"name": found})
        return _address(request)

    context = {
        "form": form,
        "title": _('Remove "%(name)s"?') % {"name": found},
        "text": text,
        "users": users,
        "users_text": _("Targets are for this segment. Move them to another one first, or to everybody:"),
        "submit": _("Remove"),
        "cancel_url": _address(request),
    }
    return submit(request, form, act) or page(request, "goals/confirm.html", context=context, status=form.status)


def _address(request: MemberRequest) -> str:
    return reverse("goals:plan-details", args=[request.workspace.slug])

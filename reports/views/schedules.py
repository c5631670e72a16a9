"""Scheduled reports, for those who have them mailed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports.mailed import listing, schedules
from reports.mailed.forms import ScheduleForm
from reports.models import PauseReason, Schedule
from reports.views.frozen import asked_of
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.roles import Action


@allow(Action.SHARE)
@require_GET
def listed(request: MemberRequest) -> HttpResponse:
    """List the scheduled reports."""
    rows = listing.rows_of(request.workspace, reader=request.member)
    return page(request, "reports/schedules.html", context={"rows": rows})


@allow(Action.SHARE)
@require_http_methods(["GET", "POST"])
def schedule_new(request: MemberRequest) -> HttpResponse:
    """Have the report of the address mailed."""
    asked, workspace = asked_of(request), request.workspace
    members = workspace.memberships.filter(user__is_active=True).select_related("user").order_by("user__name", "pk")
    initial = {"language": workspace.language, "title": asked.inquiry.title[:120], "members": [str(request.member.pk)]}
    form = ScheduleForm(sent(request), initial=initial, members=members, zone=workspace.zone_name)

    def act() -> Schedule:
        values = {name: value for name, value in form.values.items() if name not in {"day", "hour"}}
        wish = schedules.Wish(report=asked.report, params=asked.inquiry.kept, rhythm=form.rhythm, **values)
        row = schedules.make(wish, by=request.member, now=timezone.now())
        messages.success(request, _("%(title)s is mailed from now on.") % {"title": row.title})
        return row

    done = submit(request, form, act)
    context = {"form": form, "inquiry": asked.inquiry, "label": asked.label}
    return done or page(request, "reports/schedule_new.html", context=context, status=form.status)


@allow(Action.SHARE)
@require_POST
def schedule_test(request: MemberRequest, schedule: int) -> HttpResponse:
    """Mail it to the member who asks, and to nobody else."""
    schedules.try_now(_find(request, schedule), by=request.member, now=timezone.now())
    messages.success(request, _("A test is on its way to %(address)s.") % {"address": request.member.user.email})
    return redirect("reports:schedules", request.workspace.slug)


@allow(Action.SHARE)
@require_POST
def schedule_pause(request: MemberRequest, schedule: int) -> HttpResponse:
    """Mail it no more for now."""
    row = _find(request, schedule)
    if schedules.pause(row, PauseReason.BY_HAND, by=request.member, now=timezone.now()):
        messages.success(request, _("%(title)s is paused.") % {"title": row.title})
    return redirect("reports:schedules", request.workspace.slug)


@allow(Action.SHARE)
@require_POST
def schedule_resume(request: MemberRequest, schedule: int) -> HttpResponse:
    """Mail it again, on behalf of the member."""
    row = _find(request, schedule)
    if schedules.resume(row, by=request.member, now=timezone.now()):
        messages.success(request, _("%(title)s is mailed again, from its next time on.") % {"title": row.title})
    return redirect("reports:schedules", request.workspace.slug)


@allow(Action.SHARE)
@require_http_methods(["GET", "POST"])
def schedule_remove(request: MemberRequest, schedule: int) -> HttpResponse:
    """Ask, then take the schedule away."""
    row, form = _find(request, schedule), Form(sent(request))

    def act() -> str:
        schedules.remove(row, by=request.member, now=timezone.now())
        messages.success(request, _("%(title)s is mailed no more.") % {"title": row.title})
        return reverse("reports:schedules", args=[request.workspace.slug])

    done = submit(request, form, act)
    context = {"form": form, "schedule": row}
    return done or page(request, "reports/schedule_remove.html", context=context, status=form.status)


def _find(request: MemberRequest, schedule: int) -> Schedule:
    found: Schedule = get_object_or_404(request.workspace.schedules.select_related("workspace"), pk=schedule)
    return found

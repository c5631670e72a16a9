"""Scheduled reports, for those who have them mailed."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports.mailed import changing, forms, listing, schedules
from reports.mailed.forms import ScheduleForm
from reports.models import PauseReason, Schedule
from reports.sharing.registry import REPORTS
from reports.views.frozen import asked_of
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.models import Membership
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
    initial = {"language": workspace.language, "title": asked.inquiry.title[:120], "members": [str(request.member.pk)]}
    form = ScheduleForm(sent(request), initial=initial, members=_members(request), zone=workspace.zone_name)

    def act() -> Schedule:
        wish = schedules.Wish(report=asked.report, params=asked.inquiry.kept, **form.terms)
        row = schedules.make(wish, by=request.member, now=timezone.now())
        messages.success(request, _("%(title)s is mailed from now on.") % {"title": row.title})
        return row

    done = submit(request, form, act)
    context = {"form": form, "inquiry": asked.inquiry, "label": asked.label}
    return done or page(request, "reports/schedule_new.html", context=context, status=form.status)


@allow(Action.SHARE)
@require_http_methods(["GET", "POST"])
def schedule_edit(request: MemberRequest, schedule: int) -> HttpResponse:
    """Change when it goes, to whom, and how; what it asks stays."""
    row = _find(request, schedule)
    title, label = row.title, REPORTS[row.report].label  # the form writes into the row it was given
    # Who has ended these mails is not offered: nobody else takes that back.
    left = row.recipients.filter(left_at__isnull=False, member__isnull=False).values("member")
    members = _members(request).exclude(pk__in=left)
    form = ScheduleForm(
        sent(request), instance=row, initial=forms.asked_of(row), members=members, zone=request.workspace.zone_name
    )

    def act() -> Schedule:
        saved = changing.change(row, schedules.Terms(**form.terms), by=request.member, now=timezone.now())
        messages.success(request, _("%(title)s was changed.") % {"title": saved.title})
        return saved

    done = submit(request, form, act)
    context = {"form": form, "title": title, "label": label}
    return done or page(request, "reports/schedule_edit.html", context=context, status=form.status)


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


def _members(request: MemberRequest) -> "QuerySet[Membership]":
    """Give whom a report can be mailed to."""
    rows: QuerySet[Membership] = request.workspace.memberships.filter(user__is_active=True)
    return rows.select_related("user").order_by("user__name", "pk")


def _find(request: MemberRequest, schedule: int) -> Schedule:
    rows = request.workspace.schedules.filter(report__in=REPORTS).select_related("workspace")
    found: Schedule = get_object_or_404(rows, pk=schedule)
    return found

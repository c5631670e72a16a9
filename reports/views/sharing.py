"""Shared links, for those who make and close them."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reports.models import SharedLink
from reports.sharing import links
from reports.sharing.forms import ShareForm
from reports.sharing.registry import REPORTS
from reports.views.frozen import asked_of
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.roles import Action


@allow(Action.SHARE)
@require_GET
def shares(request: MemberRequest) -> HttpResponse:
    """List the links, those that open no more too."""
    rows = list(request.workspace.shared_links.select_related("created_by"))
    backers = links.who_may_share(request.workspace, {row.created_by_id for row in rows})
    now = timezone.now()
    shown = [
        {
            "link": row,
            "label": REPORTS[row.report].label,
            "state": row.state(now=now, is_backed=row.created_by_id in backers).value,
        }
        for row in rows
        if row.report in REPORTS
    ]
    return page(request, "reports/shares.html", context={"rows": shown})


@allow(Action.SHARE)
@require_http_methods(["GET", "POST"])
def share(request: MemberRequest) -> HttpResponse:
    """Make a link to the report of the address, and show its secret in the answer to the form and nowhere else."""
    asked = asked_of(request)
    form = ShareForm(sent(request), initial={"language": request.workspace.language})
    made: list[tuple[SharedLink, str]] = []

    def act() -> str:
        wish = links.Wish(report=asked.report, params=asked.inquiry.kept, **form.values)
        made.append(links.share(wish, by=request.member, now=timezone.now()))
        return reverse("reports:shares", args=[request.workspace.slug])

    done = submit(request, form, act)
    if made:
        link, secret = made[0]
        address = settings.BASE_URL + reverse("reports:shared", args=[secret])
        return page(request, "reports/share_made.html", context={"link": link, "address": address})
    context = {"form": form, "inquiry": asked.inquiry, "label": asked.label}
    return done or page(request, "reports/share_new.html", context=context, status=form.status)


@allow(Action.SHARE)
@require_http_methods(["GET", "POST"])
def share_revoke(request: MemberRequest, link: int) -> HttpResponse:
    """Ask, then close the link."""
    row = get_object_or_404(request.workspace.shared_links.select_related("workspace"), pk=link, revoked_at=None)
    form = Form(sent(request))

    def act() -> str:
        links.revoke(row, by=request.member, now=timezone.now())
        messages.success(request, _("The link for %(name)s opens no more.") % {"name": row.name})
        return reverse("reports:shares", args=[request.workspace.slug])

    done = submit(request, form, act)
    return done or page(request, "reports/share_revoke.html", context={"form": form, "link": row}, status=form.status)

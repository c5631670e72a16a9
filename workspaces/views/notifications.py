"""What one was told, newest first; and how one wants to be told."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workspaces import notices
from workspaces.access import MemberRequest, allow
from workspaces.forms import sent, submit
from workspaces.forms.notifications import NotificationSettings, ReadAll
from workspaces.pages import page
from workspaces.roles import Action

ON_A_PAGE = 50


@allow(Action.SEE_REPORTS)
@require_GET
def listing(request: MemberRequest) -> HttpResponse:
    """List the member's own notices."""
    shown = Paginator(request.member.notifications.shown(), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"shown": shown, "kinds": notices.KINDS, "now": timezone.now()}
    return page(request, "workspaces/notifications.html", context=context)


@allow(Action.SEE_REPORTS)
@require_POST
def read_all(request: MemberRequest) -> HttpResponse:
    """Mark as read what the page showed that was sent from."""
    now = timezone.now()
    form = ReadAll(request.POST)
    until = form.cleaned_data["until"] if form.is_valid() else now
    notices.mark_all_read(request.member, until=until, now=now)
    return redirect("workspaces:notifications", request.workspace.slug)


@allow(Action.SEE_REPORTS)
@require_GET
def follow(request: MemberRequest, notification: uuid.UUID) -> HttpResponse:
    """Mark the notice as read and lead to its page.

    One that is gone, or somebody else's (a forwarded mail), leads to the member's own list.
    """
    notice = request.member.notifications.filter(pk=notification).first()
    if notice is None:
        messages.info(request, _("That notification is not yours, or was removed after its time."))
        return redirect("workspaces:notifications", request.workspace.slug)
    request.member.notifications.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())
    return redirect(notice.path)


@allow(Action.SEE_REPORTS)
@require_http_methods(["GET", "POST"])
def settings(request: MemberRequest) -> HttpResponse:
    """Show and change how one hears of each kind."""
    choices, quiet = notices.choices_of(request.member), notices.quiet_of(request.member)
    form = NotificationSettings(sent(request), choices=choices, quiet=quiet)

    def act() -> str:
        notices.choose(request.member, form.chosen)
        notices.keep_quiet(request.member, form.quiet)
        messages.success(request, _("Your choices were saved."))
        return reverse("workspaces:notification-settings", args=[request.workspace.slug])

    done = submit(request, form, act)
    return done or page(request, "workspaces/notification_settings.html", context={"form": form}, status=form.status)

"""The windows of a report become the workspace's default, from the report that shows them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from analysis.windows import KIND_NAMES
from reports.controls import KIND_LABELS, windows_words
from reports.question import as_window
from reports.ranged import Windowed
from workspaces import founding
from workspaces.access import MemberRequest, allow
from workspaces.roles import Action


@allow(Action.MANAGE_WORKSPACE)
@require_POST
def make_default(request: MemberRequest, report: str) -> HttpResponse:
    """Make the windows of the address the default, and lead back to the report as it was asked."""
    days = {kind: as_window(request.GET.get(kind, "")) for kind in KIND_NAMES}
    known = {kind: each for kind, each in days.items() if each is not None}
    if len(known) == len(days):
        fields = {f"{kind}_days": each for kind, each in known.items()}
        founding.set_windows(request.workspace, days=fields, by=request.member, now=timezone.now())
        told = _("These windows are the default now: %(windows)s. Goals with windows of their own keep them.")
        messages.success(request, told % {"windows": windows_words(known)})
    else:
        messages.error(request, _("The default windows are as they were: give each window as 1 to 90 days, or off."))
    return redirect(f"{reverse(f'reports:{report}', args=[request.workspace.slug])}?{request.GET.urlencode()}")


def windows_row(request: MemberRequest, asked: Windowed, report: str) -> dict[str, Any]:
    """Give a report's form for windows of any length, and the way to make those shown the default.

    report   whose address, `windows` below it, makes them so
    """
    workspace, days = request.workspace, asked.window_days
    return {
        "windows": [(kind, KIND_LABELS[kind], each) for kind, each in days.items()],
        "windows_hidden": [(name, value) for name, value in asked.params().items() if name not in days],
        "windows_url": f"{reverse(f'reports:{report}-windows', args=[workspace.slug])}?{asked.query()}",
        "are_default_windows": all(getattr(workspace, f"{kind}_days") == each for kind, each in days.items()),
    }

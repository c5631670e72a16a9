"""The way from a chart to a new annotation on its days, and back to the chart."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from workspaces.access import MemberRequest
from workspaces.roles import Action


def annotate_url(request: MemberRequest, *, since: date, until: date, goal: str = "") -> str:
    """Give the address of the form with the days [since, until) filled in; "" for who may not annotate.

    goal   the short name of the one that the chart is about
    """
    if not request.may(Action.ANNOTATE):
        return ""
    last = until - timedelta(days=1)
    filled = {"from": since.isoformat(), "to": last.isoformat(), "goal": goal, "back": request.get_full_path()}
    query = urlencode({name: value for name, value in filled.items() if value})
    return f"{reverse('reports:annotation-new', args=[request.workspace.slug])}?{query}"


def way_back(request: MemberRequest) -> str:
    """Give the page of this workspace that the address says to go back to; else the list of annotations."""
    back = request.GET.get("back", "")
    inside = back.startswith(f"/w/{request.workspace.slug}/")
    if inside and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return reverse("reports:annotations", args=[request.workspace.slug])

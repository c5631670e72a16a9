"""The live view: what arrives at a source, while somebody watches."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from tracking import live
from tracking.agreed import plan_of
from tracking.views.tabs import tabs_of
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action


@allow(Action.SEE_TRACKING)
@require_GET
def source(request: MemberRequest, source: str) -> HttpResponse:
    """Show the last events of a source, asked for again every two seconds."""
    row = get_object_or_404(request.workspace.sources.select_related("workspace"), slug=source)
    now = timezone.now()
    context = {
        "source": row,
        "tabs": tabs_of(row, "source-live"),
        "rows": live.sightings(row, plan_of(request.workspace.pk), now=now),
        "now": now,
    }
    return page(request, "tracking/source_live.html", part="arrivals", context=context)

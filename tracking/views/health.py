"""Tracking health: whether everything that was sent is accounted for, and how far the lake has come."""

from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from tracking import health
from tracking.models import LakeState
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action

DAYS = 30


@allow(Action.SEE_TRACKING)
@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    """Show each source's balance, and how fresh the stored events are."""
    now = timezone.now()
    found = health.balances(request.workspace.pk, since=now.date() - timedelta(days=DAYS - 1))
    context = {
        "rows": [(source, found.get(source.pk)) for source in request.workspace.sources.all()],
        "state": LakeState.objects.filter(workspace=request.workspace).first(),
        "complete_through": health.complete_through(request.workspace.pk, now=now),
        "days": DAYS,
    }
    return page(request, "tracking/health.html", context=context)

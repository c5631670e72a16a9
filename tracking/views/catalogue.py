"""The catalogue: what is planned against what arrives, and one event in detail."""

from datetime import UTC, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tracking import agreeing, bars, entries
from tracking.entries import State
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.refusal import Refusal
from workspaces.roles import Action

A_PAGE = 50


@allow(Action.SEE_TRACKING)
@require_GET
def listing(request: MemberRequest) -> HttpResponse:
    """List the events, those that need somebody first."""
    now, search = timezone.now(), request.GET.get("q", "")[:128].strip()
    state = request.GET.get("state", "")
    found = entries.entries(request.workspace, now=now)
    chosen = [each for each in found if state in {"", *each.states} and search.lower() in each.name.lower()]
    shown = Paginator(chosen, A_PAGE).get_page(request.GET.get("page"))
    daily = entries.daily(request.workspace, [each.name for each in shown.object_list], now=now)
    counts = entries.counted(found)
    context = {
        "rows": [(each, daily.get(each.name, []) if each.events else []) for each in shown.object_list],
        "page": shown,
        "all": len(found),
        "parts": [(each, counts[each]) for each in State if counts[each]],
        "state": state,
        "q": search,
        "query": urlencode({"state": state, "q": search}) + "&" if state or search else "",
        "days": entries.DAYS,
    }
    return page(request, "tracking/catalogue.html", part="rows", context=context)


@allow(Action.SEE_TRACKING)
@require_GET
def event(request: MemberRequest) -> HttpResponse:
    """Show one event: where it comes from, what was agreed, and what is not so."""
    now, name = timezone.now(), request.GET.get("name", "")[:128]
    found = entries.entry(request.workspace, name, now=now)
    if not name:
        return redirect("tracking:catalogue", request.workspace.slug)
    if found is None:
        raise Http404
    counts = entries.daily(request.workspace, [name], now=now).get(name, [])
    last = now.astimezone(UTC).date()
    first = last - timedelta(days=entries.DAYS - 1)
    by_day = {first + timedelta(days=place): {"accepted": n} for place, n in enumerate(counts)}
    context = {
        "entry": found,
        "drawing": bars.drawing(by_day, first=first, last=last),
        "faults": entries.faults(request.workspace, name, now=now),
        "types": entries.by_source(request.workspace, name),
        "days": entries.DAYS,
    }
    return page(request, "tracking/event.html", context=context)


@allow(Action.EDIT_TRACKING)
@require_POST
def plan(request: MemberRequest) -> HttpResponse:
    """Plan an event without a goal."""
    name = request.POST.get("name", "")
    try:
        agreeing.plan_by_hand(request.workspace, name, by=request.member, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("tracking:catalogue", request.workspace.slug)
    messages.success(request, _('"%(name)s" is planned now.') % {"name": name})
    return redirect(_address(request, name))


@allow(Action.EDIT_TRACKING)
@require_POST
def unplan(request: MemberRequest, planned: int) -> HttpResponse:
    """Take back what was planned without a goal."""
    row = get_object_or_404(request.workspace.planned_events.select_related("workspace"), pk=planned)
    if agreeing.unplan(row, by=request.member, now=timezone.now()):
        messages.success(request, _('"%(name)s" is planned by hand no more.') % {"name": row.name})
    else:
        messages.info(request, _("A goal asks for this event; it stays planned as long as the goal does."))
    return redirect("tracking:catalogue", request.workspace.slug)


def _address(request: MemberRequest, name: str) -> str:
    return f"{reverse('tracking:catalogue-event', args=[request.workspace.slug])}?{urlencode({'name': name})}"

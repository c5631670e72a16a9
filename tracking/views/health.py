"""Tracking health: whether everything that was sent is accounted for, how far the lake has come, what was rejected."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from tracking import bars, health, replaying, sources
from tracking.models import LakeState, Source
from tracking.reasons import OUTCOMES, reason_of
from tracking.views.tabs import tabs_of
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action

DAYS = 30
A_PAGE = 25


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
        "alarms": request.workspace.source_alarms.filter(ended_at=None).select_related("source"),
        "days": DAYS,
    }
    return page(request, "tracking/health.html", context=context)


@allow(Action.SEE_TRACKING)
@require_GET
def source(request: MemberRequest, source: str) -> HttpResponse:
    """Show what became of everything that a source sent, day by day and by reason."""
    row = _source(request, source)
    today = timezone.now().date()
    first = today - timedelta(days=DAYS - 1)
    days = health.daily(row, since=first)
    context = {
        "source": row,
        "tabs": tabs_of(row, "source-health"),
        "days": DAYS,
        "balances": [(day, balance, health.whys([balance])) for day, balance in days.items()],
        "total": health.total_of(days.values()),
        "whys": health.whys(days.values()),
        "drawing": bars.drawing({day: each.parts for day, each in days.items()}, first=first, last=today),
        "outcomes": OUTCOMES,
        "refused_origins": health.refused_origins(row),
        "alarms": row.alarms.all()[:A_PAGE],
    }
    return page(request, "tracking/source_health.html", context=context)


@allow(Action.SEE_TRACKING)
@require_GET
def rejected(request: MemberRequest, source: str) -> HttpResponse:
    """Show what was rejected, masked, and by reason what can be taken in."""
    row = _source(request, source)
    code, name = request.GET.get("code", "")[:40], request.GET.get("name", "")[:128]
    kept = health.kept(row)
    chosen = kept.filter(**{key: value for key, value in (("code", code), ("name", name)) if value})
    shown = Paginator(chosen, A_PAGE).get_page(request.GET.get("page"))
    held, asked = Count("pk", filter=Q(held__isnull=False)), Count("pk", filter=Q(asked_at__isnull=False))
    groups = kept.order_by().values("code", "name").annotate(n=Count("pk"), held=held, asked=asked)
    context = {
        "source": row,
        "tabs": tabs_of(row, "source-rejected"),
        "groups": [group | {"reason": reason_of(group["code"])} for group in groups.order_by("-n", "code", "name")],
        "rows": [health.readable(each) for each in shown.object_list],
        "page": shown,
        "chosen": {"code": code, "name": name},
        "query": urlencode({"code": code, "name": name}) + "&" if code or name else "",
    }
    return page(request, "tracking/source_rejected.html", context=context)


@allow(Action.EDIT_TRACKING)
@require_POST
def take_in(request: MemberRequest, source: str) -> HttpResponse:
    """Have one row, or all of a reason and a name, taken in; the page does a few at once, a worker many."""
    row = _source(request, source)
    number, now = request.POST.get("row", ""), timezone.now()
    rows = replaying.held_back(row, code=request.POST.get("code", "")[:40], name=request.POST.get("name", "")[:128])
    if number:
        rows = rows.filter(pk=int(number)) if number.isascii() and number.isdecimal() else rows.none()
    asked, done = replaying.ask_and_replay(rows, row, by=request.member, now=now)
    later = _("A worker takes in %(n)s events; this page shows how many wait.") % {"n": asked}
    messages.success(request, _told(done) if done else later)
    return redirect(reverse("tracking:source-rejected", args=[request.workspace.slug, row.slug]))


@allow(Action.EDIT_TRACKING)
@require_POST
def strictness(request: MemberRequest, source: str) -> HttpResponse:
    """Turn the strict mode on or off."""
    row = get_object_or_404(_rows(request).select_for_update(of=("self",)), slug=source, closed_at=None)
    is_strict = request.POST.get("strict") == "on"
    before, row.is_strict = {"is_strict": row.is_strict}, is_strict
    if before["is_strict"] != is_strict:
        after = {"is_strict": is_strict}
        sources.change(row, before=before, after=after, by=request.member, now=timezone.now())
    said = _("Events that the plan does not know are held back from now on.")
    otherwise = _("Every event is accepted from now on; what is unplanned is marked.")
    messages.success(request, said if is_strict else otherwise)
    return redirect(reverse("tracking:source-health", args=[request.workspace.slug, row.slug]))


def _source(request: MemberRequest, slug: str) -> Source:
    return get_object_or_404(_rows(request), slug=slug)


def _rows(request: MemberRequest) -> "QuerySet[Source]":
    return request.workspace.sources.select_related("workspace")


def _told(done: replaying.Replayed) -> str:
    said = [ngettext("%(n)s event was taken in.", "%(n)s events were taken in.", done.accepted) % {"n": done.accepted}]
    if done.duplicates:
        words = ngettext("%(n)s was there already.", "%(n)s were there already.", done.duplicates)
        said.append(words % {"n": done.duplicates})
    if done.refused:
        words = ngettext("%(n)s is still not as agreed.", "%(n)s are still not as agreed.", done.refused)
        said.append(words % {"n": done.refused})
    return " ".join(said)

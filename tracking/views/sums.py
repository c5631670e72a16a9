"""A source's history before its events: daily sums of another tool, shown for what they are."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tracking import bars
from tracking.models import Source
from tracking.sums import history as sums
from tracking.sums.forms import SpanForm
from tracking.sums.history import Stretch
from tracking.views.tabs import tabs_of
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action

A_PAGE = 25
COUNTS: dict[str, Promise] = {
    "visits": _("Visits"),
    "pageviews": _("Page views"),
    "bounces": _("Bounces"),
    "entrances": _("Entrances"),
    "exits": _("Exits"),
    "events": _("Events"),
}


@allow(Action.SEE_TRACKING)
@require_GET
def history(request: MemberRequest, source: str) -> HttpResponse:
    """Show how many visits another tool counted by day or month, and what it saw most."""
    row = get_object_or_404(request.workspace.sources.select_related("workspace"), slug=source)
    context: dict[str, Any] = {"source": row, "tabs": tabs_of(row, "source-history")}
    there, status = sums.span(row), 200
    if there is not None:
        form, since, last = _days(request, there)
        status = 422 if form.errors else 200
        stretches = sums.trend(row, since, last)
        context |= {
            "form": form,
            "stretches": stretches[::-1],
            "by_day": sums.is_by_day(since, last),
            "drawing": _drawing(stretches, since, last),
        }
        context |= _broken_down(row, request.GET.get("of", ""), since, last)
    return page(request, "tracking/source_history.html", context=context, status=status)


def _days(request: MemberRequest, there: tuple[date, date]) -> tuple[SpanForm, date, date]:
    """Give the first and the last day that were asked for, else all that there are."""
    usual = dict(zip(("from", "to"), (day.isoformat() for day in there), strict=True))
    form = SpanForm({**usual, **request.GET.dict()})
    return (form, form.cleaned_data["from"], form.cleaned_data["to"]) if form.is_valid() else (form, *there)


def _drawing(stretches: list[Stretch], since: date, last: date) -> bars.Drawing | None:
    visits = {each.first: each.visits for each in stretches}
    stacks = [{"accepted": visits.get(first, 0)} for first in sums.beginnings(since, last)]
    return bars.drawn(stacks, first=since, last=last)


def _broken_down(source: Source, asked: str, since: date, last: date) -> dict[str, Any]:
    kinds = sums.kinds(source)
    if not kinds:
        return {}
    kind = next((each for each in kinds if each == asked), kinds[0])
    found = sums.ranked(source, kind, since, last, most=A_PAGE)
    here = reverse("tracking:source-history", args=[source.workspace.slug, source.slug])
    days = {"from": since.isoformat(), "to": last.isoformat()}
    return {
        "kinds": [
            {"label": each.label, "url": f"{here}?{urlencode(days | {'of': each})}#of", "is_current": each is kind}
            for each in kinds
        ],
        "kind": kind,
        "ranked": found,
        "labels": [COUNTS[name] for name in found.columns],
    }

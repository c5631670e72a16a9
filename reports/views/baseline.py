"""What a KPI was before a period: for the target's form, which knows the address and nothing else."""

import json
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from goals.forms.targets import periods
from goals.models import Kpi
from reports.baselines import Baseline, baselines, typed
from reports.periods import LONGEST_DAYS
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action
from workspaces.zones import day_of

EARLIEST = date(1990, 1, 1)  # before it nobody measured a web site; far earlier days can't be reckoned back from


@allow(Action.SEE_REPORTS)
@require_GET
def baseline(request: MemberRequest, kpi: str) -> HttpResponse:
    """Give the figures before `?period=quarter`, or before `?starts_on=...&ends_on=...`; each fills in the form.

    For htmx the list alone. Without a script it is a page, whose links lead back to the form with the choice in them.
    """
    live = request.workspace.kpis.filter(archived_at=None, goal__archived_at=None)
    found = get_object_or_404(live.select_related("goal", "metric"), slug=kpi)
    first, last = _period(request)
    known = baselines(request.workspace, found, first=first, last=last, now=timezone.now())
    form_url = _form_url(request, found)
    context = {
        "kpi": found,
        "known": known,
        "kind": found.format.value,
        "first": first,
        "last": last,
        "form_url": form_url,
        "offers": [(each, _fill(found, each), f"{form_url}?{urlencode(_values(found, each))}") for each in known.found],
    }
    return page(request, "reports/baseline.html", part="offers", context=context)


def _period(request: MemberRequest) -> tuple[date, date]:
    """Read the period; what can't be read is this quarter, which the form offers first."""
    named = periods(day_of(timezone.now(), request.workspace.zone))
    usual = named["quarter"][1:]
    if request.GET.get("period") in named:
        return named[request.GET["period"]][1:]
    try:
        first, last = (date.fromisoformat(request.GET.get(name, "")) for name in ("starts_on", "ends_on"))
    except ValueError:
        return usual
    is_period = first <= last and (last - first).days < LONGEST_DAYS and first >= EARLIEST
    return (first, last) if is_period else usual


def _form_url(request: MemberRequest, kpi: Kpi) -> str:
    target = request.GET.get("target", "")
    if target.isascii() and target.isdecimal() and kpi.targets.filter(pk=int(target[:18])).exists():
        return reverse("goals:target-edit", args=[request.workspace.slug, int(target)])
    return reverse("goals:target-new", args=[request.workspace.slug, kpi.slug])


def _values(kpi: Kpi, each: Baseline) -> dict[str, str]:
    if each.actual is None:
        return {}
    days = {"baseline_since": each.since.isoformat(), "baseline_until": each.last.isoformat()}
    return {"baseline": typed(kpi, each.actual)} | days


def _fill(kpi: Kpi, each: Baseline) -> str:
    return json.dumps(_values(kpi, each))

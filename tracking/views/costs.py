"""What ads cost, by day and campaign; and the words by which reports are read."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tracking.ads import wording
from tracking.ads.costs import By, between, costs
from tracking.ads.forms import DaysForm, WordForm
from tracking.ads.joining import is_joined, joined
from tracking.ads.words import Field
from tracking.models import AdPlatform
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.roles import Action

A_PAGE = 100
USUAL_DAYS = 30


@allow(Action.SEE_REPORTS)
@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    """Show costs by day and campaign, and which campaigns visitors came by."""
    form, since, last = _days(request)
    workspace_id, until = request.workspace.pk, last + timedelta(days=1)
    rows = between(workspace_id, since=since, until=until)
    seen = joined(workspace_id, since=since, until=until)
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "since": since,
        "last": last,
        "totals": costs(rows, seen, by=By.PLATFORM),
        "campaigns": costs(rows, seen, by=By.CAMPAIGN)[:A_PAGE],
        "rows": [(row, is_joined(row, seen)) for row in shown.object_list],
        "all": len(rows),
        "joined": sum(is_joined(row, seen) for row in rows),
        "page": shown,
        "query": urlencode({"from": since.isoformat(), "to": last.isoformat()}) + "&",
        "platforms": dict(AdPlatform.choices),
        "has_any": bool(rows) or request.workspace.ad_costs.exists(),
    }
    return page(request, "tracking/costs.html", context=context, status=422 if form.errors else 200)


@allow(Action.SEE_TRACKING)
@require_GET
def words(request: MemberRequest) -> HttpResponse:
    """List the workspace's own words for columns."""
    return page(request, "tracking/ad_words.html", context={"rows": request.workspace.ad_words.all()})


@allow(Action.EDIT_TRACKING)
@require_http_methods(["GET", "POST"])
def add_word(request: MemberRequest) -> HttpResponse:
    """Teach a word."""
    form = WordForm(sent(request))

    def act() -> str:
        typed = form.values
        wording.add(
            request.workspace,
            header=typed["header"],
            field=Field(typed["field"]),
            by=request.member,
            now=timezone.now(),
        )
        messages.success(request, _("Reports are read with this word from now on."))
        return reverse("tracking:ad-words", args=[request.workspace.slug])

    done = submit(request, form, act)
    return done or page(request, "tracking/ad_word_new.html", context={"form": form}, status=form.status)


@allow(Action.EDIT_TRACKING)
@require_http_methods(["GET", "POST"])
def remove_word(request: MemberRequest, word: int) -> HttpResponse:
    """Ask, then forget a word."""
    row = get_object_or_404(request.workspace.ad_words.select_related("workspace"), pk=word)
    form = Form(sent(request))

    def act() -> str:
        wording.remove(row, by=request.member, now=timezone.now())
        messages.success(request, _("The word was removed."))
        return reverse("tracking:ad-words", args=[request.workspace.slug])

    done = submit(request, form, act)
    context = {"form": form, "word": row}
    return done or page(request, "tracking/ad_word_remove.html", context=context, status=form.status)


def _days(request: MemberRequest) -> tuple[DaysForm, date, date]:
    """Give the first and the last day that were asked for, the last thirty where none were."""
    today = timezone.now().astimezone(request.workspace.zone).date()
    usual = {"from": today - timedelta(days=USUAL_DAYS - 1), "to": today}
    form = DaysForm({**{name: day.isoformat() for name, day in usual.items()}, **request.GET.dict()})
    if not form.is_valid():
        return form, usual["from"], usual["to"]
    return form, form.cleaned_data["from"], form.cleaned_data["to"]

"""Alerts: listed, made, tried on past days, changed, paused, muted, taken away."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports.alerts import setting, showing
from reports.alerts.backtest import backtest
from reports.alerts.forms import AlertForm
from reports.models import Alert
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.roles import Action

TRY = "try"  # the name of the button that tries an alert on past days and saves nothing
MOST_EPISODES = 50  # on an alert's page, the newest


@allow(Action.SEE_REPORTS)
@require_GET
def alerts(request: MemberRequest) -> HttpResponse:
    """List the workspace's alerts, and what is told without one."""
    lines = showing.lines(request.workspace, request.member)
    return page(request, "reports/alerts.html", context={"lines": lines, "always_on": showing.always_on()})


@allow(Action.SEE_REPORTS)
@require_GET
def alert(request: MemberRequest, alert: int) -> HttpResponse:
    """Show what one watches, where it stands, and when it fired."""
    line = next(iter(showing.lines(request.workspace, request.member, only=alert)), None)
    if line is None:
        raise Http404
    times = showing.episodes(line.alert, line.alert.episodes.all()[:MOST_EPISODES])
    return page(request, "reports/alert.html", context={"line": line, "times": times})


@allow(Action.ALERT)
@require_http_methods(["GET", "POST"])
def alert_new(request: MemberRequest) -> HttpResponse:
    """Make one; the address may say of which goal."""
    goal = request.workspace.goals.live().filter(slug=request.GET.get("goal", "")).first()
    form = AlertForm(sent(request), initial={"goal": goal}, member=request.member)

    def act() -> Alert:
        readers = form.cleaned_data["readers"]
        return setting.make(request.workspace, form.draft, readers, by=request.member, now=timezone.now())

    cancel_url = reverse("reports:alerts", args=[request.workspace.slug])
    return _saved(request, form, act) or _form_page(request, form, _("New alert"), cancel_url)


@allow(Action.ALERT)
@require_http_methods(["GET", "POST"])
def alert_edit(request: MemberRequest, alert: int) -> HttpResponse:
    """Change one."""
    row = _find(request, alert)
    form = AlertForm(sent(request), instance=row, member=request.member)

    def act() -> Alert:
        readers = form.cleaned_data["readers"]
        return setting.change(row, form.draft, readers, by=request.member, now=timezone.now())

    title = _("Edit the alert")
    return _saved(request, form, act) or _form_page(request, form, title, row.get_absolute_url())


@allow(Action.ALERT)
@require_POST
def alert_pause(request: MemberRequest, alert: int) -> HttpResponse:
    """Let one rest, or with `on=1` go on."""
    row = _find(request, alert)
    setting.pause(row, is_paused=request.POST.get("on") != "1", by=request.member, now=timezone.now())
    return redirect(row)


@allow(Action.SEE_REPORTS)
@require_POST
def alert_mute(request: MemberRequest, alert: int) -> HttpResponse:
    """Let the reader hear no more of one, or with `on=1` again."""
    row = _find(request, alert)
    try:
        setting.mute(row, is_muted=request.POST.get("on") != "1", by=request.member, now=timezone.now())
    except setting.NotYours as refusal:
        messages.error(request, str(refusal))
    return redirect(row)


@allow(Action.ALERT)
@require_http_methods(["GET", "POST"])
def alert_remove(request: MemberRequest, alert: int) -> HttpResponse:
    """Ask, then take one away."""
    row, form = _find(request, alert), Form(sent(request))

    def act() -> str:
        setting.remove(row, by=request.member, now=timezone.now())
        messages.success(request, _("The alert is gone."))
        return reverse("reports:alerts", args=[request.workspace.slug])

    context = {"form": form, "alert": row}
    done = submit(request, form, act)
    return done or page(request, "reports/alert_remove.html", context=context, status=form.status)


def _saved(request: MemberRequest, form: AlertForm, act: Callable[[], Alert]) -> HttpResponse | None:
    return None if TRY in request.POST else submit(request, form, act)


def _form_page(request: MemberRequest, form: AlertForm, title: str, cancel_url: str) -> HttpResponse:
    context = {"form": form, "title": title, "cancel_url": cancel_url}
    if form.is_bound and form.is_valid():
        now = timezone.now()
        tried = form.draft.row(request.workspace, by=request.member, now=now)
        found = backtest(tried, now=now)
        context |= {"would_have": showing.would_have(found), "tries": showing.tries(tried, found)}
    return page(request, "reports/alert_form.html", context=context, status=form.status)


def _find(request: MemberRequest, alert: int) -> Alert:
    rows = Alert.objects.filter(workspace=request.workspace).select_related("workspace", "goal", "kpi__goal")
    return get_object_or_404(rows, pk=alert)

"""Sources: listed, opened, shown with their key and what arrives, changed, closed."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tracking import arrival, health, snippets, sources
from tracking.forms import AliasForm, NewSourceForm, SourceForm
from tracking.models import Kind, Source, SourceAlias
from tracking.protocols.registry import PROTOCOLS
from tracking.views.tabs import tabs_of
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, changes_of, sent, submit
from workspaces.pages import page
from workspaces.roles import Action

DAYS = 7  # of counts beside each source


@allow(Action.SEE_TRACKING)
@require_GET
def listing(request: MemberRequest) -> HttpResponse:
    """List the sources with what they sent lately."""
    found = health.balances(request.workspace.pk, since=timezone.now().date() - timedelta(days=DAYS - 1))
    rows = [(source, found.get(source.pk)) for source in request.workspace.sources.order_by("closed_at", "name")]
    return page(request, "tracking/sources.html", context={"rows": rows, "days": DAYS})


@allow(Action.EDIT_TRACKING)
@require_http_methods(["GET", "POST"])
def create(request: MemberRequest) -> HttpResponse:
    """Open a source."""
    form = NewSourceForm(request.POST or None)

    def act() -> Source:
        typed = form.values | {"kind": Kind(form.values["kind"])}
        return sources.open_source(request.workspace, **typed, by=request.member, now=timezone.now())

    done = submit(request, form, act)
    return done or page(request, "tracking/source_new.html", context={"form": form}, status=form.status)


@allow(Action.SEE_TRACKING)
@require_GET
def source(request: MemberRequest, source: str) -> HttpResponse:
    """Show a source: how to send, what arrived, what was refused and why."""
    row = get_object_or_404(request.workspace.sources.select_related("workspace"), slug=source)
    context = {
        "source": row,
        "sending": _sending(row, request.GET.get("with")),
        "arrival": arrival.answer_of(row, now=timezone.now()),
        "aliases": _aliases(row),
        "form": AliasForm() if row.closed_at is None and request.may(Action.EDIT_TRACKING) else None,
        "balances": health.daily(row, since=timezone.now().date() - timedelta(days=DAYS - 1)),
        "tabs": tabs_of(row, "source"),
        "days": DAYS,
    }
    return page(request, "tracking/source.html", context=context)


@allow(Action.SEE_TRACKING)
@require_GET
def first_event(request: MemberRequest, source: str) -> HttpResponse:
    """Say again whether anything arrived, for the page that waits for it."""
    row = get_object_or_404(request.workspace.sources.select_related("workspace"), slug=source)
    context = {"source": row, "arrival": arrival.answer_of(row, now=timezone.now())}
    return page(request, "tracking/source_arrival.html", context=context)


@allow(Action.EDIT_TRACKING)
@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, source: str) -> HttpResponse:
    """Change a source's name, hosts, origins and currency."""
    row = get_object_or_404(request.workspace.sources.select_related("workspace"), slug=source, closed_at=None)
    form = SourceForm(request.POST or None, instance=row)

    def act() -> Source:
        before, after = changes_of(form)
        sources.change(row, before=before, after=after, by=request.member, now=timezone.now())
        messages.success(request, _("The source was saved."))
        return row

    done = submit(request, form, act)
    return done or page(request, "tracking/source_edit.html", context={"form": form, "source": row}, status=form.status)


@allow(Action.EDIT_TRACKING)
@require_http_methods(["GET", "POST"])
def close(request: MemberRequest, source: str) -> HttpResponse:
    """Ask, then refuse the source's key."""
    row = get_object_or_404(request.workspace.sources.select_related("workspace"), slug=source, closed_at=None)
    form = Form(request.POST or None)

    def act() -> str:
        sources.close(row, by=request.member, now=timezone.now())
        messages.success(request, _("The source %(name)s was closed.") % {"name": row.name})
        return reverse("tracking:sources", args=[request.workspace.slug])

    done = submit(request, form, act)
    return done or page(
        request, "tracking/source_close.html", context={"form": form, "source": row}, status=form.status
    )


@allow(Action.EDIT_TRACKING)
@require_http_methods(["GET", "POST"])
def add_key(request: MemberRequest, source: str) -> HttpResponse:
    """Let the source answer to another tool's key."""
    row = get_object_or_404(request.workspace.sources.select_related("workspace"), slug=source, closed_at=None)
    form = AliasForm(sent(request))

    def act() -> Source:
        sources.add_alias(row, **form.values, by=request.member, now=timezone.now())
        messages.success(request, _("The source answers to this key within seconds."))
        return row

    done = submit(request, form, act)
    return done or page(request, "tracking/source_key.html", context={"form": form, "source": row}, status=form.status)


@allow(Action.EDIT_TRACKING)
@require_http_methods(["GET", "POST"])
def remove_key(request: MemberRequest, source: str, alias: int) -> HttpResponse:
    """Ask, then refuse another tool's key."""
    row = get_object_or_404(request.workspace.sources.select_related("workspace"), slug=source)
    held = get_object_or_404(row.aliases.select_related("source__workspace"), pk=alias)
    form = Form(sent(request))

    def act() -> Source:
        sources.remove_alias(held, by=request.member, now=timezone.now())
        messages.success(request, _("The source does not answer to this key any more."))
        return row

    done = submit(request, form, act)
    context = {"form": form, "source": row, "alias": held}
    return done or page(request, "tracking/source_key_remove.html", context=context, status=form.status)


def _sending(source: Source, asked: str | None) -> dict[str, Any]:
    """Give the set-ups that can send to the source, the one that was asked for, and its code."""
    ways = {way.name: way for way in snippets.ways_of(source)}
    if not ways:
        return {}
    way = ways.get(asked or "") or next(iter(ways.values()))
    aliases = list(source.aliases.all())
    return {
        "ways": [(each, each is way) for each in ways.values()],
        "way": way,
        "lacks_key": snippets.has_key(way, source) and snippets.key_of(way, aliases) is None,
        "snippets": snippets.snippets_of(source, way, aliases),
    }


def _aliases(source: Source) -> list[tuple[SourceAlias, str]]:
    """Give the keys with what their tools are called."""
    return [
        (alias, PROTOCOLS[alias.protocol].label if alias.protocol in PROTOCOLS else alias.protocol)
        for alias in source.aliases.all()
    ]

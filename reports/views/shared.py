"""What a shared link opens: one report, its question fixed, and no way from there into the workspace."""

from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reports.models import LinkState, SharedLink
from reports.sharing import gate, links
from reports.sharing.forms import PasswordForm
from reports.sharing.registry import REPORTS, inquire
from reports.sharing.shareable import NotThere
from workspaces import scope
from workspaces.forms import sent
from workspaces.pages import page

HEADERS = {
    "Referrer-Policy": "no-referrer",  # the address is the secret: no other site may hear of it
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-store",
}


@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the link's report; ask for its password first where it has one."""
    now = timezone.now()
    found = links.find(secret, now=now)
    if found is None:
        return _sealed(_closed(request, HTTPStatus.NOT_FOUND))
    link, state = found
    with translation.override(link.language):
        if state is not LinkState.WORKS:
            return _sealed(_closed(request, HTTPStatus.GONE), link)
        if not gate.is_open(request, link):
            response = _sealed(_ask(request, link), link)
            # A browser that may not say where it comes from sends its form as from nowhere, which Django refuses.
            response["Referrer-Policy"] = "same-origin"
            return response
        return _sealed(_report(request, link, now=now), link)


def _report(request: HttpRequest, link: SharedLink, *, now: datetime) -> HttpResponse:
    team = link.workspace
    try:
        with scope.in_workspace(team.pk):
            inquiry = inquire(link.report, team, link.params, now)
            inquiry.prepare()
        with scope.reading(team.pk):
            told = inquiry.tell()
            lede = told.sentences() if told.is_ready and told.has_lede else ()
            context = {**told.context(), "title": inquiry.title, "lede": lede, "link": link, "team": team}
            response = page(request, REPORTS[link.report].template, context=context)
    except NotThere:
        return _closed(request, HTTPStatus.GONE)
    if request.method == "GET":
        links.note_opening(link, now=now)
    return response


def _ask(request: HttpRequest, link: SharedLink) -> HttpResponse:
    form = PasswordForm(sent(request))
    if form.is_bound and form.is_valid():
        try:
            if gate.is_right(request, link, form.cleaned_data["password"]):
                response = HttpResponseRedirect(request.path)
                gate.remember(response, link, path=request.path)
                return response
        except gate.TooManyTries:
            return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        form.refuse(_("This is not the password."), field="password")
    return page(request, "reports/shared/password.html", context={"form": form}, status=form.status)


def _closed(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    return page(request, "reports/shared/closed.html", context={"number": status.value}, status=status)


def _sealed(response: HttpResponse, link: SharedLink | None = None) -> HttpResponse:
    """Keep the answer out of caches, search engines and other sites' logs; frame it only where the link says so."""
    for name, value in HEADERS.items():
        response[name] = value
    if link is not None:
        response["Content-Language"] = link.language
    if link is not None and link.frame_origin:
        # Read by the middlewares of django-csp and Django.
        response._csp_replace = {"frame-ancestors": [link.frame_origin]}  # type: ignore[attr-defined]  # noqa: SLF001
        response.xframe_options_exempt = True
    return response

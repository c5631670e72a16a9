"""Where a reader ends a scheduled report, without sign-in: by a button, or by their mail program's (RFC 8058)."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reports.mailed import leaving, schedules
from reports.mailed.readers import language_of
from workspaces import scope

HEADERS = {
    "Referrer-Policy": "no-referrer",  # the address is the right to leave: no other site may hear of it
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-store",
}


# The program of a mail provider has no cookie and no page: what it shows is the signed address.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, signed: str) -> HttpResponse:
    """Ask before anything changes: programs open the links of mails. A POST ends it; a second one changes nothing."""
    recipient = leaving.find(signed)
    if recipient is None:
        response = render(request, "reports/mails/leave.html", {"recipient": None}, status=HTTPStatus.NOT_FOUND)
    else:
        if request.method == "POST":
            with scope.in_workspace(recipient.workspace_id):
                schedules.leave(recipient, now=timezone.now())
        has_left = request.method == "POST" or recipient.left_at is not None
        with translation.override(language_of(recipient, recipient.schedule)):
            response = render(request, "reports/mails/leave.html", {"recipient": recipient, "has_left": has_left})
    for name, value in HEADERS.items():
        response[name] = value
    return response

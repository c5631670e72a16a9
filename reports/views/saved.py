"""The pages on which saved questions, segments and metrics go."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from reports import saving
from reports.saving import Draft, Savable
from workspaces.access import MemberRequest
from workspaces.forms import Form, sent, submit
from workspaces.pages import page


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where questions of one kind are: the name of their page's address, and what it is called."""

    url_name: str
    label: str | Promise

    def address(self, request: MemberRequest) -> str:
        """Give the page's address."""
        return reverse(self.url_name, args=[request.workspace.slug])


def take_away(request: MemberRequest, found: Savable, draft: Draft, shelf: Shelf) -> HttpResponse:
    """Ask, then remove; the audit trail keeps the draft."""
    text = _("Its figures go with it; the events stay. The audit trail keeps that it was there.")

    def remove() -> None:
        saving.remove(found, draft, by=request.member, now=timezone.now())

    return ask_to_remove(request, found, remove, shelf, text=text)


def ask_to_remove(
    request: MemberRequest, found: Savable, remove: Callable[[], None], shelf: Shelf, *, text: str
) -> HttpResponse:
    """Ask, then do as `remove` does; `text` says what goes and what stays."""
    form = Form(sent(request))

    def act() -> str:
        remove()
        messages.success(request, _("%(name)s was removed.") % {"name": found})
        return shelf.address(request)

    context = {
        "form": form,
        "title": _('Remove "%(name)s"?') % {"name": found},
        "text": text,
        "submit": _("Remove"),
        "cancel_url": found.get_absolute_url(),
        "shelf_url": shelf.address(request),
        "shelf": shelf.label,
    }
    return submit(request, form, act) or page(request, "reports/saved_form.html", context=context, status=form.status)

"""Does what a form asks for, once, however often it is sent."""

import uuid
from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from workspaces.forms.base import TOKEN, Base
from workspaces.models import Submission
from workspaces.refusal import Refusal


def sent(request: HttpRequest) -> QueryDict | None:
    """Give what a form was sent with, to be its first argument; an empty one was sent all the same."""
    return request.POST if request.method == "POST" else None


def submit(request: HttpRequest, form: Base, act: Callable[[], Model | str]) -> HttpResponse | None:
    """Do the act of a sent and valid form, and lead to what it made; None where the form is to be shown (again).

    act   does the work and gives the row to lead to (by its get_absolute_url) or an address; what it raises as
          Refusal is undone whole and shown on the form

    The same form sent twice does the act once: the second time leads to what the first one made.
    """
    if not form.is_bound or not form.is_valid():
        return None
    try:
        address, is_new = _once(cast(int, request.user.pk), form.cleaned_data.get(TOKEN) or uuid.uuid4(), act)
    except Refusal as refusal:
        form.refuse(str(refusal), field=refusal.field)
        return None
    if not is_new:
        messages.info(request, _("This form was sent before; this is what it saved then."))
    return lead(request, address)


def lead(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser to the address, by htmx's own header where htmx asked."""
    details = getattr(request, "htmx", None)
    if details and not details.boosted:
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


@transaction.atomic
def _once(user_id: int, token: uuid.UUID, act: Callable[[], Model | str]) -> tuple[str, bool]:
    # The unique row is the lock: a second submit waits here until the first one's transaction has ended.
    submission, is_new = Submission.objects.get_or_create(user_id=user_id, token=token)
    if is_new:
        made = act()
        submission.address = made if isinstance(made, str) else made.get_absolute_url()  # type: ignore[attr-defined]
        submission.save(update_fields=["address"])
    return submission.address, is_new

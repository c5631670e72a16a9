"""Leads the signed-out to the sign-in, and keeps what they were about to send."""

import secrets

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse

from workspaces.forms import lead

KEPT = "interrupted"  # the session's key; one form at most
LARGEST = 64 * 1024  # bytes of a kept form: a session is a row, and anyone can make one
UNKEPT = frozenset({"csrfmiddlewaretoken"})


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Answer with the sign-in, from where the way leads back to this page, or to the form that was being sent."""
    details = getattr(request, "htmx", None)
    address = request.get_full_path()
    if request.method == "POST":
        address = (
            reverse("workspaces:resume", args=[key]) if (key := _keep(request)) else resolve_url("workspaces:home")
        )
    elif details:  # a fragment is no page to come back to
        address = details.current_url_abs_path or resolve_url("workspaces:home")
    return lead(request, redirect_to_login(address)["Location"])


def kept(request: HttpRequest, key: str) -> tuple[str, list[tuple[str, str]]] | None:
    """Give the address and the fields of the kept form; None where the session has it not."""
    found = request.session.get(KEPT) or {}
    if found.get("key") != key:
        return None
    return found["address"], [(name, value) for name, value in found["fields"]]


def _keep(request: HttpRequest) -> str | None:
    if request.FILES:
        return None
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name not in UNKEPT]
    if sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return None
    key = secrets.token_urlsafe(16)
    request.session[KEPT] = {"key": key, "address": request.get_full_path(), "fields": fields}
    return key

"""Renders a page, or for htmx the named part of it; sets Vary; the one place that knows."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page(
    request: HttpRequest,
    template: str,
    *,
    part: str | None = None,
    context: Mapping[str, Any] | None = None,  # whatever the template shows
    status: int = 200,
) -> HttpResponse:
    """Answer with the template; a request of htmx gets its partial `part` alone.

    A boosted or history-restoring request of htmx gets the whole page: it replaces the whole body.
    """
    named = f"{template}#{part}" if part and is_part(request) else template
    response = render(request, named, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


def is_part(request: HttpRequest) -> bool:
    """Say whether the request wants a part of the page alone, where the page has one."""
    details = getattr(request, "htmx", None)
    return bool(details and not details.boosted and not details.history_restore_request)

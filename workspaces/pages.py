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
    details = getattr(request, "htmx", None)
    partial = part and details and not details.boosted and not details.history_restore_request
    response = render(request, f"{template}#{part}" if partial else template, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response

"""The navigation as data: groups, items, and who may see each."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:  # a template's context
    """Give every template the workspace, the member and the navigation they may use."""
    return {
        "workspace": getattr(request, "workspace", None),
        "member": getattr(request, "member", None),
        "navigation": [],
    }

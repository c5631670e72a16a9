"""What mails and pages without sign-in say by language: `{{ at|long_moment:zone }}`, `{% languages %}`."""

from datetime import datetime, tzinfo
from typing import Any

from django import template
from django.template import RequestContext
from django.utils.translation import get_language

from workspaces.languages import choices, long_day

register = template.Library()


@register.filter
def long_moment(value: datetime, zone: tzinfo) -> str:
    """Write a moment on the workspace's clock in running text: "6 December 2026, 14:30"."""
    local = value.astimezone(zone)
    return f"{long_day(local.date())}, {local:%H:%M}"


@register.inclusion_tag("components/languages.html", takes_context=True)
def languages(context: RequestContext) -> dict[str, Any]:  # what the template shows
    """Offer every language by its own name; nothing where there is no request, or who is here has a profile."""
    request = context.get("request")
    if request is None or request.user.is_authenticated:
        return {"offered": ()}
    here = {"next": request.get_full_path(), "csrf_token": context.get("csrf_token")}
    return {"offered": choices(), "now": get_language(), **here}

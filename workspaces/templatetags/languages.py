"""The choice of a language on pages without sign-in: `{% languages %}`."""

from typing import Any

from django import template
from django.template import RequestContext
from django.utils.translation import get_language

from workspaces.languages import choices

register = template.Library()


@register.inclusion_tag("components/languages.html", takes_context=True)
def languages(context: RequestContext) -> dict[str, Any]:  # what the template shows
    """Offer every language by its own name; nothing where there is no request, or who is here has a profile."""
    request = context.get("request")
    is_offered = request is not None and not request.user.is_authenticated
    here = {"next": request.get_full_path(), "csrf_token": context.get("csrf_token")} if is_offered else {}
    return {"offered": choices() if is_offered else (), "now": get_language(), **here}

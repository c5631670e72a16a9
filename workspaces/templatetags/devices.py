"""Names the browser and system of a session: `{{ session.user_agent|device }}`."""

from django import template
from django.utils.translation import gettext as _
from ua_parser import parse

register = template.Library()

LONGEST = 500  # letters that are looked at; a longer one is no browser's


@register.filter
def device(user_agent: str) -> str:
    """Give "Firefox on Mac OS X"; what is not recognised is said to be unknown."""
    found = parse(user_agent[:LONGEST])
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("unknown program")

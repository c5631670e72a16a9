"""`{% of_reader "nav" label=nav_label %}`: a part of the page that is the reader's own."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from workspaces import chrome

register = template.Library()


@register.simple_tag(takes_context=True)
def of_reader(context: Context, name: str, label: str = "") -> SafeString:
    """Give the named part of workspaces.chrome, or leave its mark on a page that is kept."""
    return chrome.part(context, name, label)

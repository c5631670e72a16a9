"""Writes a KPI's value in its own unit: `{% amount kpi.actual kpi.kind kpi.currency %}`."""

from django import template
from django.utils.safestring import SafeString

from reports.templatetags import figures

register = template.Library()


@register.simple_tag
def amount(value: float | None, kind: str, currency: str) -> SafeString:
    """Write a count, a rate (kind "percent"), an amount in micros (kind "money") or a number with two decimals."""
    if kind == "percent":
        return figures.percent(value)
    if kind == "money":
        return figures.money(None if value is None else round(value), currency)
    if kind == "number" and value is not None:
        return figures.decimal(value)
    return figures.count(value)

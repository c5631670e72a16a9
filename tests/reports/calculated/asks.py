"""Metrics of a shop's own."""

from typing import Any

from reports.models import CalculatedMetric
from workspaces import scope
from workspaces.models import Workspace


def save(shop: Workspace, formula: str, name: str = "Own", **fields: Any) -> CalculatedMetric:
    """Save a metric; its short name is its name in small letters."""
    with scope.in_workspace(shop.pk):
        return CalculatedMetric.objects.create(
            workspace=shop, name=name, slug=name.lower().replace(" ", "-"), formula=formula, **fields
        )

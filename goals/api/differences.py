"""What differs between two documents, as programs read it."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from goals.differing import Change, differences
from goals.document import Document
from workspaces.serializers import Strict

_PLAIN = ("table", "name", "column", "before", "after")


@extend_schema_serializer(component_name="PlanDifference")
class DifferenceShape(Strict):
    """One thing that differs."""

    table = serializers.CharField()
    address = serializers.ListField(child=serializers.CharField(), help_text="What names the row in its table.")
    name = serializers.CharField()
    change = serializers.ChoiceField([each.value for each in Change])
    column = serializers.CharField(help_text="The value that differs; empty for the row as a whole.")
    before = serializers.CharField()
    after = serializers.CharField()


def told(before: Document, after: Document) -> list[dict[str, Any]]:  # JSON values, shaped as above
    """Name what differs, table by table."""
    return [
        {name: getattr(one, name) for name in _PLAIN} | {"address": list(one.address), "change": one.change.value}
        for one in differences(before, after)
    ]

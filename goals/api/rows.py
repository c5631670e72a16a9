"""Rows of a document as serializers, made of the tables' columns, so that both know the same values."""

from dataclasses import fields
from decimal import InvalidOperation
from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from goals import cells
from goals.api.fields import RulesField
from goals.columns import TABLES
from goals.definition import COLUMNS, Definition
from goals.document import FORMAT, LISTS, Document
from goals.models import Counting, ValueRule
from goals.references import Several
from goals.rows import PlanRow
from goals.tables import Column, Misread, Table
from workspaces.serializers import UNKNOWN, Strict

MOST_ROWS = 2_000  # of one list


@extend_schema_field(
    {
        "type": "object",
        "required": ["rules"],
        "properties": {"rules": {"type": "array"}, "counting": {"type": "string"}, "value_rule": {"type": "string"}},
        "additionalProperties": True,
    }
)
class DefinitionField(serializers.Field[Any, Any, Any, Any]):
    """What counts and how, with the members of a goal's definition."""

    def to_internal_value(self, data: Any) -> Definition:
        """Read it; unknown members are refused, missing ones are as usual."""
        if not isinstance(data, dict):
            raise serializers.ValidationError("Send an object.", "not_an_object")
        strangers = {name: [ErrorDetail(UNKNOWN, "unknown_field")] for name in data if name not in {"rules", *COLUMNS}}
        if strangers:
            raise serializers.ValidationError(strangers)
        values = {
            name: _checked(TABLES["goals"].column(name), value) for name, value in data.items() if name != "rules"
        }
        for name, kind in (("counting", Counting), ("value_rule", ValueRule)):
            if name in values:
                values[name] = kind(values[name])
        rules = RulesField().to_internal_value(data["rules"]) if data.get("rules") else ()
        return Definition(rules=rules, **values)

    def to_representation(self, value: Any) -> Any:
        """Give it as it is kept."""
        return value


class RowSerializer(Strict):
    """One row; `validated_data` is the row itself."""

    table: Table

    def to_internal_value(self, data: Any) -> Any:
        """Check each value by its column."""
        given = super().to_internal_value(data)
        faults: dict[str, Any] = {}
        for column in self.table.columns:
            if column.key in given:
                try:
                    given[column.key] = _checked(column, given[column.key])
                except serializers.ValidationError as fault:
                    faults[column.key] = fault.detail
        if faults:
            raise serializers.ValidationError(faults)
        return self.table.row(**given)


def document_field(key: str, *, many: bool = False) -> Any:  # a serializer
    """Give the serializer of a table's rows."""
    table = TABLES[key]
    needed = {column.key for column in table.columns if column.needed} | set(table.address)
    parts: dict[str, Any] = {"table": table, "__doc__": f"A row of {key}."}
    for each in fields(table.row):  # type: ignore[arg-type]  # rows are dataclasses
        parts[each.name] = _field(table, each.name, is_needed=each.name in needed)
    made = type(f"Document{table.row.__name__}", (RowSerializer,), parts)
    return made(many=True, default=list, max_length=MOST_ROWS) if many else made()


def lists_of_document() -> tuple[Any, ...]:
    """Give the serializers of the lists, in the order of goals.document.LISTS."""
    return tuple(document_field(key, many=True) for key in LISTS)


def document_of_sent(given: dict[str, Any]) -> Document:
    """Make the document of what was sent and checked."""
    head: PlanRow = given["plan"]
    lists: dict[str, Any] = {key: tuple(given[key]) for key in LISTS}
    return Document(head, **lists)


def _field(table: Table, name: str, *, is_needed: bool) -> serializers.Field[Any, Any, Any, Any]:
    more: dict[str, Any] = {} if is_needed else {"required": False}
    if name == "definition":
        return DefinitionField(**more)
    if name == "version":
        return serializers.IntegerField(min_value=1, required=False)
    cell = table.column(name).cell
    if isinstance(cell, cells.YesNo):
        return serializers.BooleanField(**more)
    if isinstance(cell, Several):
        return serializers.ListField(child=serializers.CharField(max_length=200), max_length=200, **more)
    if isinstance(cell, cells.Choice):
        return serializers.ChoiceField(list(cell.choices), allow_blank=not is_needed, **more)
    return serializers.CharField(allow_blank=not is_needed, max_length=2_000, **more)


def _checked(column: Column, value: Any) -> Any:
    """Give the value as the column keeps it; what it would not write itself is refused."""
    kept = tuple(value) if isinstance(value, list) else value
    try:
        read = column.read(column.text(kept))
    except Misread as misread:
        raise serializers.ValidationError(misread.message, "misread") from None
    except (InvalidOperation, ValueError, TypeError, AttributeError):
        raise serializers.ValidationError("This value can't be used here.", "invalid") from None
    return read


@extend_schema_serializer(component_name="PlanDocument")
class PlanDocument(Strict):
    """Everything that a plan says, or said in a version."""

    format = serializers.ChoiceField([FORMAT])
    plan = document_field("plan")
    objectives, questions, segments, goals, kpis, targets, specs, parameters, reportings = lists_of_document()

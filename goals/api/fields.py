"""Fields of the API that goals alone have: rules, and amounts as exact decimals."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from goals.conditions import Misstated, Rule, parse
from goals.models import Format
from workspaces.models import Membership, Workspace

MICROS = Decimal(1_000_000)
_CONDITION = {
    "type": "object",
    "required": ["field", "operator"],
    "properties": {
        "field": {"type": "string"},
        "operator": {"type": "string"},
        "key": {"type": "string", "description": "Of a property."},
        "value": {"description": "A text, a number, true or false; for one_of a list of them."},
    },
}


@extend_schema_field({"type": "array", "items": {"type": "array", "items": _CONDITION}})
class RulesField(serializers.Field[Any, Any, Any, Any]):
    """A list of rules, each a list of conditions: docs/reference/mapping-rules.md; [] while the goal is not tracked."""

    def to_internal_value(self, data: Any) -> tuple[Rule, ...]:
        """Read the rules; each fault goes to its own pointer: /rules/0/1/value."""
        if data == []:
            return ()
        try:
            return parse(data)
        except Misstated as misstated:
            raise serializers.ValidationError(_nested(misstated)) from None

    def to_representation(self, value: Any) -> Any:
        """Give the rules as they are kept."""
        return value


def _nested(misstated: Misstated) -> Any:  # DRF's nested detail
    found: dict[str, Any] = {}
    for fault in misstated.faults:
        place = found
        for step in fault.pointer.split("/")[1:]:
            place = place.setdefault(step, {})
        place.setdefault("non_field_errors", []).append(ErrorDetail(fault.sentence, fault.code))
    return found


class AmountField(serializers.DecimalField):
    """An amount in units of its currency, as a decimal text; kept in millionths."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=18, decimal_places=6, **options)

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]  # kept otherwise than written
        """Give the millionths."""
        return int(super().to_internal_value(data) * MICROS)

    def to_representation(self, value: Any) -> Any:
        """Give the amount without needless zeros."""
        return f"{(Decimal(value) / MICROS).normalize():f}"


def kept_number(value: Decimal | None, written_as: Format) -> Decimal | None:
    """Give a target's number as its row keeps it: amounts in millionths."""
    return value * MICROS if value is not None and written_as is Format.MONEY else value


def written_number(value: Decimal | None, written_as: Format) -> str | None:
    """Give a kept number as programs read it: a count, an amount in the currency's unit, or a fraction."""
    if value is None:
        return None
    number = value / MICROS if written_as is Format.MONEY else value
    return f"{number.normalize():f}"


@extend_schema_field({"type": "string", "nullable": True, "description": "The member's e-mail address."})
class OwnerField(serializers.Field[Any, Any, Any, Any]):
    """A member by e-mail address, null for nobody; needs the members in the serializer's context."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_null": True, "default": None, **options})

    def to_internal_value(self, data: Any) -> Membership:
        """Find the member."""
        found: Membership | None = self.context["members"].get(str(data).lower())
        if found is None:
            raise serializers.ValidationError("No member has this address.", "unknown_member")
        return found

    def to_representation(self, value: Any) -> str:
        """Give the address."""
        return str(value.user.email)


@extend_schema_field({"type": "string", "nullable": True, "description": "The short name of a metric of your own."})
class MetricField(serializers.Field[Any, Any, Any, Any]):
    """A metric of the workspace by its short name, null for none; needs the metrics in the serializer's context."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)

    def to_internal_value(self, data: Any) -> Any:  # a CalculatedMetric of the storey above
        """Find the metric."""
        found = self.context["metrics"].filter(slug=str(data)[:120]).first()
        if found is None:
            raise serializers.ValidationError("There is no such metric.", "unknown_metric")
        return found

    def to_representation(self, value: Any) -> str:
        """Give the short name."""
        return str(value.slug)


def words(most: int) -> serializers.CharField:
    """Give a field of words that may be left out."""
    return serializers.CharField(max_length=most, allow_blank=True, default="")


def members_of(workspace: Workspace) -> dict[str, Any]:
    """Give the context that OwnerField and MetricField read."""
    members = workspace.memberships.select_related("user")
    named = {member.user.email.lower(): member for member in members}
    return {"members": named, "metrics": workspace.calculated_metrics.all()}

"""Strict: the base of every serializer of the API; what it does not know, it refuses."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

UNKNOWN = "This field does not exist here."
READ_ONLY = "This field cannot be written."


class Strict(serializers.Serializer[Any]):
    """A serializer whose input may hold its own fields only; nested ones are strict where they inherit it, too."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Refuse unknown and read-only members beside the faults of the known ones."""
        strangers = self._strangers(data) if isinstance(data, dict) else {}
        try:
            value = super().to_internal_value(data)
        except ValidationError as fault:
            if not isinstance(fault.detail, dict):
                raise
            raise ValidationError({**fault.detail, **strangers}) from None
        if strangers:
            raise ValidationError(strangers)
        return dict(value)

    def _strangers(self, data: dict[str, Any]) -> dict[str, list[ErrorDetail]]:
        found = {}
        for name in data:
            field = self.fields.get(name)
            if field is None:
                found[name] = [ErrorDetail(UNKNOWN, "unknown_field")]
            elif field.read_only:
                found[name] = [ErrorDetail(READ_ONLY, "read_only_field")]
        return found


class StrictModel(Strict, serializers.ModelSerializer[Any]):
    """A strict serializer over a model's fields."""

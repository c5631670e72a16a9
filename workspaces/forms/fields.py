"""Form fields that read numbers in people's own way of writing, and money to the millionth."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.formats import get_format

from workspaces import numbers

MICROS = 1_000_000
LARGEST_AMOUNT = Decimal(9_000_000_000_000)  # its millionths still fit the 64 bits of their column


class NumberInput(forms.TextInput):
    """A text input: `type=number` refuses "1 234,5" before it is sent."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, inputmode: str = "decimal") -> None:
        super().__init__({"inputmode": inputmode, "autocomplete": "off"} | (attrs or {}))


def _plain(value: Any) -> Any:  # whatever a form was sent
    decimal = str(get_format("DECIMAL_SEPARATOR"))
    return numbers.plain(value, decimal=decimal) if isinstance(value, str) else value


class IntegerField(forms.IntegerField):
    """A whole number; "12 000" is read as one."""

    def __init__(self, **options: Any) -> None:  # as Django's own
        super().__init__(**{"widget": NumberInput(inputmode="numeric"), **options})

    def to_python(self, value: Any) -> int | None:
        return super().to_python(_plain(value))


class DecimalField(forms.DecimalField):
    """A decimal number; "1 234,5" and "1,234.5" are read as one."""

    def __init__(self, **options: Any) -> None:  # as Django's own
        super().__init__(**{"widget": NumberInput(), **options})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as Django's own
        return super().to_python(_plain(value))


class MicrosField(forms.Field):
    """An amount of money: typed as "1 234,50", kept as millionths of the currency's unit."""

    def __init__(self, *, decimal_places: int = 2, least: Decimal | None = Decimal(0), **options: Any) -> None:
        super().__init__(**{"widget": NumberInput(), **options})
        self._amount = DecimalField(
            required=False, max_digits=19, decimal_places=decimal_places, min_value=least, max_value=LARGEST_AMOUNT
        )

    def to_python(self, value: Any) -> int | None:
        """Give the millionths; an empty field is None."""
        amount = self._amount.clean(value)
        return None if amount is None else int(amount * MICROS)

    def prepare_value(self, value: Any) -> Any:
        """Show kept millionths as an amount; what was typed stays as it was."""
        return f"{Decimal(value) / MICROS:f}" if isinstance(value, int) else value


def field_for(db_field: "models.Field[Any, Any]", **options: Any) -> forms.Field | None:
    """Make the form field of a model's field; numbers get ours. The `formfield_callback` of `ModelForm`."""
    if isinstance(db_field, models.DecimalField) and not db_field.choices:
        options.setdefault("form_class", DecimalField)
    elif isinstance(db_field, models.IntegerField) and not db_field.choices:
        options.setdefault("form_class", IntegerField)
    return db_field.formfield(**options)

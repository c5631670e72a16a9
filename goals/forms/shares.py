"""A share that is typed in per cent and kept as a fraction: "95" is 0.95."""

from decimal import Decimal
from typing import Any

from django import forms

from workspaces.forms import DecimalField, NumberInput

HUNDRED = Decimal(100)


class ShareField(forms.Field):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": NumberInput(), "required": False, **options})
        self._number = DecimalField(
            required=False, max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=HUNDRED
        )

    def to_python(self, value: Any) -> Decimal | None:
        """Give the fraction; an empty field is None."""
        number = self._number.clean(value)
        return None if number is None else (number / HUNDRED).quantize(Decimal("0.0001"))

    def prepare_value(self, value: Any) -> Any:
        """Show a kept fraction in per cent; what was typed stays as it was."""
        return f"{(value * HUNDRED).normalize():f}" if isinstance(value, Decimal) else value

"""Values within Matomo's parameters: JSON that is written into a text, numbers, and the lines of an order."""

import re
from decimal import Decimal
from typing import Any

from tracking.protocols.json_items import Decoded, Json
from tracking.protocols.translating import one_object, order_line, plain

_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?")


def listed(text: str) -> Any:  # Any: JSON
    """Give the JSON that a parameter holds, None where it holds none that can be read."""
    if text[:1] not in {"[", "{"}:
        return None
    wrapped = one_object(b'{"it":%b}' % text.encode("utf-8", "replace"))
    return wrapped.fields["it"] if isinstance(wrapped, Decoded) and len(wrapped.fields) == 1 else None


def number(text: str) -> Decimal | str:
    """Give a number where the text is one, else the text."""
    return Decimal(text) if _NUMBER.fullmatch(text) else text


def lines_of(text: str) -> list[Json] | None:
    """Give the lines of an order from `[[sku, name, category or categories, price, quantity], ...]`."""
    lines = listed(text)
    return [_line(each) for each in lines if isinstance(each, list)] if isinstance(lines, list) else None


def _line(line: list[Any]) -> Json:
    sku, name, category, price, quantity = [*line, *[None] * 5][:5]
    categories = category if isinstance(category, list) else [category]
    kept = [each for each in categories if isinstance(each, str) and each]
    further = {f"item_category{place}": each for place, each in enumerate(kept[1:5], 2)}
    return order_line(
        id=None if plain(sku) is None else str(sku),
        name=plain(name),
        category=kept[0] if kept else None,
        price=_exact(price),
        quantity=_exact(quantity),
        **further,
    )


def _exact(value: Any) -> Any:
    return number(value) if isinstance(value, str) else plain(value)

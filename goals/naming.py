"""Short names for addresses, made of what people called a thing."""

from collections.abc import Container
from typing import Any

from django.db.models import Manager, QuerySet
from django.utils.text import slugify

MAX_CHARS = 100  # leaves room for a number within the column's 120
# Letters that no accent makes: left out, "kjøp" and "kjp" would share an address.
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "ð": "d", "þ": "th", "ß": "ss", "Æ": "ae", "Ø": "o"})


def free_slug(taken: "QuerySet[Any] | Manager[Any]", name: str, *, wanted: str = "") -> str:
    """Give a short name that no row of `taken` has yet, numbered where it must be; the wanted one where it is free."""
    if wanted and not taken.filter(slug=wanted).exists():
        return wanted
    base = slug_of(wanted or name)
    return numbered(base, set(taken.filter(slug__startswith=base).values_list("slug", flat=True)))


def slug_of(name: str) -> str:
    """Make a short name of what people called a thing."""
    return slugify(name.translate(_LETTERS))[:MAX_CHARS] or "x"


def numbered(base: str, taken: Container[str]) -> str:
    """Give the short name, with the first free number where it is taken."""
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"

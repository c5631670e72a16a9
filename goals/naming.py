"""Short names for addresses, made of what people called a thing."""

from typing import Any

from django.db.models import Manager, QuerySet
from django.utils.text import slugify

MAX_CHARS = 100  # leaves room for a number within the column's 120
# Letters that no accent makes: left out, "kjøp" and "kjp" would share an address.
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "ð": "d", "þ": "th", "ß": "ss", "Æ": "ae", "Ø": "o"})


def free_slug(taken: "QuerySet[Any] | Manager[Any]", name: str) -> str:
    """Give a short name that no row of `taken` has yet, numbered where it must be."""
    base = slugify(name.translate(_LETTERS))[:MAX_CHARS] or "x"
    slugs = set(taken.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in slugs:
        return base
    number = 2
    while f"{base}-{number}" in slugs:
        number += 1
    return f"{base}-{number}"

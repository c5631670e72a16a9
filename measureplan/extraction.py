"""Finds every text for people in the sources: gettext's calls in Python, `translate` and its kin in templates.

Django's own `templatize` turns a template into something like Python, and Babel reads both; no program of the system
is needed.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGES: Final = ("measureplan", "reports", "forwarding", "goals", "tracking", "workspaces")
# Which arguments of a call are texts: singular, plural, and "c" for the context that tells two uses apart.
PLAIN, PLURAL = None, (1, 2)
IN_CONTEXT, PLURAL_IN_CONTEXT = ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS: Final = {
    "_": PLAIN,
    "gettext": PLAIN,
    "gettext_lazy": PLAIN,
    "gettext_noop": PLAIN,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": IN_CONTEXT,
    "pgettext_lazy": IN_CONTEXT,
    "npgettext": PLURAL_IN_CONTEXT,
    "npgettext_lazy": PLURAL_IN_CONTEXT,
}
NOTE: Final = "Translators:"  # a comment that begins so, above a text, goes along into the catalogues


@dataclass(frozen=True, slots=True)
class Text:
    """One text where it stands: (singular, plural) where it counts something."""

    id: str | tuple[str, str]
    context: str | None
    notes: tuple[str, ...]
    place: str  # file:line, for the listing; catalogues don't keep it


def texts() -> Iterator[Text]:
    """Give every text of the sources, in the order of files and lines."""
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        source = path.read_text(encoding="utf-8")
        code = _as_code(source, place) if path.suffix in {".html", ".txt"} else source
        found = extract("python", io.BytesIO(code.encode()), KEYWORDS, (NOTE,), {"encoding": "utf-8"}, True)
        for line, message, notes, context in found:
            singular_or_both = message if isinstance(message, str) else (message[0], message[1])
            yield Text(singular_or_both, context, tuple(notes), f"{place}:{line}")


def sources() -> Iterator[Path]:
    """Give the files that may hold texts, sorted."""
    for package in PACKAGES:
        yield from sorted(path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def catalogue_of(found: Iterable[Text]) -> Catalog:
    """Give the texts as a catalogue without translations."""
    catalogue = Catalog(charset="utf-8")
    for text in found:
        catalogue.add(text.id, context=text.context, auto_comments=text.notes)
    return catalogue


def _as_code(source: str, place: str) -> str:
    # Indentation means something to Python and nothing here.
    return re.sub(r"^[ \t]+", "", templatize(source, origin=place), flags=re.MULTILINE)

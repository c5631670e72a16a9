"""From a book and its matches to what the plan would be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import get_format

from goals.document import Document
from goals.sheets.book import Book
from goals.sheets.entries import Entry, of_table
from goals.sheets.filling import Filled, fill
from goals.sheets.marks import decimal_of
from goals.sheets.matching import LEFT_OUT, OUTLINE_KIND, Match
from goals.sheets.outline_reading import of_outline


@dataclass(frozen=True, slots=True)
class Reading:
    """How a book is read.

    decimal          its decimal mark; "" while nobody has said, so that it is found out
    remove_missing   whether what its tables don't have is left out
    """

    matches: tuple[Match, ...]
    decimal: str = ""
    remove_missing: bool = False


def read(book: Book, reading: Reading, before: Document, *, members: Mapping[str, str]) -> tuple[Filled, str]:
    """Give the plan as the book makes it of what it was, and the decimal mark of its texts."""
    entries = entries_of(book, reading.matches, before)
    decimal = reading.decimal or decimal_of(entries, usual=usual_mark(book))
    filled = fill(entries, before, members=members, decimal=decimal, remove_missing=reading.remove_missing)
    return filled, decimal


def entries_of(book: Book, matches: Sequence[Match], before: Document) -> list[Entry]:
    """Give what the lines of every sheet say."""
    found: list[Entry] = []
    for sheet, match in zip(book.sheets, matches, strict=True):
        if match.kind == OUTLINE_KIND:
            found += of_outline(sheet, match, before)
        elif match.kind != LEFT_OUT:
            found += of_table(sheet, match)
    return found


def usual_mark(book: Book) -> str:
    """Give the decimal mark that goes with the sign between cells; without one the reader's own."""
    if book.delimiter in {";", ","}:
        return "," if book.delimiter == ";" else "."
    return str(get_format("DECIMAL_SEPARATOR"))

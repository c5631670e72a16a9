"""A plan as CSV: one file of the outline, or every table in a ZIP that reads back without loss."""

import csv
import io
import zipfile
from collections.abc import Iterable
from typing import Final

from django.utils.formats import get_format

from goals.document import Document
from goals.sheets.grids import grids_of
from goals.sheets.inert import inert
from goals.sheets.outline import outline_lines

# A fixed time in each member: the same plan gives the same file, byte by byte.
_MADE: Final = (2000, 1, 1, 0, 0, 0)


def csv_of(lines: Iterable[Iterable[str]]) -> bytes:
    """Write the lines as UTF-8 with its mark, which lets Excel see it.

    The sign between cells is the one that spreadsheets of the reader's language expect: a semicolon where the comma
    is the decimal mark.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter())
    writer.writerows([inert(cell) for cell in line] for line in lines)
    return written.getvalue().encode("utf-8-sig")


def delimiter() -> str:
    """Give what parts the cells in the reader's language."""
    return ";" if get_format("DECIMAL_SEPARATOR") == "," else ","


def outline_csv(document: Document) -> bytes:
    """Write goals, KPIs and targets as one table that people can read."""
    return csv_of(outline_lines(document))


def tables_zip(document: Document) -> bytes:
    """Write every table as a CSV file of its own."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, grid in enumerate(grids_of(document), start=1):
            # The names are the same in every language: programs look for them.
            archive.writestr(zipfile.ZipInfo(f"{number:02}-{grid.table.key}.csv", _MADE), csv_of(grid.lines()))
    return packed.getvalue()

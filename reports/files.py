"""A table as a file to keep: CSV, or a workbook that also says what was asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse

from reports.exports import Cell, as_csv
from reports.goal_page import Fact
from reports.workbooks import as_xlsx

CSV, XLSX = "csv", "xlsx"


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds.

    name    of the file, without its ending
    rows    the head first
    about   what was asked, and how it was computed; CSV has no place for it
    """

    name: str
    rows: Sequence[Sequence[Cell]] = ()
    about: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True)
class Format:
    content_type: str
    write: Callable[[Table], str | bytes]


FORMATS: Final[Mapping[str, Format]] = {
    CSV: Format("text/csv; charset=utf-8", lambda table: as_csv(table.rows)),
    XLSX: Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda table: as_xlsx(table.rows, table.about),
    ),
}


def file_of(table: Table, kind: str) -> HttpResponse:
    """Give the table as a file; `kind` is a key of FORMATS."""
    made = FORMATS[kind]
    response = HttpResponse(made.write(table), content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{kind}"'
    return response

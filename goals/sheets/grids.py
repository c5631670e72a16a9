"""Grids: a plan's tables as rows of texts under headings in the reader's language; files are made of these."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from goals.columns import TABLES
from goals.document import Document
from goals.tables import Column, Table, Value

HEAD: Final = "plan"  # its one row stands upright: a value below another, each beside its name


@dataclass(frozen=True, slots=True)
class Grid:
    """One table of a plan.

    columns   as they stand, left to right
    rows      values of the document, in the columns' order
    """

    table: Table
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def title(self) -> str:
        """Give the name of the sheet."""
        return str(self.table.many)

    @property
    def is_upright(self) -> bool:
        """Say whether each column is a line of its own."""
        return self.table.key == HEAD

    def lines(self) -> Iterable[list[str]]:
        """Give the texts, headings first."""
        if self.is_upright:
            yield list(upright_headings())
            for column, value in zip(self.columns, self.rows[0], strict=True):
                yield [str(column.label), column.text(value)]
            return
        yield [str(column.label) for column in self.columns]
        for row in self.rows:
            yield [column.text(value) for column, value in zip(self.columns, row, strict=True)]


def grids_of(document: Document) -> list[Grid]:
    """Give every table of the plan, those without rows too: they show what belongs there."""
    return [
        Grid(table, table.columns, tuple(tuple(column.of(row) for column in table.columns) for row in rows))
        for table, rows in ((table, table.rows_of(document)) for table in TABLES.values())
    ]


def upright_headings() -> tuple[str, str]:
    """Give the headings of the plan's head."""
    return _("Field"), _("Value")

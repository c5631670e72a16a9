"""Column, Table: what a table of the plan is made of. `goals.columns` has the tables themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from goals.cells import Cell, LookUps, Unreadable, Words
from goals.definition import Definition
from goals.document import Document
from goals.models import Counting, ValueRule
from goals.rows import GoalRow, Row
from workspaces.refusal import Refusal

Value = Any  # a value of a document's row: text, number, yes or no, a tuple of texts, rules
DEFINITION: Final = frozenset(Definition.__dataclass_fields__)


class Misread(Refusal):
    """A text can't be read as a value of its column: which column, what was written, why and what to do."""

    code = "misread"
    status = 400

    def __init__(self, column: "Column", value: str, message: str) -> None:
        parts = {"column": column.label, "value": value[:80], "message": message}
        super().__init__(_('%(column)s: "%(value)s" can\'t be read. %(message)s') % parts)
        self.column, self.value, self.message = column, value, message
        self.field = column.key


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    key      the value's name in the document's row, or in its definition
    help     a sentence about what belongs there, for heads of columns and comments in spreadsheets
    needed   whether an empty text is refused
    empty    what an empty text reads as, where it is not what the cell makes of it: the usual choice
    """

    key: str
    label: Words
    cell: Cell
    help: Words = ""
    needed: bool = False
    empty: Value = None

    def of(self, row: Row) -> Value:
        """Give the row's value in this column."""
        return getattr(row.definition if self.key in DEFINITION and isinstance(row, GoalRow) else row, self.key)

    def text(self, value: Value) -> str:
        """Write the value for the reader, as `read` takes it back."""
        return self.cell.text(value)

    def read(self, text: str, looks: LookUps | None = None) -> Value:
        """Read what somebody wrote; raise Misread where it says no value.

        looks   what references are checked against and found in by name; None: they are taken as they are
        """
        written = text.strip()
        if not written:
            if self.needed:
                raise Misread(self, text, _("It is needed; fill it in."))
            if self.empty is not None:
                return self.empty
        try:
            return self.cell.read(written, looks)
        except Unreadable as unreadable:
            raise Misread(self, written, str(unreadable)) from None


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of row.

    key        of the document's list, "plan" for the head
    label      of one row; `many` of all of them
    row        the class of the document's rows
    address    the columns that together name one row
    beside     the columns that rows share which stand beside each other, in the order that people gave them
    """

    key: str
    label: Words
    many: Words
    row: type[Row]
    address: tuple[str, ...]
    columns: tuple[Column, ...]
    beside: tuple[str, ...] = ()

    def column(self, key: str) -> Column:
        """Give the column of that key; raise KeyError where there is none."""
        return next((each for each in self.columns if each.key == key), None) or self._missing(key)

    def rows_of(self, document: Document) -> tuple[Row, ...]:
        """Give the document's rows of this kind."""
        return (document.plan,) if self.key == "plan" else getattr(document, self.key)

    def address_of(self, row: Row) -> tuple[str, ...]:
        """Give what names the row among its kind."""
        return tuple(getattr(row, key) for key in self.address)

    def group_of(self, row: Row) -> tuple[Value, ...]:
        """Give what the row shares with those that it stands beside."""
        return tuple(getattr(row, key) for key in self.beside)

    def make(self, values: Mapping[str, Value]) -> Row:
        """Make a row of values by their columns; what is left out is as usual, what is needed must be there."""
        given = {key: value for key, value in values.items() if key not in DEFINITION or self.row is not GoalRow}
        if self.row is GoalRow:
            defined = {key: value for key, value in values.items() if key in DEFINITION}
            given["definition"] = _definition(Definition(()), defined)
        return self.row(**given)

    def changed(self, row: Row, values: Mapping[str, Value]) -> Row:
        """Give the row with some values written anew."""
        given = {key: value for key, value in values.items() if key not in DEFINITION or self.row is not GoalRow}
        if isinstance(row, GoalRow):
            defined = {key: value for key, value in values.items() if key in DEFINITION}
            given["definition"] = _definition(row.definition, defined)
        return replace(row, **given)  # type: ignore[type-var]  # each row is a dataclass

    def _missing(self, key: str) -> Column:
        raise KeyError(f"{self.key} has no column {key!r}")


def _definition(definition: Definition, values: Mapping[str, Value]) -> Definition:
    kept = dict(values)
    for name, kind in (("counting", Counting), ("value_rule", ValueRule)):
        if name in kept:
            kept[name] = kind(kept[name])
    return replace(definition, **kept)

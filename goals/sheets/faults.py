"""What is said of a cell or a row that is not taken."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.cells import Words

# By the fault of a `book.Cell`.
CELLS: Final[dict[str, Words]] = {
    "no_result": gettext_lazy(
        "The cell is a formula without a saved result. Open the file in a spreadsheet program and save it, or write "
        "the value itself."
    ),
    "error_value": gettext_lazy("The cell shows an error. Mend its formula, or write the value itself."),
    "no_day": gettext_lazy("The cell is shown as a date, and its number is none. Write a day, such as 2026-11-21."),
}


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is not taken: where it stands, which of its cells is why ("" for the whole row), and the reason."""

    sheet: str
    line: int
    column: str
    value: str
    reason: str

    def as_json(self) -> dict[str, Any]:  # a JSON value
        """Give it as a PlanFile keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Reject":  # as `as_json` gives it
        """Read what `as_json` gave."""
        return cls(**kept)


def headings() -> list[str]:
    """Give the headings of a file of rejects, in the order of the fields."""
    return [_("Sheet"), _("Line"), _("Column"), _("Value"), _("What is wrong")]

"""Forms of files: the file itself, how its sheets and columns are matched, and the word to take it in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.columns import TABLES
from goals.sheets.book import Book, Sheet
from goals.sheets.limits import MOST_BYTES
from goals.sheets.matching import LEFT_OUT, OUTLINE_KIND, Match, fields_of, headings_of, match_sheet
from goals.sheets.reading import Reading
from workspaces.forms import Form


class FileForm(Form):
    """A spreadsheet."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("An Excel workbook (.xlsx), a CSV file, or a ZIP of CSV files; 20 MB at most."),
        widget=forms.FileInput({"accept": ".xlsx,.csv,.txt,.tsv,.zip"}),
    )

    def clean_file(self) -> Any:  # an uploaded file
        """Refuse what is too large before it is read."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(_("The file has more than 20 MB; leave out what is no plan."), "file_too_large")
        return sent


class TakeInForm(Form):
    """The word to take the file in."""

    good_rows_only = forms.BooleanField(label=_("Leave out the rows that can't be taken in"), required=False)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet, as the page shows it."""

    heading: str
    sample: str
    field: Any  # a bound form field


@dataclass(frozen=True, slots=True)
class SheetPart:
    """The fields of one sheet."""

    name: str
    lines: int
    kind: Any  # a bound form field
    columns: list[Column]


class MatchingForm(Form):
    """Which sheet is which table, and which of its columns is which."""

    decimal = forms.ChoiceField(
        label=_("Decimal mark"),
        choices=[("", _("As found")), (",", _("Comma: 3,4")), (".", _("Point: 3.4"))],
        required=False,
    )
    remove_missing = forms.BooleanField(
        label=_("Take out of the plan what the file does not have"),
        help_text=_("Of those tables that the file has. Goals and KPIs are archived, with their history."),
        required=False,
    )

    def __init__(self, *args: Any, book: Book, reading: Reading, **options: Any) -> None:
        self.book, self.reading = book, reading
        initial: dict[str, Any] = {"decimal": reading.decimal, "remove_missing": reading.remove_missing}
        super().__init__(*args, initial=initial, **options)
        for place, (sheet, match) in enumerate(zip(book.sheets, reading.matches, strict=True)):
            self._add(f"kind-{place}", _kinds(), match.kind, sheet.name)
            if not match.is_upright and match.kind != LEFT_OUT:
                choices = [("", _("Leave out")), *fields_of(match.kind).items()]
                for column, heading in enumerate(headings_of(sheet, match)):
                    self._add(
                        f"column-{place}-{column}", choices, match.columns.get(column, ""), heading or str(column)
                    )

    def clean(self) -> dict[str, Any]:
        """Refuse two columns for one field."""
        for place, match in enumerate(self.reading.matches):
            taken: dict[str, int] = {}
            for column, field in self._columns(place):
                if field and field in taken and self.cleaned_data.get(f"kind-{place}") == match.kind:
                    self.add_error(f"column-{place}-{column}", _("Another column is that already."))
                taken.setdefault(field, column)
        return super().clean() or self.cleaned_data

    def wanted(self) -> Reading:
        """Give what was chosen, after `is_valid`; a sheet whose kind was changed is matched anew."""
        given = self.cleaned_data
        matches = []
        for place, (sheet, match) in enumerate(zip(self.book.sheets, self.reading.matches, strict=True)):
            kind = given[f"kind-{place}"]
            if kind != match.kind:
                matches.append(match_sheet(sheet, kind))
            elif match.is_upright or kind == LEFT_OUT:
                matches.append(match)
            else:
                columns = {column: field for column, field in self._columns(place) if field}
                matches.append(Match(kind, match.heading, columns))
        return Reading(tuple(matches), given["decimal"], given["remove_missing"])

    @property
    def parts(self) -> Iterable[SheetPart]:
        """Give the fields, sheet by sheet."""
        for place, (sheet, match) in enumerate(zip(self.book.sheets, self.reading.matches, strict=True)):
            headings = headings_of(sheet, match)
            columns = [
                Column(headings[column], _sample(sheet, match, column), self[f"column-{place}-{column}"])
                for column in range(len(headings))
                if f"column-{place}-{column}" in self.fields
            ]
            yield SheetPart(sheet.name, len(sheet.lines), self[f"kind-{place}"], columns)

    def _columns(self, place: int) -> list[tuple[int, str]]:
        start = f"column-{place}-"
        names = [name for name in self.fields if name.startswith(start)]
        return [(int(name.removeprefix(start)), self.cleaned_data.get(name, "")) for name in names]

    def _add(self, name: str, choices: Any, initial: str, label: str) -> None:
        field = forms.ChoiceField(label=label, choices=choices, required=False)
        field.widget.attrs["aria-label"] = label
        self.fields[name] = field
        self.initial[name] = initial


def _kinds() -> list[tuple[str, Any]]:
    tables = [(key, table.many) for key, table in TABLES.items()]
    return [("", _("Leave out")), (OUTLINE_KIND, _("Goals in one table")), *tables]


def _sample(sheet: Sheet, match: Match, column: int) -> str:
    texts = (line.cell(column).text for line in sheet.lines if line.number > match.heading)
    return next((text[:60] for text in texts if text), "")

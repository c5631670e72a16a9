"""Forms about imports: the file, and which of its columns is which field."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tracking.campaign import CLICK_IDS
from tracking.import_file import MAX_FILE_BYTES
from tracking.imports.reading import Wish
from tracking.imports.sources import MOST_NAME_CHARS
from tracking.models import Format
from tracking.tabular_mapping import PROPERTY, SYNONYMS
from workspaces.forms import Form

MOST_EXPRESSION_CHARS = 500
MOST_PROPERTIES = 50
FOUND_OUT = ("", _("Found out"))
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252")
# Without these there is no event, or no visitor, touch or value in it; the others are folded away.
MAIN = ("name", "time", "visitor_id", "url", "referrer", "value", "currency", "transaction_id", "event_id")
NEEDED = ("name", "time")
LABELS = {
    "name": _("Event name"),
    "time": _("Time"),
    "visitor_id": _("Visitor"),
    "url": _("Address of the page"),
    "referrer": _("Referrer"),
    "value": _("Value"),
    "currency": _("Currency"),
    "transaction_id": _("Order number"),
    "event_id": _("Event's own id"),
    "user_id": _("User"),
    "session_id": _("Session"),
    "sequence": _("Order within a moment"),
    "type": _("Type (event or refund)"),
    "title": _("Title of the page"),
    "items": _("Items, as JSON"),
    "properties": _("Properties, as JSON"),
    "device": _("Device"),
    "language": _("Language"),
    "user_agent": _("User agent"),
    "ip": _("Address of the visitor, hashed and not kept"),
}


class UploadForm(Form):
    file = forms.FileField(
        label=_("File"),
        # A lazy text must stay lazy: `%` would fix its language when this module is read.
        help_text=format_lazy(
            _("CSV, NDJSON, Parquet, another tool's export or a web server's log; plain or gzip, at most {most} MB."),
            most=MAX_FILE_BYTES // 10**6,
        ),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=MOST_NAME_CHARS,
        widget=forms.TextInput({"list": "sources", "autocomplete": "off"}),
        help_text=_("The site or system whose events they are. A new name makes a new source."),
    )
    host = forms.CharField(
        label=_("The site's own host name"),
        required=False,
        max_length=253,
        help_text=_("For a log: links between its pages are no referrals then. One is www.shop.example."),
    )
    format = forms.ChoiceField(
        label=_("Format"), required=False, choices=[("", _("Told by the file's beginning")), *Format.choices]
    )

    def clean_file(self) -> Any:  # Django's own uploaded file
        """Refuse what would be refused after it was copied."""
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise ValidationError(
                _("The file has more than %(most)s MB; split it, or pack it by gzip."),
                params={"most": MAX_FILE_BYTES // 10**6},
            )
        return file


class WritingForm(Form):
    """How a file of rows is written; what is left empty is found out."""

    decimal = forms.ChoiceField(
        label=_("Decimals"),
        required=False,
        choices=[FOUND_OUT, ("point", _("1,234.50")), ("comma", _("1 234,50"))],
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"), required=False, choices=[FOUND_OUT, *((name, name) for name in ENCODINGS)]
    )
    delimiter = forms.ChoiceField(
        label=_("Between columns"),
        required=False,
        choices=[FOUND_OUT, (",", _("Comma")), (";", _("Semicolon")), ("\t", _("Tab")), ("|", _("Bar"))],
    )

    def written(self) -> dict[str, Any]:  # fields of a Wish
        """Give what was typed of it."""
        typed = self.cleaned_data
        return {
            "time_format": typed["time_format"] or None,
            "has_decimal_comma": None if not typed["decimal"] else typed["decimal"] == "comma",
            "encoding": typed["encoding"] or None,
            "delimiter": typed["delimiter"] or None,
        }

    @staticmethod
    def shown(wish: Wish) -> dict[str, str]:
        """Give what stands in these fields at first."""
        return {
            "time_format": wish.time_format or "",
            "decimal": {None: "", True: "comma", False: "point"}[wish.has_decimal_comma],
            "encoding": wish.encoding or "",
            "delimiter": wish.delimiter or "",
        }


class MappingForm(WritingForm):
    """Which column, constant or template each field of an event takes."""

    properties_of = forms.CharField(
        label=_("Further properties"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One a line, such as color=colour: the column colour becomes the property color."),
    )
    id_from = forms.CharField(
        label=_("Columns that make a row what it is"),
        required=False,
        max_length=MOST_EXPRESSION_CHARS,
        help_text=_("Between commas. Where the file has no event ids, the same values are the same event then."),
    )
    time_zone = forms.ChoiceField(
        label=_("Zone of times that name none"),
        choices=lambda: [(name, name) for name in sorted(available_timezones())],
    )
    time_format = forms.CharField(
        label=_("How times are written"),
        required=False,
        max_length=80,
        help_text=_("Such as %d.%m.%Y %H:%M; empty for ISO 8601 or seconds since 1970."),
    )

    def __init__(self, *args: Any, wish: Wish, **options: Any) -> None:  # as Django's own
        super().__init__(*args, initial=_initial(wish), **options)
        for field in (*SYNONYMS, *(extra for extra in wish.fields if not extra.startswith(PROPERTY))):
            self.fields.setdefault(f"field_{field}", _expression_field(field))

    @property
    def main(self) -> list[forms.BoundField]:
        """Give the fields that most files need."""
        return [self[f"field_{field}"] for field in MAIN]

    @property
    def more(self) -> list[forms.BoundField]:
        """Give the other fields of an event."""
        names = [name for name in self.fields if name.startswith("field_")]
        return [self[name] for name in names if name.removeprefix("field_") not in MAIN] + [self["properties_of"]]

    @property
    def writing(self) -> list[forms.BoundField]:
        """Give how the file is written."""
        names = ("id_from", "time_zone", "time_format", "decimal", "encoding", "delimiter")
        return [self[name] for name in names]

    def clean_properties_of(self) -> dict[str, str]:
        """Read the lines; each becomes "properties.<key>" with its column."""
        found = {}
        for line in self.cleaned_data["properties_of"].splitlines():
            key, equals, column = (part.strip() for part in line.partition("="))
            if not line.strip():
                continue
            if not (key and equals and column):
                raise ValidationError(_('"%(line)s" is not property=column.'), params={"line": line})
            found[f"{PROPERTY}{key}"] = column
        if len(found) > MOST_PROPERTIES:
            raise ValidationError(_("Write at most %(most)s lines."), params={"most": MOST_PROPERTIES})
        return found

    def wish(self) -> Wish:
        """Give what was typed; nothing that is left empty is guessed."""
        typed = self.cleaned_data
        fields = {
            name.removeprefix("field_"): value for name, value in typed.items() if name.startswith("field_") and value
        }
        return Wish(
            fields=fields | typed["properties_of"],
            guesses=False,
            id_from=_names_in(typed["id_from"]),
            time_zone=typed["time_zone"],
            **self.written(),
        )


class PartForm(Form):
    """Whether a file tells all of its days."""

    is_part = forms.BooleanField(
        label=_("The file is one part of its days"),
        required=False,
        help_text=_("Large tables are exported as several files. Then nothing goes that this one does not have."),
    )

    def wish(self) -> Wish:
        """Give what was ticked."""
        return Wish(is_part=self.cleaned_data["is_part"])


class OrderForm(Form):
    good_rows_only = forms.BooleanField(required=False, widget=forms.HiddenInput)


def _expression_field(field: str) -> forms.CharField:
    return forms.CharField(
        label=LABELS.get(field, field),
        required=field in NEEDED,
        max_length=MOST_EXPRESSION_CHARS,
        widget=forms.TextInput({"list": "columns", "autocomplete": "off", "autocapitalize": "none"}),
        help_text=_("A click id of an ad.") if field in CLICK_IDS else "",
    )


def _initial(wish: Wish) -> dict[str, Any]:
    properties = {field: said for field, said in wish.fields.items() if field.startswith(PROPERTY)}
    return {
        **WritingForm.shown(wish),
        **{f"field_{field}": said for field, said in wish.fields.items()},
        "properties_of": "\n".join(f"{field.removeprefix(PROPERTY)}={said}" for field, said in properties.items()),
        "id_from": ", ".join(wish.id_from),
        "time_zone": wish.time_zone,
    }


def _names_in(text: str) -> tuple[str, ...]:
    names: Sequence[str] = [name.strip() for name in text.split(",")]
    return tuple(name for name in names if name)

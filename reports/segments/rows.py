"""The rows of a segment's form: one a line, of which the text is made that the parser reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.segments.definition import Definition, Line, Times
from reports.segments.parsing import LONGEST_LINE, MOST_CONDITIONS, MOST_THEN
from reports.segments.words import AT_LEAST, BOUNDS, EVER, VERBS, WHENS

PREFIX = "lines"
MOST_ROWS = MOST_CONDITIONS * (1 + MOST_THEN)
Row = Mapping[str, str]
NO_VERB = "…"  # the parser names it, where something is said behind it
BLANK: Row = {"verb": "did", "subject": "", "bound": AT_LEAST, "times": "", "when": EVER}


class LineForm(forms.Form):
    """One line. A row with nothing but its verb is no line: it stands there to be filled."""

    verb = forms.ChoiceField(
        label=_("Who"),
        choices=[("", NO_VERB), *((key, each.label) for key, each in VERBS.items())],
        required=False,
        initial=BLANK["verb"],
    )
    subject = forms.CharField(label=_("What"), max_length=LONGEST_LINE, required=False)
    bound = forms.ChoiceField(label=_("How often"), choices=list(BOUNDS.items()), required=False)
    times = forms.CharField(label=_("Times"), max_length=9, required=False)
    when = forms.ChoiceField(
        label=_("When"), choices=[(key, each.label) for key, each in WHENS.items()], required=False
    )
    days = forms.CharField(label=_("Days"), max_length=9, required=False)
    first = forms.CharField(label=_("First day"), max_length=10, required=False)
    last = forms.CharField(label=_("Last day"), max_length=10, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:  # as Django's own
        super().__init__(*args, **options)
        # A label per control is read out; the row itself has no room to show eight.
        for name, field in self.fields.items():
            field.widget.attrs |= {"aria-label": field.label, "class": f"line-{name}", "autocomplete": "off"}
        self.fields["subject"].widget.attrs |= {"list": "offered-subjects"}
        for name in ("times", "days"):
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "placeholder": "1" if name == "times" else "30"}
        for name in ("first", "last"):
            self.fields[name].widget.input_type = "date"

    @property
    def text(self) -> str:
        """Write the line; "" where the row is none."""
        given = {name: " ".join(str(value).split()) for name, value in self.cleaned_data.items()}
        verb = VERBS.get(given.get("verb", ""))
        if not any(given.get(name) for name in ("subject", "times", "days", "first", "last")):
            return verb.key if verb and verb.key in {"visited", "did not visit"} else ""
        if verb is None:
            return f"{NO_VERB}: {given['subject']}"
        times = f"{given['bound'] or AT_LEAST} {given['times']} times" if verb.takes_times and given["times"] else ""
        when = WHENS[given["when"] or EVER].form.format(**{name: given[name] for name in ("days", "first", "last")})
        head = " ".join(part for part in (verb.key, times, when) if part)
        return f"{head}: {given['subject']}" if given["subject"] else head


_LineSet = forms.formset_factory(LineForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
Lines = forms.BaseFormSet  # of LineForm


def bound(data: Mapping[str, Any]) -> "Lines[LineForm]":
    """Give the rows that were sent."""
    return _LineSet(data, prefix=PREFIX)


def shown(rows: Sequence[Row]) -> "Lines[LineForm]":
    """Give the rows to be filled, at least one."""
    return _LineSet(initial=list(rows) or [BLANK], prefix=PREFIX)


def rows_of(definition: Definition) -> list[Row]:
    """Give the rows that show the lines."""
    return [_row(line) for line in definition.lines]


def typed_rows(data: Mapping[str, Any]) -> list[Row]:
    """Give the rows as they were sent, unchecked, to be shown again with one more or less."""
    try:
        total = min(int(data.get(f"{PREFIX}-TOTAL_FORMS", 0)), MOST_ROWS)
    except ValueError:
        return []
    names = list(LineForm.base_fields)
    return [{name: data.get(f"{PREFIX}-{place}-{name}", "") for name in names} for place in range(total)]


def _row(line: Line) -> Row:
    when = line.when
    return {
        "verb": line.key,
        "subject": line.subject.text,
        "bound": line.times.bound,
        "times": "" if line.times == Times() else str(line.times.n),
        "when": when.kind,
        "days": str(when.days or ""),
        "first": str(when.first or ""),
        "last": str(when.last or ""),
    }

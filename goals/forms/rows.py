"""The rows of the rule builder: a list of conditions, each joined to the one before by "and" or "or".

"and" binds tighter: an "or" starts the next rule. One flat list needs no script to grow.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.conditions import FIELDS, OPERATORS, Fault, Rule, to_json
from goals.conditions.parsing import MAX_KEY_CHARS
from goals.wording import fault_text

PREFIX = "rules"
MOST_ROWS = 60
AND, OR = "and", "or"
Json = list[list[dict[str, Any]]]  # the rules as `goals.conditions.parse` reads them


class RowForm(forms.Form):
    """One condition. An empty row is no row: it stands there to be filled."""

    join = forms.ChoiceField(label=_("Joined by"), choices=[(AND, _("and")), (OR, _("or"))], required=False)
    field = forms.ChoiceField(
        label=_("Field"), choices=[("", "…"), *((name, _(each.label)) for name, each in FIELDS.items())], required=False
    )
    key = forms.CharField(label=_("Property"), max_length=MAX_KEY_CHARS, required=False)
    operator = forms.ChoiceField(
        label=_("Comparison"), choices=[(name, _(each.label)) for name, each in OPERATORS.items()], required=False
    )
    value = forms.CharField(label=_("Value"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:  # as Django's own
        super().__init__(*args, **options)
        # A label per control is read out; the row itself has no room to show five.
        for name, field in self.fields.items():
            field.widget.attrs |= {"aria-label": field.label, "class": f"rule-{name}"}
        self.fields["key"].widget.attrs |= {"placeholder": _("property"), "autocomplete": "off", "maxlength": None}
        self.fields["value"].widget.attrs |= {"placeholder": _("value"), "autocomplete": "off"}

    @property
    def is_absent(self) -> bool:
        """Say whether nothing was chosen or typed."""
        return not self.cleaned_data.get("field") and not self.cleaned_data.get("value")

    def condition(self) -> dict[str, Any]:
        """Give the condition as `goals.conditions` reads it."""
        given = self.cleaned_data
        written: dict[str, Any] = {"field": given.get("field") or "", "operator": given.get("operator") or "is"}
        if given.get("key") and written["field"] == "property":
            written["key"] = given["key"]
        takes = OPERATORS[written["operator"]].takes
        if takes == "list":
            written["value"] = [part.strip() for part in given.get("value", "").split(",") if part.strip()]
        elif takes != "nothing":
            written["value"] = given.get("value", "")
        return written


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]  # generic in the stubs alone
    """The rows that were sent, and which place in the rules each has."""

    places: dict[tuple[int, int], RowForm]

    def as_json(self) -> Json:
        """Give the rules for the parser, after `is_valid`; remembers where each row went."""
        self.places = {}
        rules: Json = []
        for form in self.forms:
            if form.is_absent:
                continue
            if not rules or form.cleaned_data.get("join") == OR:
                rules.append([])
            rules[-1].append(form.condition())
            self.places[len(rules), len(rules[-1])] = form
        return rules

    def show(self, fault: Fault) -> bool:
        """Put the fault beside its row; say False where it is about no row."""
        form = self.places.get((fault.rule, fault.condition))
        if form is None:
            return False
        form.add_error(fault.part if fault.part in form.fields else None, fault_text(fault))
        return True


_RowSet = forms.formset_factory(RowForm, formset=Rows, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def rows_of(rules: Sequence[Rule]) -> list[dict[str, str]]:
    """Give the rows that show the rules."""
    rows: list[dict[str, str]] = []
    for rule in to_json(rules):
        for place, condition in enumerate(rule):
            value = condition.get("value", "")
            shown = ", ".join(value) if isinstance(value, list) else value
            join = OR if place == 0 and rows else AND
            rows.append({"join": join, "key": "", **condition, "value": shown})
    return rows


def typed_rows(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """Give the rows as they were sent, unchecked, to be shown again with one more or less."""
    try:
        total = min(int(data.get(f"{PREFIX}-TOTAL_FORMS", 0)), MOST_ROWS)
    except ValueError:
        return []
    names = list(RowForm.base_fields)
    return [{name: data.get(f"{PREFIX}-{place}-{name}", "") for name in names} for place in range(total)]


def bound(data: Mapping[str, Any]) -> Rows:
    """Give the rows that were sent."""
    return cast(Rows, _RowSet(data, prefix=PREFIX))


def shown(rows: Sequence[Mapping[str, str]]) -> Rows:
    """Give the rows to be filled, at least one."""
    return cast(Rows, _RowSet(initial=list(rows) or [BLANK], prefix=PREFIX))


BLANK: Mapping[str, str] = {"join": AND, "field": "name", "key": "", "operator": "is", "value": ""}

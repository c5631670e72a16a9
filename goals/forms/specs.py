"""The form of a goal's tracking specification, with its parameters as rows."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.cells import Unreadable
from goals.columns import TABLES
from goals.forms.folding import choose_member
from goals.forms.plans import DateInput
from goals.models import Parameter, ParameterType, TrackingSpec
from goals.specifying import ParameterDraft, SpecDraft
from workspaces.forms import ModelForm
from workspaces.models import Workspace

PREFIX: Final = "parameters"
MOST_ROWS: Final = 50  # what an event may carry


class ParameterForm(forms.Form):
    """One parameter. An empty row is no row: it stands there to be filled."""

    name = forms.CharField(label=_("Name"), max_length=64, required=False)
    type = forms.ChoiceField(label=_("Type"), choices=ParameterType.choices, required=False)
    allowed = forms.CharField(label=_("Allowed values"), max_length=2000, required=False)
    about = forms.CharField(label=_("Description"), max_length=300, required=False)
    is_required = forms.BooleanField(label=_("Required"), required=False)
    is_personal = forms.BooleanField(label=_("Personal data"), required=False)

    def clean_allowed(self) -> tuple[str, ...]:
        """Read the values, parted by semicolons."""
        try:
            return cast(
                "tuple[str, ...]", TABLES["parameters"].column("allowed").cell.read(self.cleaned_data["allowed"], None)
            )
        except Unreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from None

    def clean(self) -> dict[str, Any]:
        """Ask for a name where anything else is written."""
        given = self.cleaned_data
        if not given.get("name") and "name" not in self.errors and (given.get("about") or given.get("allowed")):
            self.add_error("name", _("Write the parameter's name."))
        return given

    def draft(self) -> ParameterDraft:
        """Give what was written."""
        given = self.cleaned_data
        return ParameterDraft(**given | {"type": given["type"] or ParameterType.TEXT.value})


class Parameters(forms.BaseFormSet):  # type: ignore[type-arg]  # generic in the stubs alone
    """The rows; no two of one name."""

    def clean(self) -> None:
        """Refuse a name that stands twice."""
        seen: set[str] = set()
        for form in self.forms:
            name = form.cleaned_data.get("name", "") if hasattr(form, "cleaned_data") else ""
            if name and name in seen:
                form.add_error("name", _("There is a parameter of this name above."))
            seen.add(name)

    def drafts(self) -> list[ParameterDraft]:
        """Give what was written, after `is_valid`."""
        return [form.draft() for form in self.forms if form.cleaned_data.get("name")]


_RowSet = forms.formset_factory(ParameterForm, formset=Parameters, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
BLANK: Final[Mapping[str, Any]] = dict.fromkeys(ParameterForm.base_fields, "")


def bound(data: Mapping[str, Any]) -> Parameters:
    """Give the rows that were sent."""
    return cast(Parameters, _RowSet(data, prefix=PREFIX))


def shown(rows: Sequence[Mapping[str, Any]]) -> Parameters:
    """Give the rows to be filled, at least one."""
    return cast(Parameters, _RowSet(initial=list(rows) or [BLANK], prefix=PREFIX))


def rows_of(parameters: Sequence[Parameter]) -> list[dict[str, Any]]:
    """Give the rows that show the parameters."""
    allowed = TABLES["parameters"].column("allowed")
    names = ("name", "type", "about", "is_required", "is_personal")
    return [
        {name: getattr(each, name) for name in names} | {"allowed": allowed.text(tuple(each.allowed))}
        for each in parameters
    ]


def typed_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the rows as they were sent, unchecked, to be shown again with one more or less."""
    sent = data.get(f"{PREFIX}-TOTAL_FORMS", "0")
    total = min(int(sent), MOST_ROWS) if str(sent).isdecimal() and len(str(sent)) < 5 else 0
    return [{name: data.get(f"{PREFIX}-{place}-{name}", "") for name in BLANK} for place in range(total)]


class SpecForm(ModelForm):
    ticket = forms.URLField(
        label=_("Ticket"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=_("The address of the task where it is built."),
    )

    class Meta:
        model = TrackingSpec
        fields = (
            "event_name", "about", "platform", "method", "place", "purpose", "owner", "state", "ticket", "evidence",
            "checked_on",
        )  # fmt: skip
        help_texts: ClassVar = {
            "event_name": _("By the plan's convention, such as newsletter_signup."),
            "place": _("A path, or a CSS selector of what is pressed."),
            "evidence": _("What you saw that shows that it works."),
        }
        widgets: ClassVar = {"checked_on": DateInput()}

    def __init__(self, *args: Any, workspace: Workspace, rows: Parameters, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rows = rows
        choose_member(self, "owner", workspace)

    def is_valid(self) -> bool:
        """Check the rows, too."""
        is_right = self.rows.is_valid()
        return super().is_valid() and is_right

    @property
    def status(self) -> int:
        """Give 422 for a fault in a row as well."""
        return 422 if self.is_bound and not self.rows.is_valid() else super().status

    @property
    def draft(self) -> SpecDraft:
        """Give what was written, after `is_valid`."""
        return SpecDraft.of(self.save(commit=False))

"""The form of a metric: its name, what it is for, its formula, how that is written, and what is better."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.models import Format
from reports import controls
from reports.calculated.columns import column_of
from reports.calculated.crediting import CREDITING, credited_goals
from reports.calculated.formula import Node, text_of
from reports.calculated.parsing import BadFormula, read
from reports.calculated.saving import MetricDraft
from reports.explore.metrics import Counted, Metric
from reports.models import CalculatedMetric
from reports.question import as_window
from workspaces.forms import ModelForm

DAYS = ("view_days", "engagement_days", "click_days")
UNSAVED = "unsaved"  # the short name while nothing is saved


class MetricForm(ModelForm):
    class Meta:
        model = CalculatedMetric
        fields = (
            "name", "description", "formula", "format", "direction",
            "model", "view_days", "engagement_days", "click_days",
        )  # fmt: skip
        labels: ClassVar = {
            "view_days": _("View window in days"),
            "engagement_days": _("Engagement window in days"),
            "click_days": _("Click window in days"),
        }
        widgets: ClassVar = {
            "formula": forms.Textarea(
                attrs={"rows": 2, "class": "metric-formula", "spellcheck": "false", "autocapitalize": "off"}
            ),
        }
        help_texts: ClassVar = {
            "name": _("Such as: Value of a visitor."),
            "description": _("What the figure is looked at for."),
            "formula": _("Figures, numbers, + - * / and parentheses; such as: value_net:sale / visitors"),
        }

    model = forms.ChoiceField(
        label=_("Attribution model"),
        required=False,
        help_text=_("Shares conversions and values out to rows by where people came from."),
    )
    node: Node | None = None  # what was written, once it could be read
    column: Metric | None = None  # as explorations show it, once its units fit
    fault = ""  # what is wrong with it; "" before anything was written

    def __init__(self, *args: Any, goals: Mapping[str, Counted], **options: Any) -> None:
        """Make the form.

        goals   all of the workspace, by their short names
        """
        super().__init__(*args, **options)
        self.goals = goals
        labels = {key: controls.label_of_model(key, keep_direct=False) for key in CREDITING}
        cast(forms.ChoiceField, self.fields["model"]).choices = [("", _("None: where they happened")), *labels.items()]
        text, written_as = self["formula"].value(), self["format"].value()
        if not self.is_bound and text and written_as in Format.values:
            self._read(text, written_as)

    def clean(self) -> dict[str, Any]:
        """Read the formula before the form is compared with what others saved."""
        text, written_as = (self.cleaned_data.get(name) for name in ("formula", "format"))
        if text and written_as:
            self._read(text, written_as)
        self._check_model()
        if self.fault:
            self.add_error("formula", self.fault)
        elif self.node:
            self.cleaned_data["formula"] = text_of(self.node)
        return super().clean()

    def _check_model(self) -> None:
        """Refuse a model that would credit nothing, and windows of none."""
        model = self.cleaned_data.get("model")
        if model and self.node and not credited_goals(self.node):
            self.add_error("model", _("The formula names no conversions and no values that could be credited."))
        for name in DAYS:
            if not model and self.cleaned_data.get(name) is not None:
                self.add_error(name, _("Choose an attribution model, or leave the window empty."))

    def _read(self, text: str, written_as: str) -> None:
        try:
            self.node = read(text, self.goals)
            self.column = column_of(self._metric(text_of(self.node), written_as), self.node, self.goals)
        except BadFormula as refusal:
            self.fault = str(refusal)

    def _metric(self, text: str, written_as: str) -> CalculatedMetric:
        """Give what is written as a row that is not saved; a window that is no number of days is left to the goals."""
        told = {name: str(self[name].value() or "") for name in ("name", "description", "direction")}
        model = str(self["model"].value() or "")
        days = {name: _days(self[name].value()) for name in DAYS}
        return CalculatedMetric(
            slug=UNSAVED, formula=text, format=written_as, model=model if model in CREDITING else "", **told, **days
        )

    @property
    def metric(self) -> CalculatedMetric | None:
        """Give what is written as a row that is not saved; None where it can't be computed."""
        if self.node is None or self.column is None:
            return None
        return self._metric(text_of(self.node), str(self["format"].value()))

    @property
    def draft(self) -> MetricDraft:
        """Give what is saved, after `is_valid`."""
        return MetricDraft(**{name: self.cleaned_data[name] for name in self.Meta.fields})


def _days(typed: object) -> int | None:
    """Read a window as it was typed, 0 where it is off; None where it is no number of days."""
    return 0 if str(typed) == "0" else as_window(str(typed))

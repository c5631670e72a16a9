"""The form of a metric: its name, what it is for, its formula, how that is written, and what is better."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.calculated.columns import column_of
from reports.calculated.formula import Node, text_of
from reports.calculated.parsing import BadFormula, read
from reports.calculated.saving import MetricDraft
from reports.explore.metrics import Counted, Metric
from reports.models import CalculatedMetric, Format
from workspaces.forms import ModelForm

UNSAVED = "unsaved"  # the short name while nothing is saved


class MetricForm(ModelForm):
    class Meta:
        model = CalculatedMetric
        fields = ("name", "description", "formula", "format", "direction")
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

    node: Node | None = None  # what was written, once it could be read
    column: Metric | None = None  # as explorations show it, once its units fit
    fault = ""  # what is wrong with it; "" before anything was written

    def __init__(self, *args: Any, goals: Mapping[str, Counted], **options: Any) -> None:
        """Make the form.

        goals   all of the workspace, by their short names
        """
        super().__init__(*args, **options)
        self.goals = goals
        text, written_as = self["formula"].value(), self["format"].value()
        if not self.is_bound and text and written_as in Format.values:
            self._read(text, written_as)

    def clean(self) -> dict[str, Any]:
        """Read the formula before the form is compared with what others saved."""
        text, written_as = (self.cleaned_data.get(name) for name in ("formula", "format"))
        if text and written_as:
            self._read(text, written_as)
        if self.fault:
            self.add_error("formula", self.fault)
        elif self.node:
            self.cleaned_data["formula"] = text_of(self.node)
        return super().clean()

    def _read(self, text: str, written_as: str) -> None:
        try:
            self.node = read(text, self.goals)
            self.column = column_of(self._metric(text_of(self.node), written_as), self.node, self.goals)
        except BadFormula as refusal:
            self.fault = str(refusal)

    def _metric(self, text: str, written_as: str) -> CalculatedMetric:
        told = {name: str(self[name].value() or "") for name in ("name", "description", "direction")}
        return CalculatedMetric(slug=UNSAVED, formula=text, format=written_as, **told)

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

"""Forms of the plan and its objectives."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.models import Objective, Plan
from goals.planning import ObjectiveDraft, PlanDraft
from workspaces.forms import ModelForm


class DateInput(forms.DateInput):
    """The browser's own date picker, which sends and wants 2026-11-21."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PlanForm(ModelForm):
    class Meta:
        model = Plan
        fields = ("name", "starts_on", "ends_on")
        widgets: ClassVar = {"starts_on": DateInput(), "ends_on": DateInput()}
        labels: ClassVar = {"starts_on": _("First day"), "ends_on": _("Last day")}
        help_texts: ClassVar = {"ends_on": _("Itself inside. Usual is a quarter; targets can have their own dates.")}

    @property
    def draft(self) -> PlanDraft:
        """Give what was written, after `is_valid`."""
        return PlanDraft.of(self.save(commit=False))


class ObjectiveForm(ModelForm):
    class Meta:
        model = Objective
        fields = ("name", "why", "department", "horizon")
        help_texts: ClassVar = {
            "name": _("What the organisation wants, such as: Grow profitable online sales."),
            "why": _("What it is good for; whoever reads the plan later will ask."),
            "horizon": _("Until when, in words."),
        }

    @property
    def draft(self) -> ObjectiveDraft:
        """Give what was written, after `is_valid`."""
        return ObjectiveDraft.of(self.save(commit=False))

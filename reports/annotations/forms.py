"""The form of an annotation."""

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.forms.plans import DateInput
from goals.models import Goal
from reports.annotations.writing import AnnotationDraft
from reports.models import Annotation
from workspaces.forms import ModelForm
from workspaces.models import Workspace


class AnnotationForm(ModelForm):
    class Meta:
        model = Annotation
        fields = ("text", "starts_on", "ends_on", "goal")
        widgets: ClassVar = {"starts_on": DateInput(), "ends_on": DateInput()}
        help_texts: ClassVar = {
            "text": _("Such as: Spring campaign begins. Everybody who sees the chart reads it, by a shared link, too."),
            "ends_on": _("Itself inside; empty where it was one day."),
        }

    def __init__(self, *args: Any, workspace: Workspace, **options: Any) -> None:
        super().__init__(*args, **options)
        # One day is the usual case, and said once.
        self.fields["ends_on"].required = False
        goal = cast("forms.ModelChoiceField[Goal]", self.fields["goal"])
        kept = [self.instance.goal_id] if self.instance.goal_id else []
        goal.queryset = workspace.goals.live() | workspace.goals.filter(pk__in=kept)
        goal.empty_label = str(_("All goals"))

    def clean_ends_on(self) -> Any:  # a date; None where the first is none
        """Take the first day for the last, where none is said."""
        return self.cleaned_data["ends_on"] or self.cleaned_data.get("starts_on")

    @property
    def draft(self) -> AnnotationDraft:
        """Give what was written, after `is_valid`."""
        return AnnotationDraft(**{name: self.cleaned_data[name] for name in self.Meta.fields})

"""The form that saves a question about paths: its name; the rest is that of the address."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from reports.flows.question import Asked
from reports.flows.saving import FlowDraft
from reports.models import Flow
from workspaces.forms import ModelForm


class FlowForm(ModelForm):
    class Meta:
        model = Flow
        fields = ("name",)
        help_texts: ClassVar = {"name": _("Such as: Where campaign visits go.")}

    def draft_of(self, asked: Asked) -> FlowDraft:
        """Give what is saved, after `is_valid`."""
        return FlowDraft(name=self.cleaned_data["name"], params=asked.kept())

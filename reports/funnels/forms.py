"""The form that saves a funnel: its name; steps, order and window are those of the address."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from reports.funnels.question import Asked
from reports.funnels.saving import FunnelDraft
from reports.models import Funnel
from workspaces.forms import ModelForm


class FunnelForm(ModelForm):
    class Meta:
        model = Funnel
        fields = ("name",)
        help_texts: ClassVar = {"name": _("Such as: From product to purchase.")}

    def draft_of(self, asked: Asked) -> FunnelDraft:
        """Give what is saved, after `is_valid`."""
        return FunnelDraft(
            name=self.cleaned_data["name"],
            steps=[step.text for step in asked.steps],
            step_order=asked.order,
            window_days=asked.window,
        )

"""The form that saves a funnel: its name; steps, order and window are those of the address."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from reports.models import Funnel
from workspaces.forms import ModelForm


class FunnelForm(ModelForm):
    class Meta:
        model = Funnel
        fields = ("name",)
        help_texts: ClassVar = {"name": _("Such as: From product to purchase.")}

"""The form that saves a question about paths: its name; the rest is that of the address."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from reports.models import Flow
from workspaces.forms import ModelForm


class FlowForm(ModelForm):
    class Meta:
        model = Flow
        fields = ("name",)
        help_texts: ClassVar = {"name": _("Such as: Where campaign visits go.")}

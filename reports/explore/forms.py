"""The form that saves an exploration: its name; the rest is that of the address."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from reports.models import Exploration
from workspaces.forms import ModelForm


class ExplorationForm(ModelForm):
    class Meta:
        model = Exploration
        fields = ("name",)
        help_texts: ClassVar = {"name": _("Such as: Channels and landing pages on phones.")}

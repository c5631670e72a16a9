"""The form that saves a question about cohorts: its name; the rest is that of the address."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from reports.models import CohortTable
from workspaces.forms import ModelForm


class CohortForm(ModelForm):
    class Meta:
        model = CohortTable
        fields = ("name",)
        help_texts: ClassVar = {"name": _("Such as: Who buys again, by month.")}

"""The form that asks into which workspace something is copied."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from workspaces.forms import Form
from workspaces.models import Membership


class CopyForm(Form):
    to = forms.ChoiceField(label=_("Into which workspace"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, memberships: Sequence[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self.memberships = {str(each.workspace_id): each for each in memberships}
        choice = cast(forms.ChoiceField, self.fields["to"])
        choice.choices = [(key, each.workspace.name) for key, each in self.memberships.items()]

    @property
    def membership(self) -> Membership:
        """Give the person's membership in the chosen workspace, after `is_valid`."""
        return self.memberships[self.cleaned_data["to"]]

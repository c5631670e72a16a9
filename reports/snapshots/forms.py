"""Forms about snapshots: what one is called, and what somebody says who signs it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workspaces import languages
from workspaces.forms import Form


class SnapshotForm(Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("What it is kept for, such as: review of the third quarter.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=languages.choices, help_text=_("Its words stay in this language.")
    )


class SignForm(Form):
    comment = forms.CharField(
        label=_("Comment"), max_length=500, required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("What was decided, or what you want to have noted."),
    )  # fmt: skip

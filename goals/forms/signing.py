"""Forms of a plan's life: who is asked to sign, and why somebody declines."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from workspaces.forms import Form
from workspaces.models import Membership, Workspace


class MemberChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """Members by name and department."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, member: Membership) -> str:
        """Give the name, and the department that the person signs for."""
        return f"{member.user} · {member.department}" if member.department else str(member.user)


class SignOffForm(Form):
    signers = MemberChoice(
        label=_("Who signs"), queryset=Membership.objects.none(), help_text=_("It is approved when all of them have.")
    )
    note = forms.CharField(
        label=_("What changed"),
        max_length=500,
        required=False,
        help_text=_("Whoever signs reads it first, and finds it in the list of versions."),
    )

    def __init__(self, *args: Any, workspace: Workspace, **options: Any) -> None:
        super().__init__(*args, **options)
        signers = cast("forms.ModelMultipleChoiceField[Membership]", self.fields["signers"])
        signers.queryset = workspace.memberships.select_related("user").order_by("user__name", "user__email")


class DeclineForm(Form):
    reason = forms.CharField(
        label=_("What has to change"), max_length=500, widget=forms.Textarea({"rows": 3}), required=False
    )

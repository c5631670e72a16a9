"""The sign-up form: allauth's own, and the person's name."""

from typing import Any, ClassVar

from allauth.account.forms import SignupForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from workspaces import languages
from workspaces.models import User


class SignUp(SignupForm):  # type: ignore[misc]  # allauth has no types
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))

    field_order: ClassVar[list[str]] = ["name", "email", "password1"]

    def __init__(self, *args: Any, **options: Any) -> None:  # as allauth's own
        super().__init__(*args, **options)
        self.fields["password1"].help_text = _("At least 12 characters; not a common password, and not your name.")

    def save(self, request: HttpRequest) -> User:
        """Make the account with its name, and the language that was chosen on the way here."""
        user: User = super().save(request)
        user.name = self.cleaned_data["name"]
        user.language = languages.chosen(request)
        user.save(update_fields=["name", "language"])
        return user

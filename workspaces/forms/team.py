"""Forms about a workspace, its members, invitations and tokens, and one's own name."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workspaces import languages
from workspaces.currencies import COMMON, CURRENCIES
from workspaces.forms.base import Form, ModelForm
from workspaces.models import User, Workspace
from workspaces.roles import Role, Scope

NEARBY = ("Europe/Oslo", "Europe/Stockholm", "Europe/Copenhagen", "Europe/Helsinki", "Atlantic/Reykjavik", "UTC")
LONGEST_TOKEN_DAYS = 3650


def zone_choices() -> list[Any]:  # Django's nested choices
    """Give the zones, the Nordic ones first."""
    others = sorted(name for name in available_timezones() if "/" in name and name not in NEARBY)
    return [(_("Nearby"), _pairs(NEARBY)), (_("All"), _pairs(others))]


def currency_choices() -> list[Any]:  # Django's nested choices
    """Give the currencies, the common ones first."""
    return [(_("Common"), _pairs(COMMON)), (_("All"), _pairs(sorted(CURRENCIES - set(COMMON))))]


def language_choices() -> list[tuple[str, Any]]:  # words of the page, and names that no page translates
    """Give the languages, and leaving it to the browser."""
    return [("", _("As my browser asks")), *languages.choices()]


def _pairs(names: "list[str] | tuple[str, ...]") -> list[tuple[str, str]]:
    return [(name, name) for name in names]


class _Place(forms.Form):
    zone_name = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, help_text=_("Days begin and end at its midnight.")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, help_text=_("Reports sum up in it."))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=languages.choices,
        help_text=_("Of mails to people who have chosen none. Everybody chooses the language of their own pages."),
    )


class NewWorkspace(Form, _Place):
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Your company or site, as your colleagues know it.")
    )

    field_order = ("name", "zone_name", "currency", "language")


class WorkspaceSettings(ModelForm, _Place):
    class Meta:
        model = Workspace
        fields = ("name", "zone_name", "currency", "language", "view_days", "engagement_days", "click_days")

    field_order = ("name", "zone_name", "currency", "language")


class InviteForm(Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), initial=Role.CONTRIBUTOR)
    department = forms.CharField(label=_("Department"), max_length=80, required=False)

    def __init__(self, *args: Any, roles: Iterable[Role], **options: Any) -> None:
        """Make the form; `roles` are those that may be given."""
        super().__init__(*args, **options)
        field = cast(forms.ChoiceField, self.fields["role"])
        field.choices = [(role.value, role.label) for role in roles]


class MemberForm(Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    department = forms.CharField(label=_("Department"), max_length=80, required=False)


class TokenForm(Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What uses it, such as: nightly export."))
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple, initial=[Scope.READ]
    )
    expires_on = forms.DateField(
        label=_("Expires on"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("It works to the end of the day before. Without a date it works until revoked."),
    )

    def clean_expires_on(self) -> datetime | None:
        """Give the first instant at which it no longer works."""
        day = self.cleaned_data["expires_on"]
        if day is None:
            return None
        today = timezone.localdate()
        if not today < day <= today + timedelta(days=LONGEST_TOKEN_DAYS):
            raise forms.ValidationError(_("Choose a day after today and within ten years."))
        return timezone.make_aware(datetime.combine(day, time.min))


class ProfileForm(ModelForm):
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(
        label=_("Language"), choices=language_choices, required=False, help_text=_("Of pages and of mails to you.")
    )

    class Meta:
        model = User
        fields = ("name", "language")

"""Forms about shared links: what one is to be, and the password that opens one."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workspaces import languages
from workspaces.forms import Form

LEAST_PASSWORD = 8  # characters; tries are counted (ACCOUNT_RATE_LIMITS)
DAYS = (7, 30, 90, 365)
FOREVER = "0"
# A scheme and a host as a policy's frame-ancestors takes them: nothing that could end the directive.
ORIGIN = re.compile(r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")


def _lives() -> list[tuple[str, Any]]:  # Django's choices
    return [*((str(days), _("%(days)s days") % {"days": days}) for days in DAYS), (FOREVER, _("until it is closed"))]


class ShareForm(Form):
    name = forms.CharField(
        label=_("For whom, or for what"), max_length=120, help_text=_("Stands on the page, such as: the board.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=languages.choices, help_text=_("The one that the reader reads.")
    )
    days = forms.ChoiceField(label=_("It opens for"), choices=_lives, initial="30")
    password = forms.CharField(
        label=_("Password"),
        min_length=LEAST_PASSWORD,
        max_length=128,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("Whoever opens the link types it first. Tell it by another way than the link."),
    )
    frame_origin = forms.CharField(
        label=_("Site that may embed it"),
        max_length=200,
        required=False,
        widget=forms.TextInput(
            {"inputmode": "url", "autocomplete": "off", "placeholder": "https://intranet.example.com"}
        ),
        help_text=_("Only pages of this site may show the report inside them. Without one, none may."),
    )

    def clean_days(self) -> int | None:
        """Give the days that the link opens for; None without end."""
        days = self.cleaned_data["days"]
        return None if days == FOREVER else int(days)

    def clean_frame_origin(self) -> str:
        """Refuse what is not a scheme and a host."""
        origin = str(self.cleaned_data["frame_origin"]).strip().rstrip("/").lower()
        if origin and not ORIGIN.fullmatch(origin):
            raise forms.ValidationError(
                _("Give the site as https:// and its name, such as https://intranet.example.com.")
            )
        return origin

    def clean(self) -> dict[str, Any]:
        """Refuse a password inside a frame: a browser sends no cookie there that would remember it."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("password") and cleaned.get("frame_origin"):
            self.add_error("frame_origin", _("A report with a password cannot be embedded. Leave one of them out."))
        return cleaned


class PasswordForm(Form):
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "off", "autofocus": True}),
    )

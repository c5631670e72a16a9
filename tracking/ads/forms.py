"""Forms about cost reports: days, words for columns, and how a file is written."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracking.import_forms import FOUND_OUT, WritingForm
from tracking.imports.reading import Wish
from tracking.models import AdField, AdPlatform
from workspaces.currencies import currency_exists
from workspaces.forms import Form

MOST_DAYS = 800


def _day(label: Any) -> forms.DateField:  # a lazy text
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class DaysForm(forms.Form):
    """Days from and to, both inside; `from` is a word of Python, so the fields are named here."""

    most_days = MOST_DAYS

    def __init__(self, *args: Any, **options: Any) -> None:  # as Django's own
        super().__init__(*args, **options)
        self.fields["from"], self.fields["to"] = _day(_("From")), _day(_("To"))

    def clean(self) -> dict[str, Any]:
        """Refuse days that end before they begin."""
        typed: dict[str, Any] = super().clean() or {}
        since, last, most = typed.get("from"), typed.get("to"), self.most_days
        if isinstance(since, date) and isinstance(last, date) and not since <= last < since + timedelta(days=most):
            raise ValidationError(_("Choose at most %(most)s days, the first one first."), params={"most": most})
        return typed


class WordForm(Form):
    header = forms.CharField(
        label=_("Header"), max_length=120, help_text=_("As it stands in the report, without a currency in brackets.")
    )
    field = forms.ChoiceField(label=_("What the column holds"), choices=AdField.choices)


class ReportForm(WritingForm):
    """What a cost report does not say of itself."""

    platform = forms.ChoiceField(label=_("Platform"), required=False, choices=[FOUND_OUT, *AdPlatform.choices])
    currency = forms.CharField(
        label=_("Currency"),
        required=False,
        max_length=3,
        help_text=_("Of the account, for reports that name none. Else the source's is taken."),
    )
    time_format = forms.ChoiceField(
        label=_("How days are written"),
        required=False,
        choices=[
            FOUND_OUT,
            ("%Y-%m-%d", "2026-04-03"),
            ("%d.%m.%Y", "3.4.2026"),
            ("%d/%m/%Y", _("3/4/2026 is 3 April")),
            ("%m/%d/%Y", _("3/4/2026 is 4 March")),
            ("%d-%m-%Y", _("3-4-2026 is 3 April")),
        ],
    )
    field_order = ("platform", "currency", "time_format", "decimal", "encoding", "delimiter")

    def clean_currency(self) -> str:
        """Give the code in capitals."""
        code: str = self.cleaned_data["currency"].strip().upper()
        if code:
            currency_exists(code)
        return code

    def wish(self) -> Wish:
        """Give what was typed."""
        typed = self.cleaned_data
        return Wish(platform=typed["platform"] or None, currency=typed["currency"] or None, **self.written())

    @staticmethod
    def initial_of(wish: Wish) -> dict[str, str]:
        """Give what stands in the form at first."""
        return {"platform": wish.platform or "", "currency": wish.currency or "", **WritingForm.shown(wish)}

"""Forms about notices: what was read, and how somebody wants to hear of each kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from workspaces.forms.base import Form
from workspaces.notice_kinds import KINDS, Choice, Kind, Mail
from workspaces.quiet import TIMES, Quiet


class ReadAll(forms.Form):
    until = forms.DateTimeField()  # when the page was made: what came later was not seen


@dataclass(frozen=True, slots=True)
class Row:
    """One kind with its two fields."""

    kind: Kind
    in_product: BoundField
    mail: BoundField


class HalfHourField(forms.TypedChoiceField):
    """A half hour of the clock, or none."""

    def __init__(self, **options: Any) -> None:  # as Django's own
        times = [(f"{each:%H:%M}", f"{each.hour}:{each:%M}") for each in TIMES]
        choices = [("", "–"), *times]
        super().__init__(choices=choices, coerce=time.fromisoformat, empty_value=None, required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        """Show a kept time as its choice is called."""
        return f"{value:%H:%M}" if isinstance(value, time) else value


class NotificationSettings(Form):
    """A checkbox and a choice for each kind; quiet hours."""

    quiet_from = HalfHourField(label=_("No mails from"))
    quiet_until = HalfHourField(label=_("Until"))
    quiet_weekends = forms.BooleanField(label=_("No mails on Saturdays and Sundays"), required=False)

    def __init__(
        self, *args: Any, choices: Mapping[str, Choice], quiet: Quiet, **options: Any
    ) -> None:  # as Django's own
        super().__init__(*args, **options)
        self.fields["quiet_from"].initial, self.fields["quiet_until"].initial = quiet.begins, quiet.ends
        self.fields["quiet_weekends"].initial = quiet.weekends
        for kind in KINDS.values():
            choice, words = choices[kind.key], {"kind": kind.label}
            self.fields[f"{kind.key}-in_product"] = forms.BooleanField(
                label=_("%(kind)s in the product") % words, required=False, initial=choice.in_product
            )
            self.fields[f"{kind.key}-mail"] = forms.ChoiceField(
                label=_("%(kind)s by mail") % words, choices=Mail.choices, initial=choice.mail
            )

    def rows(self) -> Iterator[Row]:
        """Give the lines of the table."""
        for kind in KINDS.values():
            yield Row(kind, self[f"{kind.key}-in_product"], self[f"{kind.key}-mail"])

    def clean(self) -> dict[str, Any]:
        """Refuse a beginning without an end, and hours that end when they begin."""
        begins, ends = (self.cleaned_data.get(name) for name in ("quiet_from", "quiet_until"))
        if (begins is None) != (ends is None):
            self.add_error("quiet_until" if ends is None else "quiet_from", _("Choose both times, or neither."))
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", _("Quiet hours end at another time than they begin."))
        return super().clean() or self.cleaned_data

    @property
    def quiet(self) -> Quiet:
        """Give what the valid form says of quiet hours."""
        given = self.cleaned_data
        return Quiet(given["quiet_from"], given["quiet_until"], given["quiet_weekends"])

    @property
    def chosen(self) -> dict[str, Choice]:
        """Give what the valid form says of each kind."""
        return {
            key: Choice(self.cleaned_data[f"{key}-in_product"], Mail(self.cleaned_data[f"{key}-mail"])) for key in KINDS
        }

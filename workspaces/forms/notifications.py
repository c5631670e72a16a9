"""Forms about notices: what was read, and how somebody wants to hear of each kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from workspaces.forms.base import Form
from workspaces.notice_kinds import KINDS, Choice, Kind, Mail


class ReadAll(forms.Form):
    until = forms.DateTimeField()  # when the page was made: what came later was not seen


@dataclass(frozen=True, slots=True)
class Row:
    """One kind with its two fields."""

    kind: Kind
    in_product: BoundField
    mail: BoundField


class NotificationSettings(Form):
    """A checkbox and a choice for each kind."""

    def __init__(self, *args: Any, choices: Mapping[str, Choice], **options: Any) -> None:  # as Django's own
        super().__init__(*args, **options)
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

    @property
    def chosen(self) -> dict[str, Choice]:
        """Give what the valid form says of each kind."""
        return {
            key: Choice(self.cleaned_data[f"{key}-in_product"], Mail(self.cleaned_data[f"{key}-mail"])) for key in KINDS
        }

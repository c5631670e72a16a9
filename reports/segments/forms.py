"""The form of a segment: its name, what it is for, whose it is, and its lines."""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.forms.folding import choose_member
from reports.models import Segment
from reports.segments import rows
from reports.segments.definition import Definition
from reports.segments.parsing import BadSegment, read
from reports.segments.saving import SegmentDraft
from reports.segments.words import ALL, MATCHES
from workspaces.forms import ModelForm
from workspaces.models import Workspace


class SegmentForm(ModelForm):
    match = forms.ChoiceField(label=_("Persons of whom"), choices=list(MATCHES.items()), initial=ALL)

    class Meta:
        model = Segment
        fields = ("name", "description", "owner", "text")
        labels: ClassVar = {"text": _("Conditions")}
        widgets: ClassVar = {"text": forms.HiddenInput}
        help_texts: ClassVar = {
            "name": _("Such as: Bought yoga, not lately."),
            "description": _("What the group is looked at for."),
        }

    definition: Definition | None = None  # what was written, once it could be read
    fault = ""  # what is wrong with it; "" before anything was written

    def __init__(
        self,
        *args: Any,
        workspace: Workspace,
        goals: Collection[str],
        typed: Sequence[rows.Row] = (),
        **options: Any,
    ) -> None:
        """Make the form; `typed` are rows of an unsaved form, to be shown again.

        goals   the short names that there are
        """
        super().__init__(*args, **options)
        self.goals = goals
        self.fields["text"].required = False  # it is made of the rows
        choose_member(self, "owner", workspace)
        self.lines = rows.bound(self.data) if self.is_bound else rows.shown(typed or self._own_rows())

    def _own_rows(self) -> list[rows.Row]:
        """Give the rows of what is saved, or of the text that the form begins with."""
        text = self.initial.get("text") or ""
        if not text:
            return []
        try:
            self.definition = read(text, self.goals)
        except BadSegment as refusal:
            self.fault = str(refusal)
            return []
        self.initial["match"] = self.definition.match
        return rows.rows_of(self.definition)

    def clean(self) -> dict[str, Any]:
        """Read the lines before the form is compared with what others saved."""
        self.read_lines()
        if self.definition is None:
            self.add_error(None, self.fault)
        else:
            self.cleaned_data["text"] = self.definition.text
        return super().clean()

    def read_lines(self) -> None:
        """Make the definition of the rows, or say what is wrong with them."""
        if not self.lines.is_valid():
            self.fault = str(_("A row can't be read; take it out and write it anew."))
            return
        written = [each.text for each in self.lines.forms]
        if not any(written):
            self.fault = str(_("Say in a row at least who is meant."))
            return
        try:
            match = self.data.get(self.add_prefix("match"), ALL)
            self.definition = read("\n".join([match if match in MATCHES else ALL, *written]), self.goals)
        except BadSegment as refusal:
            # The first line says how the others are joined; empty rows may be hidden.
            place = sum(bool(each) for each in written[: refusal.line - 1])
            told = _("Row %(row)s: %(reason)s") % {"row": place, "reason": refusal.reason}
            self.fault = str(told) if refusal.line else refusal.reason

    @property
    def draft(self) -> SegmentDraft:
        """Give what is saved, after `is_valid`."""
        return SegmentDraft(**{name: self.cleaned_data[name] for name in ("name", "description", "owner", "text")})

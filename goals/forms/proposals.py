"""The form of a proposal, in plain words."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from goals import picking
from goals.conditions import Misstated, parse
from goals.definition import MAX_COUNTING_DAYS, Definition
from goals.forms import rows
from goals.forms.goals import AskedText
from goals.models import Counting, Goal, Level, MicroKind, Plan, Proposal
from goals.proposing import ProposalDraft, definition_of, missing_of
from goals.wording import fault_text, rules_text
from workspaces.forms import Clash, IntegerField, ModelForm

SEEN, MISSING, RULES = "seen", "missing", "rules"
WHATS = [
    (SEEN, _("a page or an event that arrives already")),
    (MISSING, _("something that is not tracked yet")),
    (RULES, _("rules of my own, for those who know the events")),
]
KINDS = [
    (MicroKind.MILESTONE, _("Process milestone: a step on the way, such as adding to the cart")),
    (MicroKind.SECONDARY, _("Secondary action: shows interest, such as signing up for the newsletter")),
]
COUNTINGS = [
    (Counting.SESSION, _("Once per visit, as is usual for micro goals")),
    (Counting.EVERY, Counting.EVERY.label),
    (Counting.PERSON, Counting.PERSON.label),
    (Counting.PERSON_WINDOW, Counting.PERSON_WINDOW.label),
]


class ProposalForm(ModelForm):
    what = forms.ChoiceField(label=_("What people do is"), choices=WHATS, widget=forms.RadioSelect, initial=SEEN)
    picked = AskedText(label=_("Page or event"), max_length=600)
    below = forms.BooleanField(label=_("and every page whose address begins like this one"), required=False)
    counting = forms.ChoiceField(label=_("Counting"), choices=COUNTINGS, required=False, initial=Counting.SESSION)
    counting_days = IntegerField(
        label=_("Window in days"), min_value=1, max_value=MAX_COUNTING_DAYS, required=False, initial=30
    )
    micro_kind = forms.ChoiceField(
        label=_("Kind of micro goal"), choices=KINDS, widget=forms.RadioSelect, required=False
    )

    class Meta:
        model = Proposal
        fields = ("name", "rationale", "micro_kind", "supports", "moment", "department", "stage")
        widgets: ClassVar = {
            "supports": forms.CheckboxSelectMultiple,
            "rationale": forms.Textarea(attrs={"rows": 3}),
        }
        labels: ClassVar = {
            "name": _("What would you call it?"),
            "rationale": _("Why does it matter?"),
            "moment": _("When exactly does it happen?"),
            "supports": _("Which macro goal does it lead to?"),
        }
        help_texts: ClassVar = {
            "name": _("In the words of your customers, such as: Asked for a fitting."),
            "rationale": _("What it tells you when somebody does this. Whoever decides reads it first."),
            "moment": _("For whoever builds the tracking: when the receipt of the form is shown, say."),
        }

    definition: Definition | None = None  # what was written, once it could be read; None for what is not tracked yet
    is_readable = False

    def __init__(self, *args: Any, plan: Plan, typed_rows: list[dict[str, str]] | None = None, **options: Any) -> None:
        """Make the form for a proposal to the plan; `typed_rows` are rows of an unsaved form, to be shown again."""
        proposal = options.get("instance")
        self.plan = plan
        self.saved_definition = definition_of(proposal) if proposal else None
        options["initial"] = self._start(proposal) | options.get("initial", {})
        super().__init__(*args, **options)
        own = rows.rows_of(self.saved_definition.rules) if self.saved_definition else []
        self.rows = rows.bound(self.data) if self.is_bound else rows.shown(typed_rows or own)
        supports = cast("forms.ModelMultipleChoiceField[Goal]", self.fields["supports"])
        supports.queryset = plan.goals.live().filter(level=Level.MACRO)
        self.fields["department"].widget.attrs["list"] = "departments"
        for name in ("rationale", "micro_kind", "supports"):  # a draft can do without, a submission can't
            self.fields[name].is_asked_later = True  # type: ignore[attr-defined]  # read by components/field.html

    def _start(self, proposal: Proposal | None) -> dict[str, Any]:  # any initial value
        saved = self.saved_definition
        if saved is None:
            return {"what": MISSING} if proposal else {}
        start: dict[str, Any] = {"counting": saved.counting, "counting_days": saved.counting_days}
        said = picking.told(saved)
        if said is None:
            return start | {"what": RULES}
        return start | {"what": SEEN, "picked": said[0], "below": said[1]}

    def clean(self) -> dict[str, Any]:
        """Read the definition before the form is compared with what others saved."""
        given = self.cleaned_data
        given["counting"] = given.get("counting") or Counting.SESSION
        given["counting_days"] = given.get("counting_days") or 30
        self.definition = self._read(given)
        return super().clean()

    def _read(self, given: Mapping[str, Any]) -> Definition | None:
        what = given.get("what")
        if what == SEEN:
            return self._read_pick(given)
        if what == RULES:
            return self._read_rules(given)
        self.is_readable = what == MISSING
        return None

    def _read_pick(self, given: Mapping[str, Any]) -> Definition | None:
        pick = picking.read(given.get("picked", ""))
        if pick is None:
            self.add_error("picked", _("Pick a page or an event from the list; search finds more."))
            return None
        try:
            return self._defined(picking.rules_of(pick, with_below=given["below"]), given)
        except Misstated as misstated:
            for fault in misstated.faults:
                self.add_error("picked", fault_text(fault))
        return None

    def _read_rules(self, given: Mapping[str, Any]) -> Definition | None:
        unread = _("The rules can't be read; see below.")
        if not self.rows.is_valid():
            self.add_error("what", unread)
            return None
        try:
            return self._defined(parse(self.rows.as_json()), given)
        except Misstated as misstated:
            for fault in misstated.faults:
                if not self.rows.show(fault):
                    self.add_error("what", fault_text(fault))
        if "what" not in self.errors:
            self.add_error("what", unread)
        return None

    def _defined(self, rules: Any, given: Mapping[str, Any]) -> Definition:  # rules as parsed
        self.is_readable = True
        counting, days = Counting(given["counting"]), given["counting_days"]
        if self.saved_definition:  # its value and windows, which this form does not ask, stay as they are
            return replace(self.saved_definition, rules=rules, counting=counting, counting_days=days)
        return Definition(rules, counting=counting, counting_days=days)

    def _clash_with(self, saved: Model, cleaned: Mapping[str, Any]) -> None:
        # What counts is one column of JSON and no field of the form, which the comparison of fields does not see.
        super()._clash_with(saved, cleaned)
        kept = definition_of(cast(Proposal, saved))
        theirs, yours = (rules_text(each.rules) if each else "" for each in (kept, self.definition))
        if theirs == yours:
            return
        is_only = not self.clashes
        self.clashes = (*self.clashes, Clash(str(_("What counts")), theirs, yours))
        if is_only:
            data = cast(QueryDict, self.data).copy()
            data["revision"] = str(cast(Proposal, saved).revision)
            self.data = data
            self.add_error(NON_FIELD_ERRORS, _("What counts was changed meanwhile, so yours was not saved."))

    def ask_for_missing(self) -> bool:
        """Show at each field what a submitted proposal needs beside what a draft does; say whether all is there."""
        for field, words in missing_of(self.draft, self.plan).items():
            self.add_error(field, words)
        self._focus_first_fault()
        return not self.errors

    @property
    def rules_fault(self) -> str:
        """Say why the definition can't be read: the first row's fault, or the first field's."""
        for row in self.rows.forms if self.rows.is_bound else ():
            for faults in row.errors.values():
                return str(faults[0])
        parts = ("picked", "what", "counting_days")
        return next((str(self.errors[name][0]) for name in parts if name in self.errors), "")

    @property
    def draft(self) -> ProposalDraft:
        """Give what was written, after `is_valid`."""
        given = self.cleaned_data
        names = ("name", "department", "moment", "rationale", "micro_kind", "stage")
        return ProposalDraft(
            **{name: given[name] for name in names}, definition=self.definition, supports=tuple(given["supports"])
        )

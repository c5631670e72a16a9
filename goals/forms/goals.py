"""The form of a goal: what it is, what counts, how it is counted and valued."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from analysis.attribution.models import MODELS
from goals import triggers
from goals.conditions import Misstated, Rule, parse
from goals.defining import GoalDraft
from goals.definition import MAX_COUNTING_DAYS, Definition
from goals.forms import rows
from goals.forms.folding import Folding, choose_member, offer_departments
from goals.models import Counting, Goal, Level, Objective, Plan, Stage, ValueRule
from goals.triggers import Trigger
from goals.wording import MODEL_LABELS, fault_text, rules_text, usual_counting
from workspaces.currencies import currency_exists
from workspaces.forms import Clash, IntegerField, MicrosField, ModelForm
from workspaces.forms.team import currency_choices

COUNTINGS = [("", _("As usual: macro goals every time, micro goals once per session")), *Counting.choices]
_DAYS = ("view_days", "engagement_days", "click_days")


class Asked:
    """A field that only some answers need: `clean` asks for it, and the browser must not."""

    def validate(self, value: Any) -> None:  # whatever the field makes of it
        """Let an empty field pass."""


class AskedInput(forms.TextInput):
    def use_required_attribute(self, initial: Any) -> bool:  # noqa: ARG002  # Django's signature
        """Leave `required` out: the browser would insist on a field that is hidden."""
        return False


class AskedSelect(forms.Select):
    def use_required_attribute(self, initial: Any) -> bool:  # noqa: ARG002  # Django's signature
        """Leave `required` out, as above."""
        return False


class AskedText(Asked, forms.CharField):
    widget = AskedInput


class AskedAmount(Asked, MicrosField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.use_required_attribute = lambda _initial: False


class GoalForm(Folding, ModelForm):
    folded = ("moment", "stage", "owner")

    trigger = forms.ChoiceField(
        label=_("You notice it when"), choices=Trigger.choices, widget=forms.RadioSelect, initial=Trigger.EVENT
    )
    page = AskedText(label=_("Page"), max_length=500, help_text=_("Its path. * stands for anything: /thanks*"))
    event = AskedText(label=_("Event"), max_length=128, help_text=_("Its name as your tag sends it."))
    purchase = AskedText(
        label=_("Event of the purchase"),
        max_length=128,
        initial="purchase",
        help_text=_("Each counts with the value and currency that it carries, once per transaction id."),
    )
    counting = forms.ChoiceField(label=_("Counting"), choices=COUNTINGS, required=False)
    counting_days = IntegerField(
        label=_("Window in days"), min_value=1, max_value=MAX_COUNTING_DAYS, required=False, initial=30
    )
    value_rule = forms.ChoiceField(
        label=_("Value"), choices=ValueRule.choices, widget=forms.RadioSelect, initial=ValueRule.NONE
    )
    value_micros = AskedAmount(label=_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    model = forms.ChoiceField(
        label=_("Attribution model"),
        choices=[(name, MODEL_LABELS[name]) for name, model in MODELS.items() if model.is_complete],
    )

    class Meta:
        model = Goal
        fields = (
            "name", "level", "micro_kind", "supports", "objective", "rationale", "department",
            "owner", "stage", "moment",
            "counting", "counting_days", "value_rule", "value_micros", "currency", "model", *_DAYS,
        )  # fmt: skip
        widgets: ClassVar = {
            "micro_kind": forms.RadioSelect,
            "supports": forms.CheckboxSelectMultiple,
        }
        labels: ClassVar = {
            "objective": _("Objective"),
            "owner": _("Owner"),
            "view_days": _("View window in days"),
            "engagement_days": _("Engagement window in days"),
            "click_days": _("Click window in days"),
        }
        help_texts: ClassVar = {
            "rationale": _("What it tells you when somebody does this."),
            "moment": _("The trigger in words, such as: the receipt of a paid order was shown."),
        }

    level = forms.ChoiceField(label=_("Level"), choices=Level.choices, widget=forms.RadioSelect)
    definition: Definition | None = None  # what was written, once it could be read

    def __init__(self, *args: Any, plan: Plan, typed_rows: list[dict[str, str]] | None = None, **options: Any) -> None:
        """Make the form for a goal of the plan; `typed_rows` are rows of an unsaved form, to be shown again."""
        goal = options.get("instance")
        self.saved_definition = Definition.of(goal) if goal else None
        options["initial"] = self._start(plan) | options.get("initial", {})
        super().__init__(*args, **options)
        self.plan = plan
        self.rows = rows.bound(self.data) if self.is_bound else rows.shown(typed_rows or self._own_rows())
        self._choose_from(plan, goal)

    def _start(self, plan: Plan) -> dict[str, Any]:  # any initial value
        saved = self.saved_definition
        if saved is None:
            return {"level": Level.MACRO, "currency": plan.workspace.currency}
        return triggers.told(saved) | {"currency": saved.currency or plan.workspace.currency}

    def _own_rows(self) -> list[dict[str, str]]:
        return rows.rows_of(self.saved_definition.rules) if self.saved_definition else []

    def _choose_from(self, plan: Plan, goal: Goal | None) -> None:
        macros = plan.goals.live().filter(level=Level.MACRO)
        supports = cast("forms.ModelMultipleChoiceField[Goal]", self.fields["supports"])
        supports.queryset = macros.exclude(pk=goal.pk) if goal else macros
        objective = cast("forms.ModelChoiceField[Objective]", self.fields["objective"])
        objective.queryset = plan.objectives.all()
        objective.empty_label = str(_("None yet"))
        kind = cast(forms.ChoiceField, self.fields["micro_kind"])
        kind.choices = [choice for choice in cast(Any, kind.choices) if choice[0]]
        self.fields["page"].widget.attrs |= {"list": "seen-pages", "autocomplete": "off"}
        for name in ("event", "purchase"):
            self.fields[name].widget.attrs |= {"list": "seen-events", "autocomplete": "off"}
        offer_departments(self)
        choose_member(self, "owner", plan.workspace)
        stage = cast(forms.ChoiceField, self.fields["stage"])
        stage.choices = [("", _("None yet")), *Stage.choices]
        for name in _DAYS:
            self.fields[name].widget.attrs["placeholder"] = str(getattr(plan.workspace, name))

    def clean(self) -> dict[str, Any]:
        """Read the definition before the form is compared with what others saved."""
        given = self.cleaned_data
        given["counting"] = given.get("counting") or usual_counting(given.get("level", ""))
        given["counting_days"] = given.get("counting_days") or 30
        if given.get("level") == Level.MACRO:
            given |= {"micro_kind": "", "supports": self.plan.goals.none()}  # hidden, so not meant
        self._clean_value(given)
        self.definition = self._read(given)
        return super().clean()

    def _clean_value(self, given: dict[str, Any]) -> None:
        if given.get("trigger") == Trigger.PURCHASE:
            given["value_rule"] = ValueRule.EVENT
        if given.get("value_rule") != ValueRule.FIXED:
            given |= {"value_micros": None, "currency": ""}
            return
        if given.get("value_micros") is None and "value_micros" not in self.errors:
            self.add_error("value_micros", _("Say how much each conversion is worth."))
        if given.get("currency"):
            currency_exists(given["currency"])

    def _read(self, given: Mapping[str, Any]) -> Definition | None:
        if "trigger" not in given:
            return None
        trigger = Trigger(given["trigger"])
        part = triggers.TYPED_IN[trigger]
        if part and not given.get(part):
            self.add_error(part, _("Say which; the list shows what has arrived."))
            return None
        if trigger is Trigger.RULES and not self.rows.is_valid():
            self.add_error("trigger", _("The rules can't be read; see below."))
            return None
        if trigger is Trigger.NOTHING:
            return self._definition((), given)
        written = self.rows.as_json() if trigger is Trigger.RULES else triggers.written(trigger, given.get(part, ""))
        try:
            rules = parse(written)
        except Misstated as misstated:
            self._show(misstated, part)
            return None
        return self._definition(rules, given)

    def _definition(self, rules: tuple[Rule, ...], given: Mapping[str, Any]) -> Definition:
        names = ("counting", "counting_days", "value_micros", "currency", "model", *_DAYS)
        parts = {name: given[name] for name in names if name in given}
        counting = {"counting": Counting(given["counting"])}
        return Definition(rules, value_rule=ValueRule(given.get("value_rule") or "none"), **parts | counting)

    def _show(self, misstated: Misstated, part: str) -> None:
        for fault in misstated.faults:
            if part or not self.rows.show(fault):
                self.add_error(part or "trigger", fault_text(fault))
        if not part and "trigger" not in self.errors:
            self.add_error("trigger", _("The rules can't be read; see below."))

    def _clash_with(self, saved: Model, cleaned: Mapping[str, Any]) -> None:
        # The rules are rows of their own, which the comparison of the goal's columns does not see.
        super()._clash_with(saved, cleaned)
        theirs = rules_text(Definition.of(cast(Goal, saved)).rules)
        yours = rules_text(self.definition.rules) if self.definition else ""
        if yours and theirs != yours:
            is_only = not self.clashes
            self.clashes = (*self.clashes, Clash(str(_("What counts")), theirs, yours))
            if is_only:
                self._ask_again(cast(Goal, saved).revision)

    def _ask_again(self, revision: int) -> None:
        data = cast(QueryDict, self.data).copy()
        data["revision"] = str(revision)
        self.data = data
        self.add_error(NON_FIELD_ERRORS, _("Somebody else changed what counts meanwhile, so yours was not saved."))

    @property
    def rules_fault(self) -> str:
        """Say why the definition can't be read: the first row's fault, or the first field's."""
        for row in self.rows.forms if self.rows.is_bound else ():
            for faults in row.errors.values():
                return str(faults[0])
        parts = ("page", "event", "purchase", "trigger", "value_micros", "counting_days", *_DAYS)
        return next((str(self.errors[name][0]) for name in parts if name in self.errors), "")

    @property
    def draft(self) -> GoalDraft:
        """Give what was written, after `is_valid`."""
        given = self.cleaned_data
        return GoalDraft(
            name=given["name"],
            level=Level(given["level"]),
            definition=cast(Definition, self.definition),
            objective=given["objective"],
            micro_kind=given["micro_kind"],
            supports=tuple(given["supports"]),
            rationale=given["rationale"],
            department=given["department"],
            owner=given["owner"],
            stage=given["stage"],
            moment=given["moment"],
        )

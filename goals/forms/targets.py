"""Forms of KPIs and targets; numbers in the reader's way of writing, in the unit of what is measured."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.forms.plans import DateInput
from goals.models import Direction, Goal, Kpi, Measure, Per, Target, ValueRule
from goals.planning import quarter_of
from goals.targeting import KpiDraft, TargetDraft
from workspaces.forms import DecimalField, ModelForm, NumberInput

# What one unit on the screen is in the row: amounts are kept in millionths, rates as fractions.
FACTORS = {Measure.VALUE: Decimal(10**6), Measure.AVERAGE: Decimal(10**6), Measure.RATE: Decimal("0.01")}
CUSTOM = "custom"


class KpiForm(ModelForm):
    measure = forms.ChoiceField(label=_("What is measured"), choices=Measure.choices, widget=forms.RadioSelect)

    class Meta:
        model = Kpi
        fields = ("name", "measure", "per", "direction", "department")
        help_texts: ClassVar = {"per": _("For a rate only: what the conversions are divided by.")}

    def __init__(self, *args: Any, goal: Goal, **options: Any) -> None:
        super().__init__(*args, **options)
        if goal.value_rule == ValueRule.NONE:
            measure = self.fields["measure"]
            measure.choices = [(Measure.COUNT, Measure.COUNT.label), (Measure.RATE, Measure.RATE.label)]  # type: ignore[attr-defined]
            measure.help_text = _("The goal has no value, so there is none to measure.")

    def clean(self) -> dict[str, Any]:
        """Drop a denominator that only a rate has, and that is hidden for the rest."""
        if self.cleaned_data.get("measure") != Measure.RATE:
            self.cleaned_data["per"] = ""
        elif not self.cleaned_data.get("per"):
            self.cleaned_data["per"] = Per.VISITORS
        return super().clean()

    @property
    def draft(self) -> KpiDraft:
        """Give what was written, after `is_valid`."""
        return KpiDraft.of(self.save(commit=False))


class MeasuredField(forms.Field):
    """A number in the unit that people use for the measure: 3.4 (per cent), 120 000 (kroner), 412 (conversions)."""

    def __init__(self, *, measure: str, **options: Any) -> None:
        super().__init__(**{"widget": NumberInput(), **options})
        self.factor = FACTORS.get(Measure(measure), Decimal(1))
        places = 0 if measure == Measure.COUNT else 2 if measure != Measure.RATE else 4
        self._number = DecimalField(
            required=False, max_digits=17, decimal_places=places, min_value=Decimal(0), max_value=Decimal(10**12)
        )

    def to_python(self, value: Any) -> Decimal | None:
        """Give the number as the row keeps it; an empty field is None."""
        number = self._number.clean(value)
        return None if number is None else number * self.factor

    def prepare_value(self, value: Any) -> Any:
        """Show a kept number in people's unit; what was typed stays as it was."""
        return f"{(value / self.factor).normalize():f}" if isinstance(value, Decimal) else value


class TargetForm(ModelForm):
    period = forms.ChoiceField(label=_("Period"), widget=forms.RadioSelect, initial="quarter")

    class Meta:
        model = Target
        fields = ("starts_on", "ends_on")
        widgets: ClassVar = {"starts_on": DateInput(), "ends_on": DateInput()}
        labels: ClassVar = {"starts_on": _("First day"), "ends_on": _("Last day")}

    field_order = ("value", "value_high", "period", "starts_on", "ends_on", "baseline")

    def __init__(self, *args: Any, kpi: Kpi, today: date, **options: Any) -> None:
        target = options.get("instance")
        if target:
            kept = {name: getattr(target, name) for name in ("value", "value_high", "baseline")}
            options["initial"] = kept | {"period": CUSTOM} | options.get("initial", {})
        super().__init__(*args, **options)
        is_band = kpi.direction == Direction.BAND
        label = _("Lower end") if is_band else _("Target")
        self.fields["value"] = MeasuredField(measure=kpi.measure, label=label)
        if is_band:
            self.fields["value_high"] = MeasuredField(measure=kpi.measure, label=_("Upper end"))
        self.fields["baseline"] = MeasuredField(
            measure=kpi.measure, label=_("Baseline"), required=False, help_text=_("What it was before, if you know.")
        )
        self.periods = periods(today)
        names = [(name, label) for name, (label, _first, _last) in self.periods.items()]
        self.fields["period"].choices = [*names, (CUSTOM, _("Other dates"))]  # type: ignore[attr-defined]
        for name in ("starts_on", "ends_on"):
            self.fields[name].required = False
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Give the period's own dates, unless others are wanted."""
        given = self.cleaned_data
        if given.get("period") in self.periods:
            _label, given["starts_on"], given["ends_on"] = self.periods[given["period"]]
        for name in ("starts_on", "ends_on"):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, _("Choose a day."))
        return super().clean()

    @property
    def draft(self) -> TargetDraft:
        """Give what was written, after `is_valid`."""
        given = self.cleaned_data
        new = TargetDraft(given["value"], given["starts_on"], given["ends_on"])
        kept = TargetDraft.of(self.instance) if self.instance.pk else new
        return replace(
            kept,
            value=given["value"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            value_high=given.get("value_high"),
            baseline=given["baseline"],
        )


def periods(today: date) -> dict[str, tuple[str, date, date]]:
    """Give the periods that are offered by name: label, first day, last day."""
    first, last = quarter_of(today)
    month = today.replace(day=1)
    next_month = (month + timedelta(days=31)).replace(day=1)
    return {
        "quarter": (str(_("This quarter")), first, last),
        "month": (str(_("This month")), month, next_month - timedelta(days=1)),
        "year": (str(_("This year")), today.replace(month=1, day=1), today.replace(month=12, day=31)),
    }

"""Forms of KPIs and targets; numbers in the reader's way of writing, in the unit of what is measured."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.figures import FACTORS
from goals.forms.folding import Folding, choose_member, offer_departments
from goals.forms.plans import DateInput
from goals.forms.shares import ShareField
from goals.models import Direction, Format, Goal, Kpi, Measure, Per, Segment, Target, Timing, ValueRule
from goals.planning import quarter_of
from goals.targeting import KpiDraft, TargetDraft
from workspaces.forms import DecimalField, ModelForm, NumberInput

CUSTOM = "custom"
PLACES = {Format.COUNT: 0, Format.PERCENT: 4}  # decimals of a target as people type it; two of the rest


class KpiForm(Folding, ModelForm):
    folded = ("weight", "timing", "department", "owner", "data_source")
    fold_label = _("Weight, owner, data source")

    measure = forms.ChoiceField(label=_("What is measured"), choices=Measure.choices, widget=forms.RadioSelect)

    class Meta:
        model = Kpi
        fields = (
            "name",
            "measure",
            "per",
            "metric",
            "direction",
            "weight",
            "timing",
            "department",
            "owner",
            "data_source",
        )
        labels: ClassVar = {"owner": _("Owner")}
        help_texts: ClassVar = {
            "per": _("For a rate only: what the conversions are divided by."),
            "metric": _("For a metric of your own only: one whose formula names this goal, or no goal."),
            "weight": _("A guardrail must not get worse while the others get better."),
            "data_source": _("Such as: the shop's own events, or: the cash registers."),
        }

    def __init__(self, *args: Any, goal: Goal, **options: Any) -> None:
        super().__init__(*args, **options)
        choose_member(self, "owner", goal.workspace)
        offer_departments(self)
        self.fields["timing"].choices = [("", _("None yet")), *Timing.choices]  # type: ignore[attr-defined]
        metrics = goal.workspace.calculated_metrics.all()
        cast("forms.ModelChoiceField[Any]", self.fields["metric"]).queryset = metrics
        self._offer(goal, has_metrics=metrics.exists())

    def _offer(self, goal: Goal, *, has_metrics: bool) -> None:
        """Leave out the measures that the goal and the workspace have nothing for."""
        without = set() if has_metrics else {Measure.METRIC}
        measure = cast(forms.ChoiceField, self.fields["measure"])
        if goal.value_rule == ValueRule.NONE:
            without |= {Measure.VALUE, Measure.AVERAGE}
            measure.help_text = _("The goal has no value, so there is none to measure.")
        measure.choices = [(each.value, each.label) for each in Measure if each not in without]
        if has_metrics:
            direction = cast(forms.ChoiceField, self.fields["direction"])
            direction.required = False
            direction.choices = [("", _("As the metric says; else higher is better")), *Direction.choices]
            if not self.instance.pk:
                self.initial["direction"] = ""

    def clean(self) -> dict[str, Any]:
        """Drop what other measures have, and what is hidden for this one."""
        if self.cleaned_data.get("measure") != Measure.METRIC:
            self.cleaned_data["metric"] = None
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
    """A number in the unit that people use for the format: 3.4 (per cent), 120 000 (kroner), 412 (conversions)."""

    def __init__(self, *, written_as: Format, **options: Any) -> None:
        super().__init__(**{"widget": NumberInput(), **options})
        self.factor = FACTORS.get(written_as, Decimal(1))
        places = PLACES.get(written_as, 2)
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


class TargetForm(Folding, ModelForm):
    period = forms.ChoiceField(label=_("Period"), widget=forms.RadioSelect, initial="quarter")
    green_share = ShareField(
        label=_("On track from"), help_text=_("Of what is expected to date. Empty: 95 %, as everywhere.")
    )
    amber_share = ShareField(label=_("Behind below"), help_text=_("Of what is expected to date. Empty: 80 %."))

    folded = ("green_share", "amber_share", "segment")
    fold_label = _("Thresholds, segment")

    class Meta:
        model = Target
        fields = ("starts_on", "ends_on", "baseline_since", "baseline_until", "segment")
        widgets: ClassVar = {name: DateInput() for name in ("starts_on", "ends_on", "baseline_since", "baseline_until")}
        labels: ClassVar = {
            "starts_on": _("First day"),
            "ends_on": _("Last day"),
            "baseline_since": _("Baseline from"),
            "baseline_until": _("Baseline until"),
        }
        help_texts: ClassVar = {
            "segment": _("Whose figures are meant. They are not computed yet, so it is not judged.")
        }

    field_order = (
        "value", "value_high", "period", "starts_on", "ends_on", "baseline", "baseline_since", "baseline_until",
        "green_share", "amber_share", "segment",
    )  # fmt: skip

    def __init__(self, *args: Any, kpi: Kpi, today: date, **options: Any) -> None:
        target = options.get("instance")
        if target:
            names = ("value", "value_high", "baseline", "green_share", "amber_share")
            kept = {name: getattr(target, name) for name in names}
            options["initial"] = kept | {"period": CUSTOM} | options.get("initial", {})
        super().__init__(*args, **options)
        self._measure(kpi)
        self.periods = periods(today)
        named = [(name, label) for name, (label, _first, _last) in self.periods.items()]
        self.fields["period"].choices = [*named, (CUSTOM, _("Other dates"))]  # type: ignore[attr-defined]
        for name in ("starts_on", "ends_on"):
            self.fields[name].required = False
        segment = cast("forms.ModelChoiceField[Segment]", self.fields["segment"])
        segment.queryset = Segment.objects.filter(plan_id=kpi.goal.plan_id)
        segment.empty_label = str(_("Everybody"))
        self.order_fields(self.field_order)

    def _measure(self, kpi: Kpi) -> None:
        is_band = kpi.direction == Direction.BAND
        label = _("Lower end") if is_band else _("Target")
        self.fields["value"] = MeasuredField(written_as=kpi.format, label=label)
        if is_band:
            self.fields["value_high"] = MeasuredField(written_as=kpi.format, label=_("Upper end"))
        self.fields["baseline"] = MeasuredField(
            written_as=kpi.format, label=_("Baseline"), required=False, help_text=_("What it was before, if you know.")
        )

    def clean(self) -> dict[str, Any]:
        """Give the period's own dates, unless others are wanted."""
        given = self.cleaned_data
        if given.get("period") in self.periods:
            _label, given["starts_on"], given["ends_on"] = self.periods[given["period"]]
        for name in ("starts_on", "ends_on"):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, _("Choose a day."))
        since, until = given.get("baseline_since"), given.get("baseline_until")
        if since and until and until < since:
            self.add_error("baseline_until", _("The baseline's days end before they start."))
        return super().clean()

    @property
    def draft(self) -> TargetDraft:
        """Give what was written, after `is_valid`."""
        given = self.cleaned_data
        return TargetDraft(
            value=given["value"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            value_high=given.get("value_high"),
            baseline=given["baseline"],
            baseline_since=given["baseline_since"],
            baseline_until=given["baseline_until"],
            green_share=given["green_share"],
            amber_share=given["amber_share"],
            segment=given["segment"],
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

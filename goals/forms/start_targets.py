"""How much of it by when: a number for each KPI of the first plan, beside what it was before. Any may be left out."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from goals.answers import MEASURES, RATE_OF_VISITORS, Aimed, Answers
from goals.baselines import Stretch
from goals.composing import definition_of
from goals.figures import digits
from goals.forms.start import StepForm
from goals.history import Past, pasts
from goals.models import Level, Measure
from workspaces.forms import DecimalField

USE = "use"  # the button that takes a suggested number over; its value is the row's prefix
_LABELS = {
    Measure.COUNT.value: _("Conversions"),
    RATE_OF_VISITORS: _("Rate of visitors, in %"),
    Measure.VALUE.value: _("Value"),
    Measure.AVERAGE.value: _("Average value"),
}


class AimForm(forms.Form):
    """The target of one KPI."""

    measure = forms.ChoiceField(label=_("What is measured"))
    value = DecimalField(
        label=_("Target"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(10**12),
        max_digits=17,
        decimal_places=4,
    )
    baseline = forms.ChoiceField(label=_("Baseline"), required=False)

    def __init__(
        self, *args: Any, aim: Aimed, goal: str, has_value: bool, found: tuple[Past, ...], **options: Any
    ) -> None:
        """Make the row; `found` are the goal's pasts, `goal` its name."""
        super().__init__(*args, **options)
        self.aim, self.goal, self.pasts = aim, goal, found
        offered = [key for key in MEASURES if has_value or key in {Measure.COUNT, RATE_OF_VISITORS}]
        cast(forms.ChoiceField, self.fields["measure"]).choices = [(key, _LABELS[key]) for key in offered]
        stretches = [(past.days.stretch.value, past.days.stretch.label) for past in found]
        cast(forms.ChoiceField, self.fields["baseline"]).choices = [*stretches, ("", _("None"))]
        if not found:
            del self.fields["baseline"]

    @property
    def suggested(self) -> str:
        """Give a tenth more than before, in the measure that the row asks for; "" without a history."""
        return self.pasts[0].more(self.measured) if self.pasts else ""

    @property
    def measured(self) -> str:
        """Give the measure that is chosen on the screen."""
        sent = self.data.get(self.add_prefix("measure")) if self.is_bound else None
        return str(sent) if sent in MEASURES else str(self.initial.get("measure", self.aim.measure))

    def clean(self) -> dict[str, Any]:
        """Refuse a share of visitors above all of them, and parts of a conversion."""
        given = self.cleaned_data
        value, measure = given.get("value"), given.get("measure")
        if value is not None and measure == RATE_OF_VISITORS and value > 100:
            self.add_error("value", _("No more than 100 % of visitors can convert."))
        if value is not None and measure == Measure.COUNT and value != int(value):
            self.add_error("value", _("Write a whole number of conversions."))
        return given

    def aimed(self) -> Aimed:
        """Give what was written, after `is_valid`."""
        given = self.cleaned_data
        bare = replace(self.aim, measure=given["measure"], value="", baseline="", baseline_since="", baseline_until="")
        if given["value"] is None:
            return bare
        past = next((each for each in self.pasts if each.days.stretch == given.get("baseline")), None)
        figure = past.figure(given["measure"]) if past else ""
        known = {"baseline": figure, "baseline_since": str(past.days.since), "baseline_until": str(past.days.last)} \
            if past and figure else {}  # fmt: skip
        return replace(bare, value=digits(given["value"]), **known)


class TargetsForm(StepForm):
    title: ClassVar[Any] = _("Targets")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.first, self.last = self.said.days(self.today)
        definitions = {key: definition_of(self.said, key) for key in self.said.goals}
        self.pasts = pasts(self.workspace, definitions, first=self.first, last=self.last, today=self.today)
        self.parts = [self._row(place, aim) for place, aim in enumerate(self.said.kpis())]

    @property
    def has_history(self) -> bool:
        """Say whether anything is known of what was before."""
        return bool(self.pasts)

    @property
    def sections(self) -> list[tuple[str, list[forms.Form]]]:
        """Give the rows of the macro goals, then those of the micro goals, each with its heading."""
        levels = {key: level for key, (level, _picked) in self.said.goals.items()}
        rows = [cast(AimForm, part) for part in self.parts]
        macro: list[forms.Form] = [row for row in rows if levels[row.aim.goal] == Level.MACRO]
        micro: list[forms.Form] = [row for row in rows if levels[row.aim.goal] == Level.MICRO]
        both = [(str(_("Macro goals")), macro), (str(_("Micro goals")), micro)]
        return [(name, found) for name, found in both if found]

    def take(self, prefix: str) -> None:
        """Put the suggested number into a row, by its prefix; nothing else of what was typed changes."""
        data = cast(QueryDict, self.data).copy()
        for part in self.parts:
            row = cast(AimForm, part)
            if row.prefix == prefix and row.suggested:
                data[row.add_prefix("value")] = row.suggested
            row.data = data

    def answer(self, said: Answers) -> Answers:
        """Give the answers with these targets."""
        return replace(said, aims=tuple(cast(AimForm, part).aimed() for part in self.parts))

    def words(self, said: Answers) -> str:
        """Name what is aimed for."""
        return ", ".join(f"{aim.name} {aim.value}" for aim in said.aims or () if aim.value)

    def _row(self, place: int, aim: Aimed) -> AimForm:
        found = self.pasts.get(aim.goal, ())
        chosen = next((past.days.stretch.value for past in found if str(past.days.since) == aim.baseline_since), None)
        usual = found[0].days.stretch.value if found else Stretch.BEFORE.value
        initial = {
            "measure": aim.measure,
            "value": Decimal(aim.value) if aim.value else None,
            "baseline": chosen if chosen or aim.value else usual,
        }
        goal = self.said.goals[aim.goal][1].name
        return AimForm(
            self.data if self.is_bound else None, prefix=f"kpi-{place}", initial=initial, aim=aim, goal=goal,
            has_value=self.said.has_value(aim.goal), found=found,
        )  # fmt: skip

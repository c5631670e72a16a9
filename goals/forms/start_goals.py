"""The two questions of the method: "What do we make money on?", and what people usually do before."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.answers import Answers, Picked
from goals.composing import rules_of
from goals.conditions import Misstated
from goals.forms.goals import Asked, AskedSelect, AskedText
from goals.forms.start import StepForm
from goals.models import Level, MicroKind
from goals.naming import numbered, slug_of
from goals.starters import Card
from goals.suggesting import Arrived, Match, arrived
from goals.wording import fault_text

OWN_ROWS = 3  # empty ones, besides those written before
MACRO, MICRO = "macro", "micro"


class AskedChoice(Asked, forms.ChoiceField):
    """A choice that lines left empty need not make."""

    widget = AskedSelect


class PickForm(forms.Form):
    """A goal to be picked from a card, or to be written in one's own words."""

    chosen = forms.BooleanField(required=False)
    name = AskedText(label=_("Name"), max_length=120)
    noticed = forms.CharField(
        label=_("You notice it by"), max_length=500, required=False,
        widget=forms.TextInput({"list": "arrived", "autocomplete": "off"}),
    )  # fmt: skip
    kind = AskedChoice(label=_("Kind"), choices=MicroKind.choices)
    supports = forms.MultipleChoiceField(label=_("Leads to"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        *args: Any,
        card: Card | None = None,
        macros: tuple[Picked, ...] = (),
        is_micro: bool = False,
        **options: Any,
    ) -> None:
        """Make the row; `macros` are the goals that a micro goal may lead to."""
        super().__init__(*args, **options)
        self.card, self.is_micro = card, is_micro
        self.match: Match | None = None
        chosen = self.fields["chosen"]
        chosen.label = str(card.name) if card else ""
        if card is None:
            del self.fields["chosen"]
        if not is_micro:
            del self.fields["kind"]
        if not is_micro or len(macros) < 2:
            del self.fields["supports"]
        else:
            self.fields["supports"].choices = [(each.key, each.name) for each in macros]  # type: ignore[attr-defined]

    @property
    def is_picked(self) -> bool:
        """Say whether the goal belongs into the plan."""
        return bool(self.cleaned_data.get("chosen") if self.card else self.cleaned_data.get("name"))

    def clean(self) -> dict[str, Any]:
        """Ask for a name, and for a page or event that can be one."""
        given = self.cleaned_data
        if self.card is not None and given.get("chosen") and not given.get("name") and "name" not in self.errors:
            self.add_error("name", _("Give it a name."))
        if self.card is None and given.get("noticed") and not given.get("name"):
            self.add_error("name", _("Give it a name, or leave the line empty."))
        try:
            rules_of(given.get("noticed", ""))
        except Misstated as misstated:
            self.add_error("noticed", fault_text(misstated.faults[0]))
        return given

    def picked(self, key: str) -> Picked:
        """Give the goal, after `is_valid`."""
        given = self.cleaned_data
        supports = tuple(given.get("supports") or ())
        return Picked(key, given["name"], given["noticed"], given.get("kind", ""), supports, is_own=self.card is None)


class GoalsForm(StepForm):
    """The cards of the starter, then lines for own words."""

    step: ClassVar[str]
    level: ClassVar[Level]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.arrived = arrived(self.workspace.pk)
        starter = self.said.plan_of
        self.offered = starter.macros if self.level is Level.MACRO else starter.micros
        said = self._said(self.said)
        self.cards = [self._card(card, said, place) for place, card in enumerate(self.offered)]
        own = [each for each in said or () if each.is_own]
        self.own = [
            self._row(f"own-{place}", own[place] if place < len(own) else None) for place in range(len(own) + OWN_ROWS)
        ]
        self.parts = [*self.cards, *self.own]

    def clean(self) -> dict[str, Any]:
        """Ask for one macro goal at least: a plan without any says nothing."""
        cleaned = super().clean()
        if self.level is Level.MACRO and not self.errors and not self._picked():
            self.add_error(None, _("Choose one at least, or write your own."))
        return cleaned

    def answer(self, said: Answers) -> Answers:
        """Give the answers with the goals that were picked."""
        return said.with_goals(self.step, self._picked())

    def words(self, said: Answers) -> str:
        """Name the picked goals."""
        return ", ".join(
            f"{each.name} ({each.noticed})" if each.noticed else each.name for each in self._said(said) or ()
        )

    def _said(self, said: Answers) -> tuple[Picked, ...] | None:
        return said.macros if self.level is Level.MACRO else said.micros

    def _picked(self) -> tuple[Picked, ...]:
        found: dict[str, Picked] = {}
        for part in self.parts:
            row = part if isinstance(part, PickForm) else None
            if row is not None and row.is_picked:
                key = row.card.key if row.card else numbered(f"own-{slug_of(row.cleaned_data['name'])}", found)
                found[key] = row.picked(key)
        return tuple(found.values())

    def _card(self, card: Card, said: tuple[Picked, ...] | None, place: int) -> PickForm:
        match = self.arrived.match(card)
        before = next((each for each in said or () if each.key == card.key), None)
        noticed = before.noticed if before else match.text if match else ""
        row = self._row(
            f"card-{place}", before, card=card,
            usual={
                "chosen": before is not None if said is not None else _is_likely(card, place, match),
                "name": str(card.name), "noticed": noticed, "kind": card.kind,
                "supports": list(card.supports),
            },
        )  # fmt: skip
        row.match = _counted(self.arrived, match, noticed)
        return row

    def _row(
        self, prefix: str, before: Picked | None, *, card: Card | None = None, usual: dict[str, Any] | None = None
    ) -> PickForm:
        kept = {"name": before.name, "noticed": before.noticed, "kind": before.kind} if before else {}
        if before and before.supports:
            kept["supports"] = list(before.supports)  # type: ignore[assignment]  # initial values of all kinds
        initial = {"kind": MicroKind.SECONDARY.value} | (usual or {}) | kept
        macros = self.said.macros or ()
        return PickForm(
            self.data if self.is_bound else None, prefix=prefix, initial=initial, card=card, macros=macros,
            is_micro=self.level is Level.MICRO,
        )  # fmt: skip


class MacroForm(GoalsForm):
    step, level, title = MACRO, Level.MACRO, _("Macro goals")


class MicroForm(GoalsForm):
    step, level, title = MICRO, Level.MICRO, _("Micro goals")


def _is_likely(card: Card, place: int, match: Match | None) -> bool:
    """Say whether the card is ticked at first: what arrives already, and what such a site lives on."""
    return match is not None or (card.level == Level.MACRO and place == 0)


def _counted(found: Arrived, match: Match | None, noticed: str) -> Match | None:
    events = found.count(noticed) if noticed else None
    return Match(noticed, events) if events is not None else match

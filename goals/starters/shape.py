"""What a starter plan is made of: usual goals as cards to pick from, what is measured on them; no numbers to reach."""

from dataclasses import dataclass

from django.utils.functional import Promise

from goals.models import Direction, Level, Measure, MicroKind, ParameterType, Per, Stage, Timing, ValueRule, Weight

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Property:
    """A parameter that the goal's event is to carry."""

    name: str
    type: str = ParameterType.TEXT.value
    is_required: bool = False
    about: Words = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A goal that is usual for this kind of site.

    event      its name by convention, GA4's recommended one where there is one
    also       names under which tags send the same
    pages      beginnings of a path's parts where it happens, in the languages of the house
    value      the rule of its value
    supports   keys of the macro cards that a micro card leads to
    """

    key: str
    name: Words
    why: Words
    moment: Words
    event: str
    level: str = Level.MICRO.value
    kind: str = ""
    stage: str = Stage.DO.value
    objective: str = ""
    also: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    value: str = ValueRule.NONE.value
    supports: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an objective: who needs the answer, which decision it informs."""

    text: Words
    asker: Words = ""
    decision: Words = ""


@dataclass(frozen=True, slots=True)
class Aim:
    """An objective with its questions."""

    key: str
    name: Words
    why: Words
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A KPI on the goal of a card."""

    key: str
    name: Words
    goal: str
    measure: str = Measure.COUNT.value
    per: str = ""
    direction: str = Direction.UP.value
    weight: str = Weight.SECONDARY.value
    timing: str = Timing.LAGGING.value


@dataclass(frozen=True, slots=True)
class Starter:
    """A whole plan to start from."""

    key: str
    name: Words
    about: Words
    aims: tuple[Aim, ...]
    cards: tuple[Card, ...]
    kpis: tuple[Measured, ...]

    @property
    def macros(self) -> tuple[Card, ...]:
        """Give the cards of "What do we make money on?"."""
        return tuple(card for card in self.cards if card.level == Level.MACRO)

    @property
    def micros(self) -> tuple[Card, ...]:
        """Give the cards of what people do before."""
        return tuple(card for card in self.cards if card.level == Level.MICRO)

    def card(self, key: str) -> Card | None:
        """Give the card of that key."""
        return next((card for card in self.cards if card.key == key), None)


def count(key: str, name: Words, goal: str, **more: str) -> Measured:
    """Measure how often the goal is reached."""
    return Measured(key, name, goal, **more)


def rate(key: str, name: Words, goal: str, **more: str) -> Measured:
    """Measure which share of the visitors reach the goal."""
    return Measured(key, name, goal, measure=Measure.RATE.value, per=Per.VISITORS.value, **more)


PRIMARY, GUARDRAIL = Weight.PRIMARY.value, Weight.GUARDRAIL.value
LEADING = Timing.LEADING.value
MILESTONE, SECONDARY = MicroKind.MILESTONE.value, MicroKind.SECONDARY.value
SEE, THINK, DO, CARE = (stage.value for stage in (Stage.SEE, Stage.THINK, Stage.DO, Stage.CARE))
MACRO = Level.MACRO.value
FROM_EVENT = ValueRule.EVENT.value
NUMBER, INTEGER, TIME = ParameterType.NUMBER.value, ParameterType.INTEGER.value, ParameterType.TIME.value

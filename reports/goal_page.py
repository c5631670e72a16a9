"""What the goal page shows, from an answer: facts, cards, rows, and how it was computed. Values only; no HTML."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.journeys import MOST_TOUCHES
from goals.definition import Definition
from goals.models import Counting, Goal
from goals.wording import rules_text
from reports import figures
from reports.answer import Answer
from reports.attribution import of_a_day
from reports.controls import model_label, windows_label
from reports.credit import Part
from reports.metrics import PER
from reports.question import Question
from workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Card:
    """One figure. `now`, `before` and `before_text` are for the arrow; None where there is nothing to compare."""

    label: str
    value: str
    exact: str = ""
    note: str = ""
    quiet: bool = False
    now: float | None = None
    before: float | None = None
    before_text: str = ""


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of the paid split."""

    label: str
    conversions: int
    share: float | None
    value: int
    average: int | None


@dataclass(frozen=True, slots=True)
class Fact:
    term: str
    words: str


def cards(answer: Answer, *, has_value: bool) -> list[Card]:
    """Give the five figures at the top."""
    return [
        _conversions(answer),
        _rate(answer),
        _value(answer) if has_value else _people(answer),
        _lag(answer),
        _touches(answer),
    ]


def paid_split(answer: Answer) -> list[PartRow]:
    """Give the parts of the paid split; they add up to the conversions."""
    return parts_of(answer.breakdown.parts if answer.breakdown else (), answer.totals.conversions)


def parts_of(parts: Iterable[Part], whole: int) -> list[PartRow]:
    """Give the parts of a paid split of so many conversions."""
    labels = {
        "paid_unassisted": _("Paid touches alone"),
        "paid_assisted": _("Paid and other touches"),
        "organic": _("No paid touch"),
        "(none)": _("No touch in the window"),
    }
    return [
        PartRow(
            label=labels[part.key],
            conversions=part.conversions,
            share=part.conversions / whole if whole else None,
            value=part.value,
            average=round(part.value / part.conversions) if part.conversions else None,
        )
        for part in parts
    ]


def trigger(goal: Goal) -> str:
    """Give the goal's rules in words."""
    return rules_text(Definition.of(goal).rules)


def counting(goal: Goal) -> str:
    """Give how the goal is counted, in words."""
    if goal.counting == Counting.PERSON_WINDOW:
        return _("counted once per person and %(days)s days") % {"days": goal.counting_days}
    return {
        Counting.EVERY: _("counted every time"),
        Counting.SESSION: _("counted once per session"),
        Counting.PERSON: _("counted once per person, in all time"),
    }[Counting(goal.counting)]


def method(answer: Answer, goal: Goal) -> list[Fact]:
    """Say how the figures were computed, term by term."""
    question, made = answer.question, answer.provenance
    days = {"days": figures.days(question.since, question.until), "zone": goal.workspace.zone_name}
    interval = _("95 % by Wilson's method. Little data: fewer than 30 below the line.")
    return [
        Fact(_("Conversions"), f"{trigger(goal)}; {counting(goal)}"),
        *_rates(question),
        Fact(_("Intervals"), interval),
        Fact(_("Model"), _("%(model)s. Credit is not cause.") % {"model": model_label(question)}),
        Fact(_("Windows"), _windows(question)),
        Fact(_("Days"), _("%(days)s, whole local days in %(zone)s") % days),
        Fact(_("Definition"), _("version %(version)s") % {"version": made.definition_version}),
        Fact(_("Data version"), made.data_version),
        Fact(_("Left out"), _left_out(answer)),
        *_still_open(answer),
        *_of_a_day(answer),
    ]


def _rates(question: Question) -> list[Fact]:
    per = PER[question.per]
    if question.per == "visitors":
        row = _("Credited conversions, each person counted once, divided by %(whole)s.")
    else:
        row = _("Credited conversions, each session counted once, divided by %(whole)s. It may exceed 100 %%.")
    return [Fact(str(per.rate), str(per.formula)), Fact(_("Rate of a row"), row % {"whole": per.touched})]


def _windows(question: Question) -> str:
    words = _("%(windows)s before the conversion, to the second; they reach back before the range.")
    return words % {"windows": windows_label(question)}


def _still_open(answer: Answer) -> list[Fact]:
    if answer.breakdown is None or answer.breakdown.open_share is None:
        return []
    words = _("%(share)s of the touches in this range can still bring a conversion: their windows are open.")
    return [Fact(_("Still open"), words % {"share": figures.percent(answer.breakdown.open_share).text})]


def of_a_day_words(answer: Answer) -> str:
    """Say how many conversions cannot be followed beyond their day; "" where all can."""
    return of_a_day.sentence(answer.breakdown.of_a_day, of=answer.totals.conversions) if answer.breakdown else ""


def _of_a_day(answer: Answer) -> list[Fact]:
    words = of_a_day_words(answer)
    return [Fact(_("Known for one day"), words)] if words else []


def up(workspace: Workspace) -> Sequence[Mapping[str, str]]:
    """Give the pages above the goal's."""
    return [{"label": _("Goals"), "url": reverse("reports:goals", args=[workspace.slug])}]


def _conversions(answer: Answer) -> Card:
    totals, before = answer.totals, answer.before
    figure = figures.count(totals.conversions)
    people = ngettext("by %(n)s person", "by %(n)s people", totals.converters) % {
        "n": figures.number(totals.converters)
    }
    return Card(
        _("Conversions"), figure.text, figure.exact, people,
        now=totals.conversions, before=before.conversions if before else None,
    )  # fmt: skip


def _rate(answer: Answer) -> Card:
    per = answer.question.per
    rate, totals = answer.totals.rate(per), answer.totals
    earlier = answer.before.rate(per) if answer.before else None
    label, basis = str(PER[per].rate), figures.basis(totals.part(per), totals.whole(per))
    if rate is None:
        return _no_rate(label, basis, of=str(PER[per].label), has_whole=totals.whole(per) > 0)
    figure = figures.percent(rate.value)
    words = {"basis": basis, "interval": figures.interval(rate.low, rate.high)}
    note = _("%(basis)s · 95 %% interval %(interval)s") % words
    return Card(
        label, figure.text, figure.exact, note + (_(" · little data") if rate.is_little_data else ""),
        now=rate.value, before=earlier.value if earlier else None,
        before_text=figures.percent(earlier.value).text if earlier else "",
    )  # fmt: skip


def _no_rate(label: str, basis: str, *, of: str, has_whole: bool) -> Card:
    if not has_whole:
        return Card(label, figures.percent(None, of=of).text, quiet=True)
    note = _("%(basis)s: some converted outside of any visit") % {"basis": basis}
    return Card(label, _("not a rate"), note=note, quiet=True)


def _value(answer: Answer) -> Card:
    totals, before = answer.totals, answer.before
    figure = figures.money(totals.value, answer.currency)
    net = _("%(net)s after refunds") % {"net": figures.money(totals.value_net, answer.currency).text}
    average = _("%(average)s each") % {"average": figures.money(totals.average, answer.currency).text}
    return Card(
        _("Value"), figure.text, figure.exact, f"{net} · {average}" if totals.conversions else net,
        now=totals.value, before=before.value if before else None,
        before_text=figures.money(before.value, answer.currency).text if before else "",
    )  # fmt: skip


def _people(answer: Answer) -> Card:
    figure, before = figures.count(answer.totals.converters), answer.before
    note = _("of %(visitors)s") % {"visitors": figures.visitors(answer.totals.visitors)}
    return Card(
        _("People who converted"), figure.text, figure.exact, note,
        now=answer.totals.converters, before=before.converters if before else None,
    )  # fmt: skip


def _lag(answer: Answer) -> Card:
    lag = answer.breakdown.median_lag if answer.breakdown else None
    text = figures.duration(lag) if lag is not None else _("no touches yet")
    return Card(_("Median time to convert"), text, note=_("from the first touch in the window"), quiet=lag is None)


def _touches(answer: Answer) -> Card:
    touches = answer.breakdown.median_touches if answer.breakdown else None
    text = figures.count(touches).text if touches is not None else _("no touches yet")
    return Card(_("Median touches"), text, note=_("in the window before a conversion"), quiet=touches is None)


def _left_out(answer: Answer) -> str:
    made = answer.provenance
    parts = [
        _("%(n)s events: %(reason)s") % {"n": figures.number(n), "reason": reason}
        for reason, n in made.excluded.items()
    ]
    parts += [
        _("the value of %(n)s conversions in %(currency)s") % {"n": figures.number(n), "currency": code}
        for code, n in made.other_currencies.items()
    ]
    if answer.breakdown and answer.breakdown.capped:
        words = _("all but the newest %(most)s touches of %(n)s conversions")
        parts.append(words % {"most": MOST_TOUCHES, "n": answer.breakdown.capped})
    return "; ".join(parts) or _("nothing")

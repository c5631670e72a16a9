"""What the attribution page shows, from an answer: controls, columns, rows, facts. Values only; no HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from analysis.journeys import MOST_TOUCHES
from goals.models import Goal
from reports import controls, figures, goal_page
from reports.attribution import of_a_day
from reports.attribution.answer import MOST_PATHS, Answer, Attributed
from reports.attribution.learning import LEARNED, name_of
from reports.attribution.question import OFFERED, Asked
from reports.attribution.rows import Cell, Row
from reports.attribution.samples import CREDITED, DIRECT, OFF, TOO_OLD, Journey, Touch
from reports.controls import Controls, Menu, Option, label_of_model
from reports.dimensions import DIMENSIONS
from reports.goal_page import Card, Fact

DIRECT_LABELS: dict[str, Promise] = {
    "rule": gettext_lazy("Direct last"),
    "keep": gettext_lazy("Direct like any touch"),
    "never": gettext_lazy("Without direct"),
}
SHARE_LABELS: dict[str, Promise] = {
    "all": gettext_lazy("Shares of all conversions"),
    "attributed": gettext_lazy("Shares of what is attributed"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A model's group of columns.

    totals         conversions, value and value after refunds: of a data-driven model those that it learned from
    has_interval   its shares have one; has_error: its conversions have a standard error
    """

    model: str
    label: str
    is_base: bool
    totals: tuple[int, int, int]
    has_interval: bool = False
    has_error: bool = False

    @property
    def is_learned(self) -> bool:
        """Say whether it is data-driven."""
        return self.model in LEARNED


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table, with the way to open or close it."""

    row: Row
    cells: tuple[tuple[Column, Cell], ...]
    url: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A touch of a sample journey: what became of it in words, and its weights as written."""

    touch: Touch
    why: str
    weights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldJourney:
    journey: Journey
    touches: tuple[Told, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of the stacked bar, in per cent of its width."""

    label: str
    look: str
    start: str
    width: str
    share: float


def control_row(asked: Asked, goals: Sequence[Goal], *, csv_url: str, has_plan: bool) -> Controls:
    """Give the control row."""
    closed = replace(asked, open="")
    windows = [controls.window_menu(closed, kind, days) for kind, days in asked.window_days.items()]
    dimensions = {key: each.label for key, each in DIMENSIONS.items()}
    return Controls(
        choices=(
            controls.menu_of(closed, "goal", asked.goal, {goal.slug: goal.name for goal in goals}, _("Goal")),
            controls.menu_of(closed, "by", asked.breakdown, dimensions, _("Broken down by")),
            _models(asked),
            _bases(asked),
            *windows,
            controls.menu_of(asked, "direct", asked.direct, DIRECT_LABELS, _("Direct visits")),
            controls.menu_of(asked, "shares", asked.shares, SHARE_LABELS, ""),
        ),
        period=controls.period_menu(closed, has_plan=has_plan),
        compare=controls.menu_of(asked, "compare", asked.compare, controls.COMPARISON_LABELS, ""),
        more=controls.files(_("Table as CSV"), _("Table as XLSX"), csv_url, asked.query()),
        dates=controls.date_form(closed),
    )


def columns(answer: Answer) -> tuple[Column, ...]:
    """Give the groups of columns of the models that have figures, the base first."""
    asked = answer.asked
    shown = answer.found.models if answer.found else asked.weighed
    return tuple(_column(answer, model) for model in sorted(shown, key=lambda model: model != asked.base))


def _column(answer: Answer, model: str) -> Column:
    asked, totals = answer.asked, answer.totals
    found = answer.found.learned.get(model) if answer.found else None
    if found is None:
        own = (totals.conversions, totals.value, totals.value_net)
        return Column(model, model_name(asked, model), model == asked.base, own)
    # Intervals are of shares of all conversions: beside others they would mislead.
    has_interval = bool(found.low) and asked.shares == "all"
    return Column(model, model_name(asked, model), False, found.totals, has_interval, bool(found.error))


def lines(answer: Answer, found: Attributed) -> list[Line]:
    """Give the rows of the table."""
    asked, groups = answer.asked, columns(answer)
    result = []
    for row in found.rows:
        cells = {cell.model: cell for cell in row.cells}
        is_open = row.key == asked.open
        url = "?" + replace(asked, open="" if is_open else row.key).query() + ("" if is_open else "#opened")
        result.append(Line(row, tuple((group, cells[group.model]) for group in groups), url, is_open))
    return result


def model_name(asked: Asked, model: str) -> str:
    """Give a model as the page says it."""
    if model in LEARNED:
        return name_of(model, asked.learning)
    return label_of_model(model, keep_direct=asked.keep_direct)


def cards(answer: Answer, found: Attributed, *, has_value: bool) -> list[Card]:
    """Give the figures at the top: the total, what could not be attributed, and what it is worth."""
    totals, before = answer.totals, answer.before
    count, lost = figures.count(totals.conversions), figures.count(found.unattributed)
    share = found.unattributed / found.conversions if found.conversions else None
    base = _("under %(model)s") % {"model": model_name(answer.asked, answer.asked.base)}
    shown = [
        Card(
            _("Conversions"), count.text, count.exact,
            now=totals.conversions, before=before.conversions if before else None,
        ),
        Card(_("Unattributed"), figures.percent(share, of=_("conversions")).text, note=f"{lost.exact} · {base}"),
    ]  # fmt: skip
    if has_value:
        shown.append(_value(answer))
    return shown


def _value(answer: Answer) -> Card:
    totals, before = answer.totals, answer.before
    figure = figures.money(totals.value, answer.currency)
    net = _("%(net)s after refunds") % {"net": figures.money(totals.value_net, answer.currency).text}
    return Card(
        _("Value"), figure.text, figure.exact, net,
        now=totals.value, before=before.value if before else None,
        before_text=figures.money(before.value, answer.currency).text if before else "",
    )  # fmt: skip


def slices(parts: Sequence[goal_page.PartRow]) -> list[Slice]:
    """Give the stacked bar of the paid split."""
    found, start = [], 0.0
    for number, part in enumerate(parts, 1):
        width = 100 * (part.share or 0)
        found.append(Slice(part.label, f"split-{number}", f"{start:.3f}%", f"{width:.3f}%", part.share or 0))
        start += width
    return found


def weighed(asked: Asked) -> list[str]:
    """Give the models that weigh single touches, the base first: those that sample journeys are shown under."""
    return sorted(asked.weighed, key=lambda model: model != asked.base)


def told(asked: Asked, journeys: Sequence[Journey]) -> list[ToldJourney]:
    """Put sample journeys into words; weights stand in the order of `weighed`."""
    order = [asked.weighed.index(model) for model in weighed(asked)]
    return [
        ToldJourney(
            journey,
            tuple(
                Told(
                    touch,
                    _why(asked, touch, journey.of),
                    tuple(figures.percent(touch.weights[place]).text for place in order) if touch.weights else (),
                )
                for touch in journey.touches
            ),
            _("%(n)s touches in the path") % {"n": figures.number(journey.of)},
        )
        for journey in journeys
    ]


def method(answer: Answer, goal: Goal) -> list[Fact]:
    """Say how the figures were computed, term by term."""
    asked, made = answer.asked, answer.provenance
    days = {"days": figures.days(asked.since, asked.until), "zone": goal.workspace.zone_name}
    models = ", ".join(model_name(asked, model) for model in asked.models)
    windows = _("%(windows)s before the conversion, to the second; they reach back before the range.")
    listed = _("The %(most)s walked most, after windows and direct rule; a value that follows itself stands once.")
    return [
        Fact(_("Conversions"), f"{goal_page.trigger(goal)}; {goal_page.counting(goal)}"),
        Fact(_("Models"), _("%(model)s. Credit is not cause.") % {"model": models}),
        Fact(_("Difference"), _("against %(model)s") % {"model": model_name(asked, asked.base)}),
        Fact(_("Influenced"), _("Conversions with the value anywhere in their path: they do not add up.")),
        Fact(_("Windows"), windows % {"windows": controls.windows_label(asked)}),
        Fact(_("Direct visits"), _direct_rule(asked)),
        Fact(
            _("Paths"),
            listed % {"most": MOST_PATHS}
            + " "
            + _("Of more than %(most)s touches in 90 days the newest count.") % {"most": MOST_TOUCHES},
        ),
        Fact(_("Days"), _("%(days)s, whole local days in %(zone)s") % days),
        Fact(_("Definition"), _("version %(version)s") % {"version": made.definition_version}),
        Fact(_("Data version"), made.data_version),
        *_of_a_day(answer.found),
    ]


def _of_a_day(found: Attributed | None) -> list[Fact]:
    words = of_a_day.sentence(found.of_a_day, of=found.conversions) if found else ""
    return [Fact(_("Known for one day"), words)] if words else []


def _direct_rule(asked: Asked) -> str:
    return {
        "rule": _("A direct touch gives way to any other in the window; a path of direct touches alone keeps them."),
        "keep": _("A direct touch earns like any other."),
        "never": _("Direct touches earn nothing: a path of them alone goes to (none)."),
    }[asked.direct]


def _why(asked: Asked, touch: Touch, of: int) -> str:
    days = asked.window_days[touch.kind]
    if touch.fate == CREDITED:
        return _("touch %(place)s of %(n)s in the path") % {"place": touch.place, "n": of}
    return {
        TOO_OLD: ngettext("older than the window of %(n)s day", "older than the window of %(n)s days", days)
        % {"n": days},
        OFF: _("touches of this type are off"),
        DIRECT: _("direct earns nothing") if asked.direct == "never" else _("direct gives way to another touch"),
    }[touch.fate]


def _models(asked: Asked) -> Menu:
    options = tuple(
        Option(model_name(asked, model), "?" + asked.with_model(model).query(), is_current=model in asked.models)
        for model in OFFERED
    )
    return Menu(_("Models: %(n)s") % {"n": len(asked.models)}, options)


def _bases(asked: Asked) -> Menu:
    labels = {model: model_name(asked, model) for model in asked.weighed}
    menu = controls.menu_of(asked, "base", asked.base, labels, _("Difference against"))
    return replace(menu, label=_("Base: %(model)s") % {"model": menu.label})


def csv_url(slug: str) -> str:
    """Give the address of the table as a file."""
    return reverse("reports:attribution-csv", args=[slug])

"""What the page of conversion insights shows, from an answer: cards, lines and facts. Values only; no HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.rates import Rate, rate
from reports import figures
from reports.goal_page import Card
from reports.insights.answer import Answer, Found
from reports.insights.charting import writer
from reports.insights.contents import COLUMNS
from reports.insights.metrics import METRICS, ROLES
from reports.insights.question import ALL, ORGANIC, PAID
from reports.insights.totals import PARTS, SPLIT_METRICS, UNTOLD, Figure
from reports.insights.trending import part_labels


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as written, under the head of its column."""

    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[Cell, ...]
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of the stacked bar, in per cent of its width."""

    label: str
    look: str
    start: str
    width: str
    share: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the activity funnel; `share` of the audience."""

    label: str
    persons: int
    share: Rate | None
    width: str


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the content table, and the way to sort by it; "" where it does not sort."""

    label: str
    url: str
    is_current: bool


def cards(answer: Answer, found: Found) -> list[Card]:
    """Give the ten figures, each of the content asked for with the two others beside it."""
    return [_card(answer, each) for each in found.figures]


def _card(answer: Answer, each: Figure) -> Card:
    label, value = str(METRICS[each.metric].label), each.of(answer.asked.content)
    if value is None:
        return Card(label, _("not known"), note=each.why or _("none of this content"), quiet=True)
    is_money = METRICS[each.metric].unit == "money"

    def figure(amount: int | None) -> figures.Figure:
        return figures.money(amount, answer.currency) if is_money else figures.count(amount)

    # Beside the figure stand the two others: what is shown large is not said twice.
    parts = {ALL: _("all %(figure)s"), PAID: _("paid %(figure)s"), ORGANIC: _("organic %(figure)s")}
    words = [
        (text % {"figure": figure(each.of(part)).text}).replace(" ", figures.NBSP)
        for part, text in parts.items() if part != answer.asked.content
    ]  # fmt: skip
    note = " · ".join(words)
    return Card(label, figure(value).text, figure(value).exact, f"{note} · {each.note}" if each.note else note)


def split_heads() -> list[str]:
    """Give the heads of the columns of the paid split."""
    return [str(METRICS[name].label) for name in SPLIT_METRICS]


def split_rows(answer: Answer, found: Found, keys: Sequence[str] = PARTS) -> list[Row]:
    """Give rows of the paid split: its parts, unless other keys are asked for."""
    rows = {row.key: row for row in found.parts}
    return [
        Row(split_label(key), _cells(answer, SPLIT_METRICS, rows[key].values), is_aside=key == UNTOLD) for key in keys
    ]


def slices(found: Found) -> list[Slice]:
    """Give the checkouts of the three parts as one stacked bar; none without checkouts."""
    counts = [row.values[0] or 0 for row in found.parts if row.key in PARTS]
    whole, start, shown = sum(counts), 0.0, []
    for number, (key, count) in enumerate(zip(PARTS, counts, strict=True), 1):
        width = 100 * count / whole if whole else 0.0
        share = figures.percent(count / whole if whole else None).text
        shown.append(Slice(part_labels()[key], f"split-{number}", f"{start:.3f}%", f"{width:.3f}%", share))
        start += width
    return shown if whole else []


def steps(found: Found) -> list[Step]:
    """Give the steps of the activity funnel that have a goal."""
    activity = found.activity
    named = (
        (audience_label(found), activity.audience),
        (_("Page visitors"), activity.visited),
        (_("Added to cart"), activity.carted),
        (_("Purchasers"), activity.bought),
    )
    return [_step(label, persons, activity.audience) for label, persons in named if persons is not None]


def _step(label: str, persons: int, audience: int) -> Step:
    return Step(label, persons, rate(persons, audience), f"{100 * persons / audience if audience else 0:.1f}%")


def audience_label(found: Found) -> str:
    """Name the audience: who saw or engaged, or everybody."""
    return _("Total audience: saw or engaged") if found.activity.is_ads else _("Total audience: all visitors")


def without_steps(answer: Answer) -> list[str]:
    """Name the roles that no goal has, so that their step is left out."""
    return [str(label) for role, label in ROLES.items() if role not in answer.goals]


def content_heads(answer: Answer) -> list[Head]:
    """Give the columns of the content table."""
    asked = answer.asked
    return [
        Head(
            str(METRICS[name].label),
            "" if name == "revenue" else f"?{asked.query({'sort': name})}#content",
            asked.sort == name,
        )
        for name in COLUMNS
    ]


def content_rows(answer: Answer, found: Found) -> list[Row]:
    """Give the greatest contents, and one row for all that are not shown."""
    contents = found.contents
    rows = [Row(each.label, _cells(answer, COLUMNS, each.values)) for each in contents.rows]
    if contents.others:
        rows.append(
            Row(others_label(contents.others.stands_for), _cells(answer, COLUMNS, contents.others.values), True)
        )
    return rows


def others_label(n: int) -> str:
    """Say how many contents one row stands for."""
    return ngettext("%(n)s other, not shown", "%(n)s others, not shown", n) % {"n": figures.number(n)}


def content_total(answer: Answer, found: Found) -> tuple[Cell, ...]:
    """Give the sums of the content table."""
    return _cells(answer, COLUMNS, found.contents.total)


def _cells(answer: Answer, names: Sequence[str], values: Sequence[int | None]) -> tuple[Cell, ...]:
    return tuple(
        Cell(str(METRICS[name].label), "–" if value is None else writer(name, answer.currency)(value))
        for name, value in zip(names, values, strict=True)
    )


def split_label(key: str) -> str:
    """Give what a row of the paid split is called."""
    return {**part_labels(), "total": _("Attributed in all"), UNTOLD: _("No touch in the window")}[key]


def unknown(answer: Answer, found: Found) -> str:
    """Say why the metric that the chart is asked for is not known; "" where it is."""
    figure = next(each for each in found.figures if each.metric == answer.asked.metric)
    label = str(METRICS[figure.metric].label)
    return "" if found.trend.lines else _("%(metric)s: %(why)s.") % {"metric": label, "why": figure.why}

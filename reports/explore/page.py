"""What the page of an exploration shows, from an answer: columns, lines, and where each of them leads. No HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext as _

from analysis.rates import Rate
from reports import figures
from reports.explore.answer import Answer
from reports.explore.conditions import IS, BadCondition, Condition, read
from reports.explore.labels import condition_label, row_label, segment_label
from reports.explore.metrics import ALWAYS, BY_VISIT, NEVER, Metric, Value
from reports.explore.question import DOWN, NAME, UP, Asked, Known
from reports.explore.rows import VALUE, Row, flat


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a metric of all visits, or of a segment; clicking its head sorts by it, and then turns it round."""

    metric: Metric
    segment: int
    label: str
    of: str
    url: str
    aria_sort: str

    @property
    def full(self) -> str:
        """Give both lines of its head as one."""
        return f"{self.label} · {self.of}" if self.of else self.label


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as it is written; a rate is written by its own tag."""

    label: str
    text: str = ""
    is_share: bool = False
    rate: Rate | None = None
    part: int = 0
    whole: int = 0
    of: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row, with the links that open or close it, and that ask of its visits alone."""

    row: Row
    label: str
    cells: tuple[Cell, ...]
    turn_url: str
    only_url: str

    @property
    def is_value(self) -> bool:
        """Say whether it is one value, and not all that are left."""
        return self.row.kind == VALUE


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    remove_url: str


def columns(answer: Answer, known: Known) -> list[Column]:
    """Give the columns: each metric of all visits, and of each segment beside it."""
    asked = answer.asked
    names = segment_names(asked, known)
    return [
        Column(metric, n, metric.label, name if len(names) > 1 else "", *_sorting(asked, metric.key, n, answer))
        for metric in answer.columns
        for n, name in enumerate(names)
    ]


def segment_names(asked: Asked, known: Known) -> list[str]:
    """Name all visits, and each segment."""
    return [_("All"), *(segment_label(each, known) for each in asked.segments)]


def name_sorting(answer: Answer) -> tuple[str, str]:
    """Give the link that sorts by the rows' names, and how they are sorted by them now."""
    asked = answer.asked
    is_now = asked.sort == NAME
    order = DOWN if is_now and asked.order == UP else UP
    aria = ("ascending" if asked.order == UP else "descending") if is_now else ""
    return "?" + replace(asked, sort=NAME, order=order).query(), aria


def _sorting(asked: Asked, key: str, segment: int, answer: Answer) -> tuple[str, str]:
    sort = f"{key}@{segment}" if segment else key
    first = answer.columns[0].key if asked.by and not asked.by[0].is_time else ""
    is_now = (asked.sort or first) == sort
    order = UP if is_now and asked.order == DOWN else DOWN
    aria = ("ascending" if asked.order == UP else "descending") if is_now else ""
    return "?" + replace(asked, sort=sort, order=order).query(), aria


def lines(answer: Answer, known: Known) -> list[Line]:
    """Give all rows that are open, in their order."""
    heads = columns(answer, known)
    return [_line(answer.asked, row, heads, known) for row in flat(answer.rows)]


def total(answer: Answer, known: Known) -> list[Cell]:
    """Give the cells of the true total."""
    return _cells(answer.total, columns(answer, known))


def _line(asked: Asked, row: Row, heads: Sequence[Column], known: Known) -> Line:
    can_open = row.kind == VALUE and row.level < len(asked.by)
    return Line(
        row=row,
        label=row_label(row, asked, known.sites),
        cells=tuple(_cells(row.values, heads)),
        turn_url="?" + _turned(asked, row) if can_open else "",
        only_url=_only(asked, row, known),
    )


def _turned(asked: Asked, row: Row) -> str:
    if asked.is_all:
        # Closing one of all leaves none open: which ones were is not in the address.
        return replace(asked, is_all=False).query()
    return asked.turned(row.path).query()


def _only(asked: Asked, row: Row, known: Known) -> str:
    """Lead to the visits of a row alone; "" where its values cannot be written as conditions."""
    if row.kind != VALUE:
        return ""
    asks = [Condition(asked.by[place], IS, (key,)) for place, key in enumerate(row.path)]
    try:
        if any(read(each.text, known.goals) != each for each in asks):
            return ""
    except BadCondition:
        return ""
    where = tuple(dict.fromkeys((*asked.where, *asks)))
    by = asked.by[row.level :] or asked.by[-1:]
    return "?" + replace(asked, where=where, by=by, opened=(), is_all=False).query()


def _cells(values: Sequence[Sequence[Value]], heads: Sequence[Column]) -> list[Cell]:
    keys = [head.metric.key for head in heads if not head.segment]
    return [_cell(head, values[head.segment][keys.index(head.metric.key)]) for head in heads]


def _cell(head: Column, value: Value) -> Cell:
    figure = head.metric.figure
    if figure.unit == "share" and (value.rate or not value.whole):
        return Cell(head.full, _nothing(head.metric), True, value.rate, value.part, value.whole, str(figure.whole))
    return Cell(head.full, written(head.metric, value))


def written(metric: Metric, value: Value) -> str:
    """Write a figure, or that there is none."""
    unit = metric.figure.unit
    if unit == "money":
        cents = metric.figure.adds == NEVER  # a price, and no sum
        amounts = [figures.money(micros, currency, cents=cents).text for currency, micros in value.amounts]
        return " · ".join(amounts) or _nothing(metric)
    if value.number is None:
        return _nothing(metric)
    if unit == "percent":
        return figures.percent(value.number).text
    if unit == "duration":
        return figures.duration(timedelta(seconds=value.number))
    return figures.number(value.number, 2 if unit == "number" else 0)


def _nothing(metric: Metric) -> str:
    """Say that there is no figure; of what people wrote themselves in words, since they ask why."""
    return _("n/a") if metric.is_calculated else "–"


def chips(asked: Asked, known: Known) -> list[Chip]:
    """Give the conditions, each with the link that takes it away."""
    found = []
    for place, each in enumerate(asked.where):
        rest = (*asked.where[:place], *asked.where[place + 1 :])
        found.append(Chip(condition_label(each, known), "?" + replace(asked, where=rest).query()))
    return found


def levels(asked: Asked) -> str:
    """Name what rows are told apart by, the outermost level first; "" where there are totals alone."""
    return " › ".join(str(each.label) for each in asked.by)


def does_not_add(answer: Answer) -> bool:
    """Say whether something is counted whose rows do not add up to the total; of ratios nobody expects it."""
    several = any(each.is_several for each in answer.asked.by)
    counts = (metric for metric in answer.columns if metric.figure.unit == "count")
    return any(not adds(metric, is_several=several) for metric in counts)


def adds(metric: Metric, *, is_several: bool) -> bool:
    """Say whether a column's rows add up to its total."""
    return metric.figure.adds == ALWAYS or (metric.figure.adds == BY_VISIT and not is_several)

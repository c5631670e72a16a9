"""What goes into a chart and what comes out: points, series, target, notes, bars; a Chart and its table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from reports.chart_theme import Spec


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket of a line; `value` None is a gap, never a zero."""

    day: date
    value: float | None
    low: float | None = None  # ends of the 95 % interval
    high: float | None = None
    is_partial: bool = False  # the current bucket, not over yet: dotted


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    points: tuple[Point, ...]
    is_compared: bool = False  # an earlier period, laid over this one's days: lighter
    write: Callable[[float], str] | None = None  # for tips, where its unit is not that of the chart's style


@dataclass(frozen=True, slots=True)
class Target:
    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Shade:
    """A half-open range of days behind the lines: an outage, an initiative."""

    since: date
    until: date
    label: str
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A flag under the axis.

    day     where it stands
    since   the first day that it is about, where the axis has no place for it; `until` the day after its last, None
            where it is about one
    """

    day: date
    label: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A note in words, for those who do not point at its flag."""

    days: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One mark of a comparison: a channel's value under a model."""

    row: str
    series: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Key:
    """What a line is called, for charts too narrow to say it in the drawing; `look` is a class of chart.css."""

    label: str
    look: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A spec with what stands beside it: its name, its content in a sentence, its table, its notes in words."""

    title: str
    summary: str
    spec: Spec
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    keys: tuple[Key, ...] = ()
    remarks: tuple[Remark, ...] = ()

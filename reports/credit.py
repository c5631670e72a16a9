"""Credits of one question: paths to what each value of a dimension earned. Pure: arrays in, rows out."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from analysis.assists import Split, paid_split
from analysis.attribution.credit import NONE, tally
from analysis.attribution.models import MODELS, weigh
from analysis.attribution.paths import Paths, eligible, without_direct
from reports.paths import PathRows, each_once
from reports.question import Question


@dataclass(frozen=True, slots=True)
class Credit:
    """What one value of the dimension earned.

    key           the value; NONE for conversions without an eligible touch
    conversions   credited, a sum of shares
    units         the same with each person (or session, as the question's `per` says) counted once in all
    value, value_net    micros of the currency
    """

    key: str
    conversions: float
    units: float
    value: int
    value_net: int


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the paid split: whole conversions."""

    key: str
    conversions: int
    value: int
    value_net: int


@dataclass(frozen=True, slots=True)
class Credits:
    """The rows by conversions, most first and NONE last; the four parts of the paid split; whether rows add up.

    median_lag, median_touches   from the first touch in the window to the conversion, and touches in the window;
                                 of the conversions that have one
    """

    rows: tuple[Credit, ...]
    parts: tuple[Part, ...]
    is_additive: bool
    median_lag: timedelta | None
    median_touches: float | None


def credit(paths: PathRows, question: Question) -> Credits:
    """Share out the conversions by the question's windows, direct rule and model."""
    inside = eligible(paths.journeys, question.windows)
    weights = weigh(inside if question.keep_direct else without_direct(inside), question.model)
    width, net = len(paths.keys), paths.value + paths.refund
    each = each_once(paths.person if question.per == "visitors" else paths.session)
    earned = tally(weights, keys=paths.key, n_keys=width, value=paths.value, value_net=net)
    once = tally(weights, keys=paths.key, n_keys=width, count=each)
    columns = zip(
        (*paths.keys, NONE), earned.conversions[0], once.conversions[0], earned.value[0], earned.value_net[0],
        strict=True,
    )  # fmt: skip
    rows = [
        Credit(key, float(conversions), float(units), round(value), round(net))
        for key, conversions, units, value, net in columns
        if conversions > 0
    ]
    rows.sort(key=lambda row: (row.key == NONE, -row.conversions, row.key))
    return Credits(
        rows=tuple(rows),
        parts=_parts(paths, paid_split(inside)),
        is_additive=MODELS[question.model].additive,
        median_lag=_median_lag(inside),
        median_touches=float(np.median(inside.counts[inside.touched])) if len(inside.touched) else None,
    )


def _median_lag(inside: Paths) -> timedelta | None:
    if not len(inside.touched):
        return None
    first = inside.row[inside.offsets[inside.touched]]
    return timedelta(microseconds=float(np.median(inside.journeys.age_us[first])))


def _parts(paths: PathRows, part: np.ndarray[tuple[int, ...], np.dtype[np.int8]]) -> tuple[Part, ...]:
    found = []
    for each in Split:
        mine = part == each
        value, refund = int(paths.value[mine].sum()), int(paths.refund[mine].sum())
        key = NONE if each is Split.NONE else each.name.lower()
        found.append(Part(key, int(mine.sum()), value, value + refund))
    return tuple(found)

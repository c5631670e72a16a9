"""Credits of one question: paths to what each value of a dimension earned. Pure: arrays in, rows out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.assists import Split, paid_split
from analysis.attribution.credit import NONE, tally
from analysis.attribution.credit import Credits as Table
from analysis.attribution.models import MODELS, weigh
from analysis.attribution.paths import eligible, without_direct
from reports.attribution.parts import Part as Cut
from reports.paths import each_once
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


def credit(parts: Iterable[Cut], names: Sequence[str], question: Question, *, owner: Ints) -> Credits:
    """Share out the conversions by the question's windows, direct rule and model.

    parts   whole conversions, with keys that code the names
    owner   int64, a code of whose each conversion is, of all parts one after the other; -1 where it is nobody's
    """
    sums = _Sums(len(names), is_additive=MODELS[question.model].additive)
    each, begin = each_once(owner), 0
    for part in parts:
        sums.add(part, question, each[begin : begin + len(part.value)])
        begin += len(part.value)
    earned, once = sums.earned.settled(), sums.once.settled()
    columns = zip(
        (*names, NONE), earned.conversions[0], once.conversions[0], earned.value[0], earned.value_net[0],
        strict=True,
    )  # fmt: skip
    rows = [
        Credit(key, float(conversions), float(units), round(value), round(net))
        for key, conversions, units, value, net in columns
        if conversions > 0
    ]
    rows.sort(key=lambda row: (row.key == NONE, -row.conversions, row.key))
    lags, touches = np.concatenate([_NONE, *sums.lags]), np.concatenate([_NONE, *sums.touches])
    return Credits(
        rows=tuple(rows),
        parts=sums.split(),
        is_additive=MODELS[question.model].additive,
        median_lag=timedelta(microseconds=float(np.median(lags))) if len(lags) else None,
        median_touches=float(np.median(touches)) if len(touches) else None,
    )


_NONE = np.empty(0, np.int64)


class _Sums:
    """What parts add up to, one after the other: what a part is weighed with goes before the next one comes."""

    def __init__(self, n_keys: int, *, is_additive: bool) -> None:
        nothing = np.zeros((1, n_keys + 1))
        self.earned = self.once = Table(nothing, nothing, nothing, is_additive)
        self.lags: list[Ints] = []  # microseconds from the first touch inside, of the conversions that have one
        self.touches: list[Ints] = []  # inside, of the same
        self._n_keys = n_keys
        self._split = np.zeros((3, len(Split)), np.int64)

    def add(self, part: Cut, question: Question, each: Floats) -> None:
        inside = eligible(part.journeys, question.windows)
        weights = weigh(inside if question.keep_direct else without_direct(inside), question.model)
        net = part.value + part.refund
        self.earned += tally(weights, keys=part.key, n_keys=self._n_keys, value=part.value, value_net=net)
        self.once += tally(weights, keys=part.key, n_keys=self._n_keys, count=each)
        first = inside.row[inside.offsets[inside.touched]]
        self.lags.append(part.journeys.age_us[first])
        self.touches.append(inside.counts[inside.touched])
        of = paid_split(inside)
        self._split += [[amounts[of == each].sum() for each in Split] for amounts in (of >= 0, part.value, net)]

    def split(self) -> tuple[Part, ...]:
        return tuple(
            Part(NONE if each is Split.NONE else each.name.lower(), *(int(amounts[each]) for amounts in self._split))
            for each in Split
        )

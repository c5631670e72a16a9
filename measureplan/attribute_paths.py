"""Aggregated paths to journeys: order only, each path standing for many conversions."""

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.attribution.aggregated import SEPARATOR, merged, of_paths
from analysis.attribution.credit import NONE
from analysis.attribution.gathering import Gathered
from analysis.attribution.paths import paths_of
from analysis.journeys import NEVER, Journeys
from analysis.windows import CLICK, Windows
from measureplan.attribute_events import is_direct, is_paid
from measureplan.attribute_money import Money, money_of
from measureplan.attribute_read import Rows, amount_of

NEEDED = ("path", "total_conversions")


@dataclass(frozen=True, slots=True)
class AggregatedPaths:
    """Hold a file of paths.

    journeys   one per path; ages are all 0, for no time is known
    keys       int64[touches], codes into names
    count      float64[paths], conversions of each path
    nulls      float64[paths], journeys of each path that ended without a conversion
    """

    journeys: Journeys
    keys: Ints
    names: list[str]
    count: Floats
    money: Money
    nulls: Floats

    def gathered(self, *, keep_direct: bool) -> Gathered:
        """Give the paths as data-driven models read them: the direct rule applies to every journey."""
        paths = paths_of(self.journeys, Windows(), keep_direct=keep_direct)
        won = of_paths(paths, keys=self.keys, n_keys=len(self.names), walks=self.count, value=self.money.value)
        walked = merged(replace(won, nulls=self.nulls))
        return Gathered(walked, walked.value)  # paths know neither refunds nor persons


def read_paths(rows: Rows) -> AggregatedPaths:
    """Read `path` with " > " between channels, oldest first, and the totals of each path.

    raises   BadInput naming the cell
    """
    steps = [_steps(rows, row, text) for row, text in enumerate(rows.text("path").to_pylist())]
    flat = [step for path in steps for step in path]
    names = sorted(set(flat))
    place = {name: i for i, name in enumerate(names)}
    keys = np.array([place[step] for step in flat], dtype=np.int64)
    return AggregatedPaths(
        journeys=_journeys([len(path) for path in steps], keys, names),
        keys=keys,
        names=names,
        count=np.array(_counts(rows, "total_conversions"), dtype=np.float64),
        money=money_of(_amounts(rows, "total_conversion_value")),
        nulls=np.array(_counts(rows, "total_null"), dtype=np.float64),
    )


def _steps(rows: Rows, row: int, text: str) -> list[str]:
    """Split a path; an empty one is of conversions without a touch."""
    steps = [step.strip() for step in text.split(SEPARATOR)] if text else []
    if "" in steps or NONE in steps:
        rows.refuse(row, "path", '{} has a step without a channel; write channels with " > " between')
    return steps


def _amounts(rows: Rows, name: str) -> list[Decimal]:
    return [amount_of(rows, row, name, text) for row, text in enumerate(rows.text(name).to_pylist())]


def _counts(rows: Rows, name: str) -> list[int]:
    counts = _amounts(rows, name)
    for row, count in enumerate(counts):
        if count < 0 or count != count.to_integral_value():
            rows.refuse(row, name, "{} is no count; write a whole number of 0 or more")
    return [int(count) for count in counts]


def _journeys(lengths: list[int], keys: Ints, names: list[str]) -> Journeys:
    steps = len(keys)
    direct = np.array([is_direct(name) for name in names], dtype=np.bool_)
    paid = np.array([is_paid(name) for name in names], dtype=np.bool_)
    return Journeys(
        offsets=np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))),
        touch=np.arange(steps),
        age_us=np.zeros(steps, dtype=np.int64),
        kind=np.full(steps, CLICK, dtype=np.int8),
        direct=direct[keys],
        paid=paid[keys],
        same_session=np.zeros(steps, dtype=np.bool_),
        gap_us=np.full(len(lengths), NEVER, dtype=np.int64),
    )

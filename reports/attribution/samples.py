"""Explained: sample journeys behind a row, each touch with its weight under every model, and why it has that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from analysis.arrays import Floats, Ints
from analysis.attribution.credit import NONE
from analysis.attribution.models import weigh
from analysis.attribution.paths import Paths
from analysis.windows import KIND_NAMES
from reports import paths
from reports.attribution.blocks import Stored
from reports.attribution.crediting import paths_under
from reports.attribution.question import Asked
from reports.dimensions import DIMENSIONS, NOT_SET, label_of
from tracking.lake.query import connected

MOST = 3  # journeys that are shown, the newest
SEARCHED = 500  # of the newest conversions with such a touch; it may be out of its window in many of them
MOST_SHOWN = 30  # touches of one of them, the newest
SAMPLES = (Path(__file__).parent.parent / "sql" / "paths.samples.sql").read_text()
CREDITED, TOO_OLD, OFF, DIRECT = "credited", "too_old", "off", "direct"


@dataclass(frozen=True, slots=True)
class Touch:
    """One touch before the conversion.

    fate      credited (it is in the path, whatever the models give it), too_old for its window, off (its type is), or
              direct (it gave way to another, or direct touches earn nothing)
    place     in the path, from 1; 0 where it is not in it
    weights   of each model asked, fractions; empty where it is not in the path
    """

    label: str
    kind: str
    time: datetime
    age: timedelta
    fate: str
    place: int
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Journey:
    """A conversion with its touches, oldest first.

    value     micros, None where it is worth nothing in the one currency
    of        how many touches its path has
    left_out  older touches that are not shown
    """

    time: datetime
    value: int | None
    touches: tuple[Touch, ...]
    of: int
    left_out: int


def samples(stored: Stored, asked: Asked) -> tuple[Journey, ...]:
    """Give the newest conversions with the opened row's value in their path; for (none), with none left in it."""
    column = DIMENSIONS[asked.breakdown].column
    params: dict[str, object] = {"since": asked.since, "until": asked.until, "not_set": NOT_SET, "most": SEARCHED}
    params |= {} if asked.open == NONE else {"key": asked.open}
    any_path = "true" if asked.open == NONE else f"coalesce({column}, $not_set) = $key"
    sql = SAMPLES.replace("{column}", column).replace("{wanted}", any_path)
    with connected(stored.snapshot, stored.tables, only=()) as lake:
        table = lake.sql(sql, params=params).to_arrow_table()
    found = paths.rows_of(table, currency=stored.currency)
    _, chosen = paths_under(found.journeys, asked.windows, asked.direct)
    members = _members(chosen, found, asked.open)
    told = _Sampled(asked, table, found, chosen, [_spread(chosen, model) for model in asked.weighed])
    return tuple(told.journey(int(member)) for member in members[::-1][:MOST])


def _members(chosen: Paths, found: paths.PathRows, key: str) -> Ints:
    if key == NONE:
        return np.flatnonzero(chosen.counts == 0)
    code = found.keys.index(key) if key in found.keys else -1
    return np.unique(chosen.owner[found.key[chosen.row] == code])


def _spread(chosen: Paths, model: str) -> Floats:
    """Give every place of the paths its weight."""
    weights = weigh(chosen, model)
    spread = np.zeros(len(chosen.row))
    spread[slice(None) if weights.place is None else weights.place] = weights.share
    return spread


@dataclass(frozen=True, slots=True)
class _Sampled:
    """What journeys are told from: the stored rows, the paths cut from them, and each place's weight by model."""

    asked: Asked
    table: pa.Table
    found: paths.PathRows
    chosen: Paths
    weights: Sequence[Floats]

    def journey(self, member: int) -> Journey:
        """Tell one conversion."""
        journeys = self.found.journeys
        rows = range(int(journeys.offsets[member]), int(journeys.offsets[member + 1]))
        begin, end = int(self.chosen.offsets[member]), int(self.chosen.offsets[member + 1])
        place_of = {int(row): place for place, row in enumerate(self.chosen.row[begin:end])}
        return Journey(
            time=self.table.column("time")[_first_row(self.table, member)].as_py(),
            value=int(self.found.value[member]) or None,
            touches=tuple(self._touch(row, begin, place_of.get(row)) for row in rows[-MOST_SHOWN:]),
            of=end - begin,
            left_out=max(0, len(rows) - MOST_SHOWN),
        )

    def _touch(self, row: int, begin: int, place: int | None) -> Touch:
        journeys = self.found.journeys
        kind, age_us = KIND_NAMES[int(journeys.kind[row])], int(journeys.age_us[row])
        return Touch(
            label=label_of(self.asked.breakdown, self.found.keys[int(self.found.key[row])]),
            kind=kind,
            time=self.table.column("touch_time")[int(journeys.touch[row])].as_py(),
            age=timedelta(microseconds=age_us),
            fate=_why_not(self.asked, kind, age_us) if place is None else CREDITED,
            place=0 if place is None else place + 1,
            weights=() if place is None else tuple(float(each[begin + place]) for each in self.weights),
        )


def _first_row(table: pa.Table, member: int) -> int:
    day, number = paths.ints(table, "day"), paths.ints(table, "number")
    starts = np.flatnonzero(np.r_[True, (np.diff(day) != 0) | (np.diff(number) != 0)])
    return int(starts[member])


def _why_not(asked: Asked, kind: str, age_us: int) -> str:
    days = asked.window_days[kind]
    if not days:
        return OFF
    return TOO_OLD if age_us > days * 86_400_000_000 else DIRECT

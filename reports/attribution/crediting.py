"""Several models over the same paths: what each value of a dimension was credited with. Pure: arrays in, rows out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.assists import Split, paid_split
from analysis.attribution.credit import Credits, Tally, tally
from analysis.attribution.models import weigh
from analysis.attribution.paths import Paths, eligible, never_direct, without_direct
from analysis.journeys import Journeys
from analysis.windows import Windows
from reports.attribution.parts import Part
from reports.attribution.sequences import Walked, joined, walked

INFLUENCED = "participation"
Direct = Literal["rule", "keep", "never"]
PLACES = ("only", "first", "middle", "last")


@dataclass(frozen=True, slots=True)
class Credited:
    """The sums over all parts; k keys, and (none) last where a table has k + 1.

    by_model     of each model asked; and of participation, conversions alone
    split        int64[4], conversions by analysis.assists.Split; and micros: split_value, split_net
    places       int64[4, k], touches by PLACES in their path
    conversions, value, value_net   of all, micros
    walked, worth                   the paths of all conversions, and int64[n] their value
    """

    by_model: dict[str, Credits]
    split: Ints
    split_value: Ints
    split_net: Ints
    places: Ints
    walked: Walked
    worth: Ints
    value: int
    value_net: int

    @property
    def conversions(self) -> int:
        """Count all conversions, those without a touch included."""
        return len(self.worth)


def paths_under(journeys: Journeys, windows: Windows, direct: Direct) -> tuple[Paths, Paths]:
    """Cut journeys: all that is inside the windows, and what models weigh of it.

    direct   rule: direct touches give way to any other; keep: they count like any; never: they earn nothing
    """
    inside = eligible(journeys, windows)
    if direct == "keep":
        return inside, inside
    return inside, never_direct(inside) if direct == "never" else without_direct(inside)


def credit_all(
    parts: Sequence[Part], models: Sequence[str], *, n_keys: int, windows: Windows, direct: Direct
) -> Credited:
    """Share out all conversions by each of the models."""
    by_model = {name: _nothing(n_keys, is_additive=name != INFLUENCED) for name in (*models, INFLUENCED)}
    split, places = np.zeros((3, len(Split)), np.int64), np.zeros((len(PLACES), n_keys), np.int64)
    walks: list[Walked] = []
    for part in parts:
        inside, paths = paths_under(part.journeys, windows, direct)
        net = part.value + part.refund if part.refund.any() else None  # most months have none: a sum less
        by_model[INFLUENCED] += tally(weigh(paths, INFLUENCED), keys=part.key, n_keys=n_keys)
        sums = Tally(paths, keys=part.key, n_keys=n_keys, value=part.value, value_net=net)
        for name in models:
            by_model[name] += sums.of(weigh(paths, name))
        split += _split(inside, part.value, part.refund)
        places += _places(paths, part.key, n_keys)
        walks.append(walked(paths, part.key))
    worth = np.concatenate([np.empty(0, np.int64), *(part.value for part in parts)])
    refund = sum(int(part.refund.sum()) for part in parts)
    return Credited(
        by_model={name: earned.settled() for name, earned in by_model.items()},
        split=split[0],
        split_value=split[1],
        split_net=split[2],
        places=places,
        walked=joined(walks),
        worth=worth,
        value=int(worth.sum()),
        value_net=int(worth.sum()) + refund,
    )


def apportioned(amounts: Floats, total: int) -> list[int]:
    """Round amounts to whole numbers that add up to the total: what is left goes to the greatest remainders.

    amounts   float64[k], which add up to the total but for float rounding
    """
    whole = np.floor(amounts).astype(np.int64)
    left = total - int(whole.sum())
    if len(amounts):
        each, some = divmod(left, len(amounts))
        whole += each
        whole[np.argsort(whole - amounts, kind="stable")[:some]] += 1
    numbers: list[int] = whole.tolist()
    return numbers


def _nothing(n_keys: int, *, is_additive: bool) -> Credits:
    table = np.zeros((1, n_keys + 1))
    return Credits(table, table, table, is_additive)


def _split(inside: Paths, value: Ints, refund: Ints) -> Ints:
    part = paid_split(inside)
    members = [part == each for each in Split]
    gross = np.array([value[mine].sum() for mine in members])
    net = gross + [refund[mine].sum() for mine in members] if refund.any() else gross
    return np.array([[mine.sum() for mine in members], gross, net])


def _places(paths: Paths, key: Ints, n_keys: int) -> Ints:
    keys, counts, touched = key[paths.row], paths.counts, paths.touched
    first, last = paths.offsets[touched], paths.offsets[touched + 1] - 1
    alone = counts[touched] == 1
    ends = [np.bincount(keys[place], minlength=n_keys) for place in (first[alone], first[~alone], last[~alone])]
    middle = np.bincount(keys, minlength=n_keys) - sum(ends)
    return np.array([ends[0], ends[1], middle, ends[2]])
